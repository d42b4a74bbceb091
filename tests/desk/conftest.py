"""What the desk's tests start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.round import Round


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Round]:
    """A courier at rest."""
    made = Round(tmp_path / "outbox.db")
    yield made
    made.outbox.close()
