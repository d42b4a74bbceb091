"""The wheel: it holds what the program needs and nothing else, and what is installed from it finds its resources."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent
_SHIPPED = ("demo", "guidelines", "icons")
_SECONDS = 240.0
_COMMENT = {"id": "one", "text": "subscribe to my channel"}


def _run(*command: str, folder: Path, given: str = "", **environment: str) -> str:
    """What a Python command prints; it must end well."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **environment},
        input=given,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(_CHECKOUT), folder=folder)
    (built,) = folder.glob("moderator_app-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder that the wheel was installed into."""
    place = wheel.parent / "installed"
    options = ("--quiet", "--no-deps", "--no-index", "--target", str(place))
    _run("-m", "pip", "install", *options, str(wheel), folder=wheel.parent)
    return place


def _resources(root: Path) -> dict[str, bytes]:
    """The files below a folder of resources that are to be shipped."""
    files = (path for name in _SHIPPED for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_wheel_holds_the_package_and_its_resources(wheel: Path) -> None:
    """The wheel has the package's modules, demo, guidelines, icons and the licence, and no pictures and no tests."""
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    shipped = {f"moderator_app/resources/{name}" for name in _resources(_CHECKOUT / "resources")}
    assert {"demo/newsroom.json", "guidelines/policy.toml", "icons/moderator_app.svg"} <= {
        name.removeprefix("moderator_app/resources/") for name in shipped
    }
    assert {name for name in names if name.startswith("moderator_app/resources/")} == shipped
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"moderator_app"}
    modules = {path.relative_to(_CHECKOUT).as_posix() for path in (_CHECKOUT / "moderator_app").rglob("*.py")}
    assert modules <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_installed_program_finds_its_resources(installed: Path, tmp_path: Path) -> None:
    """What was installed uses its own copies, byte for byte those of the checkout."""
    code = "from moderator_app import paths; print(paths.resources())"
    found = Path(_run("-c", code, folder=tmp_path, PYTHONPATH=str(installed)).strip())
    assert found.is_relative_to(installed)
    assert _resources(found) == _resources(_CHECKOUT / "resources")


def test_installed_program_checks_comments(installed: Path, tmp_path: Path) -> None:
    """`moderator-app check` works from the wheel alone, with the policy that came with it."""
    told = _run("-m", "moderator_app", "check", folder=tmp_path, given=json.dumps(_COMMENT), PYTHONPATH=str(installed))
    answer = json.loads(told)
    assert answer["id"] == "one"
    assert "personal_promotion" in {category for _start, _end, category in answer["spans"]}
