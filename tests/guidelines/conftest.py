"""The built-in policy and a checker for it, made once for all tests of this room."""

from __future__ import annotations

import pytest

from moderator_app.guidelines.check import Checker
from moderator_app.guidelines.policy import Policy, builtin
from moderator_app.paths import resources


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The policy that ships with the program."""
    return builtin(resources())


@pytest.fixture(scope="session")
def checker(policy: Policy) -> Checker:
    """A checker of the built-in policy."""
    return Checker(policy)
