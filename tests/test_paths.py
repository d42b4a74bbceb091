"""Where things are: in a checkout, in a wheel, and where this user's data is."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from moderator_app import paths


def copy_of_paths(folder: Path) -> ModuleType:
    """The module as if the package were installed in this folder."""
    package = folder / "moderator_app"
    package.mkdir(parents=True)
    copied = shutil.copy(paths.__file__, package / "paths.py")
    spec = importlib.util.spec_from_file_location("paths_elsewhere", copied)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_resources_of_the_checkout() -> None:
    """In a checkout the resources are beside the package, and hold what ships."""
    assert paths.resources() == Path(__file__).parents[1] / "resources"
    assert (paths.resources() / "guidelines").is_dir()


def test_resources_inside_a_wheel(tmp_path: Path) -> None:
    """In an installed wheel the resources are inside the package."""
    module = copy_of_paths(tmp_path)
    (tmp_path / "moderator_app" / "resources" / "guidelines").mkdir(parents=True)
    assert module.resources() == tmp_path / "moderator_app" / "resources"


def test_unrelated_folder_of_that_name_is_not_taken(tmp_path: Path) -> None:
    """A folder called resources that belongs to something else is passed by."""
    module = copy_of_paths(tmp_path)
    (tmp_path / "resources").mkdir()
    (tmp_path / "moderator_app" / "resources" / "guidelines").mkdir(parents=True)
    assert module.resources() == tmp_path / "moderator_app" / "resources"


def test_missing_resources_are_a_bug(tmp_path: Path) -> None:
    """A package without its resources is broken, and says so."""
    with pytest.raises(FileNotFoundError, match="resources"):
        copy_of_paths(tmp_path).resources()


def test_chosen_data_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chosen folder is used as an absolute path, and ~ means the home folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert paths.data_folder("here") == tmp_path / "here"
    assert paths.data_folder("~/there") == tmp_path / "home" / "there"


def test_data_folder_is_the_systems_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a choice it's where the system keeps this user's data, under the program's name; nothing is made yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = paths.data_folder()
    assert found.name == "moderator_app"
    assert not found.exists()
