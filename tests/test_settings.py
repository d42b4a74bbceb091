"""The settings file: read strictly, told clearly, written whole."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from moderator_app.desk.queue import Order
from moderator_app.errors import SettingsTrouble
from moderator_app.model import Site
from moderator_app.settings import (
    DIRECTIONS,
    MOST_UNDO_SECONDS,
    ORDERS,
    TEXT_SIZES,
    THEMES,
    Settings,
    SettingsFile,
    parse,
)
from tests.doubles import SITE

SITE_AS_JSON = {"url": "https://a.example", "kind": "native", "account": "me", "name": "A"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the settings are kept."""
    return tmp_path / "settings.json"


def test_defaults_without_a_file(path: Path) -> None:
    """On the first start there are defaults, no trouble, and no file until something changes."""
    file = SettingsFile(path)
    assert (file.settings, file.trouble) == (Settings(), None)
    assert not path.exists()


def test_change_is_remembered(path: Path) -> None:
    """What was changed is there at the next start; what wasn't keeps its default."""
    SettingsFile(path).change(text_size=120, undo_seconds=0, sites=(SITE,))
    again = SettingsFile(path)
    assert again.settings == Settings(text_size=120, undo_seconds=0.0, sites=(SITE,))
    assert again.trouble is None


def test_file_holds_no_secret(path: Path) -> None:
    """Everything in the file has a name that's known here, and none of it is a secret."""
    SettingsFile(path).change(sites=(SITE,))
    found = json.loads(path.read_bytes())
    assert set(found) == {
        "theme", "direction", "text_size", "undo_seconds", "order", "sites", "window", "panes"
    }  # fmt: skip
    assert set(found["sites"][0]) == {"url", "kind", "account", "name"}


def test_last_site_comes_first(path: Path) -> None:
    """Signing in puts a site first, once, under its newest name."""
    other = Site(url="https://b.example", kind="coral", account="me")
    settings = Settings().with_site(SITE).with_site(other).with_site(replace(SITE, name="New"))
    assert settings.sites == (replace(SITE, name="New"), other)


def test_orders_are_those_of_the_queue() -> None:
    """The orders that the settings allow are the queue's own."""
    assert tuple(Order) == ORDERS
    assert Settings().order == Order.OLDEST


WRONG = [
    (b"", "JSON object"),
    (b"{", "JSON object"),
    (b"[]", "JSON object"),
    (b"null", "JSON object"),
    (b"\xff\xfe\x00", "JSON object"),
    (b"[" * 100_000, "JSON object"),
    (b'{"a":' * 100_000, "JSON object"),
    (b'{"text_size": 1' + b"0" * 5000 + b"}", "JSON object"),
    (b'{"colour": "red"}', "“colour”"),
    (b'{"' + b"k" * 5000 + b'": 1}', "kkk”"),
    (b'{"theme": "pink"}', "“theme”"),
    (b'{"theme": 1}', "“theme”"),
    (b'{"theme": null}', "“theme”"),
    (b'{"direction": "up"}', "“direction”"),
    (b'{"order": "banana"}', "“order”"),
    (b'{"text_size": 100.0}', "“text_size”"),
    (b'{"text_size": true}', "“text_size”"),
    (b'{"text_size": "100"}', "“text_size”"),
    (b'{"text_size": 101}', "“text_size”"),
    (b'{"text_size": 1000000}', "“text_size”"),
    (b'{"undo_seconds": -1}', "“undo_seconds”"),
    (b'{"undo_seconds": 31}', "“undo_seconds”"),
    (b'{"undo_seconds": true}', "“undo_seconds”"),
    (b'{"undo_seconds": NaN}', "“undo_seconds”"),
    (b'{"undo_seconds": Infinity}', "“undo_seconds”"),
    (b'{"undo_seconds": 1' + b"0" * 400 + b"}", "“undo_seconds”"),
    (b'{"sites": {}}', "“sites”"),
    (b'{"sites": ["a"]}', "“sites”"),
    (b'{"sites": [{"url": "a"}]}', "“sites”"),
    (b'{"sites": [{"url": "a", "kind": "native", "account": "b", "name": 1}]}', "“sites”"),
    (b'{"window": []}', "“window”"),
]


@pytest.mark.parametrize(("content", "named"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_wrong_file_is_told_and_put_aside(path: Path, content: bytes, named: str) -> None:
    """A wrong file is named with its wrong key in one short sentence and put aside; defaults are used."""
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert file.trouble is not None
    sentence = file.trouble.sentence
    assert "settings.json" in sentence
    assert named in sentence
    assert len(sentence) < 250
    assert not path.exists()
    assert path.with_name("settings.broken.json").read_bytes() == content
    file.change(theme="dark")
    assert SettingsFile(path).settings.theme == "dark"


def test_huge_file_is_not_read_whole(path: Path) -> None:
    """A file of many megabytes is wrong, whatever is in it."""
    path.write_bytes(b'{"window": "' + b"x" * (2 << 20) + b'"}')
    assert SettingsFile(path).trouble is not None


def test_whole_number_of_seconds_is_fine() -> None:
    """A person may write 7 for 7.0."""
    assert parse(b'{"undo_seconds": 7}', "s").undo_seconds == 7.0


def test_folder_in_place_of_the_file_is_told(path: Path) -> None:
    """A file that can't be read is told with its path, and left where it is."""
    path.mkdir()
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert file.trouble is not None
    assert str(path) in file.trouble.sentence
    assert path.is_dir()


def test_unwritable_folder_stops_nobody(tmp_path: Path) -> None:
    """When the settings can't be saved the new value still holds in the window, and a sentence says what to do."""
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "settings.json"
    file = SettingsFile(path)
    file.change(theme="dark")
    assert file.settings.theme == "dark"
    assert file.trouble is not None
    assert str(path) in file.trouble.sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_wrong_file_on_a_read_only_disk_is_told_as_it_is(tmp_path: Path) -> None:
    """A wrong file that can't be put aside isn't said to have been; it's left, and the defaults are used."""
    (tmp_path / "settings.json").write_bytes(b"{")
    subprocess.run(["mount", "--bind", tmp_path, tmp_path], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", tmp_path], check=True)
        file = SettingsFile(tmp_path / "settings.json")
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)
    assert file.settings == Settings()
    assert file.trouble is not None
    assert "cannot be put aside" in file.trouble.sentence
    assert (tmp_path / "settings.json").read_bytes() == b"{"


def test_file_is_replaced_and_never_half_written(path: Path) -> None:
    """Saving puts a whole new file in the old one's place: whoever has the old one open still reads all of it."""
    file = SettingsFile(path)
    file.change(theme="dark")
    with path.open("rb") as before:
        file.change(theme="light")
        assert json.loads(before.read())["theme"] == "dark"
    assert json.loads(path.read_bytes())["theme"] == "light"
    assert list(path.parent.iterdir()) == [path]


def test_failed_save_leaves_the_old_file(path: Path) -> None:
    """When a new file can't be written the old one stays as it was."""
    file = SettingsFile(path)
    file.change(theme="dark")
    path.with_suffix(".new").mkdir()
    file.change(theme="light")
    assert file.trouble is not None
    assert SettingsFile(path).settings.theme == "dark"


sites = st.builds(Site, *[st.text(max_size=20)] * 4)
choices = st.builds(
    Settings,
    theme=st.sampled_from(THEMES),
    direction=st.sampled_from(DIRECTIONS),
    text_size=st.sampled_from(TEXT_SIZES),
    undo_seconds=st.floats(0.0, MOST_UNDO_SECONDS),
    order=st.sampled_from(ORDERS),
    sites=st.lists(sites, max_size=3).map(tuple),
    window=st.text(st.characters(), max_size=20),
    panes=st.text(max_size=20),
)


@given(choices)
def test_settings_survive_the_way_to_the_disk_and_back(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    """Whatever was chosen is there again, also names of servers with characters that no keyboard has."""
    path = tmp_path_factory.getbasetemp() / "settings.json"
    file = SettingsFile(path)
    file.change(**{name: getattr(settings, name) for name in Settings.__slots__})
    assert file.trouble is None
    assert SettingsFile(path).settings == settings


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
keys = st.sampled_from([*Settings.__slots__, "other"])


@given(st.dictionaries(keys, json_values, max_size=4) | json_values, st.booleans())
def test_any_json_is_settings_or_known_trouble(found: object, with_site: bool) -> None:
    """Any JSON at all gives possible settings or known trouble; never another exception."""
    if with_site and isinstance(found, dict):
        found["sites"] = [SITE_AS_JSON]
    settings = Settings()
    with suppress(SettingsTrouble):
        settings = parse(json.dumps(found).encode(), "settings.json")
    assert settings.theme in THEMES
    assert settings.text_size in TEXT_SIZES
    assert 0.0 <= settings.undo_seconds <= MOST_UNDO_SECONDS
