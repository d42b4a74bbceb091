"""Folders that cannot be written, for whoever runs the tests: as root too, and on a disk that is really full."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_READ_ONLY, _WRITABLE = 0o500, 0o700


def as_bound_by_rights() -> list[str]:
    """How to start a program that a file's rights bind; they don't bind root otherwise."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """A folder that exists and cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(_READ_ONLY)
    try:
        yield folder
    finally:
        folder.chmod(_WRITABLE)


class SmallDisk:
    """A disk of a few megabytes that can be filled to the last byte. Needs the right to mount."""

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder, self._megabytes = folder, megabytes
        self._filler = folder / "filler"

    def __enter__(self) -> SmallDisk:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = f"size={self._megabytes}m,mode=700"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)], capture_output=True, check=False
        )
        if done.returncode != 0:
            raise PermissionError(done.stderr.decode(errors="replace").strip())
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def fill(self) -> None:
        """Leave no byte free."""
        free = shutil.disk_usage(self.folder).free
        with self._filler.open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, free)
        assert shutil.disk_usage(self.folder).free == 0

    def make_room(self) -> None:
        """Give back what `fill` took."""
        self._filler.unlink()
