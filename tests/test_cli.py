"""The command line: exit codes, one clear sentence for each trouble, and no more loaded than is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from moderator_app import __version__, cli


def run(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command, without a screen unless one is given."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    around = {name: value for name, value in os.environ.items() if name not in screens} | environment
    command = [sys.executable, "-m", "moderator_app", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, env=around, check=False)


def one_sentence(words: str) -> bool:
    """Whether this is a line for people, with a next step and no traceback."""
    return words.count("\n") == 1 and words.rstrip().endswith((".", "'moderator-app[server]'")) and "Trace" not in words


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["demo", "--help"], ["check", "--help"]])
def test_asking_about_it_loads_neither_window_nor_network(arguments: list[str]) -> None:
    """Version and help end well and quickly: nothing of Qt, requests or the server is loaded."""
    source = (
        "import sys\nfrom moderator_app import cli\ntry:\n    cli.main(sys.argv[1:])\nexcept SystemExit as end:\n"
        "    heavy = {'PySide6', 'requests', 'fastapi', 'sqlalchemy', 'keyring', 'sqlite3'} & set(sys.modules)\n"
        "    sys.exit(f'loaded: {heavy}' if heavy or end.code else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", source, *arguments], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "moderator-app" in ended.stdout


def test_the_version_is_the_packages() -> None:
    """--version says the version."""
    assert run("--version").stdout == f"moderator-app {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--nonsense"], ["nonsense"], ["--kind", "usenet"], ["serve", "--port", "70000"], ["serve", "--port", "x"]],
)
def test_wrong_usage_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What is not understood ends with 2 and says how it is used."""
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == cli.WRONG_USAGE
    assert "usage: moderator-app" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["demo"], ["--server", "https://news.example"]])
def test_no_screen_is_one_sentence(arguments: list[str], tmp_path: Path) -> None:
    """Without a screen a window cannot be shown, and one sentence says what to do."""
    ended = run(*arguments, "--data-dir", str(tmp_path))
    assert ended.returncode == cli.COULD_NOT
    assert "no screen" in ended.stderr
    assert one_sentence(ended.stderr)


def test_an_unknown_newsroom_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A seed file that is not there ends with 1, and the sentence names it."""
    assert cli.main(["demo", "--seed", str(tmp_path / "none.json")]) == cli.COULD_NOT
    told = capsys.readouterr().err
    assert "none.json" in told
    assert one_sentence(told)


def test_check_marks_a_file_in_order(tmp_path: Path) -> None:
    """Each comment of a file has a line with its spans, in the file's order, also through standard input."""
    comments = [{"id": "1", "text": "a fair point"}, {"id": "2", "text": "subscribe to my channel youtube.com/x"}]
    lines = "".join(json.dumps(each) + "\n" for each in comments)
    (tmp_path / "in.jsonl").write_text(lines, encoding="utf-8")
    for ended in (run("check", str(tmp_path / "in.jsonl")), run("check", given=lines), run("check", "-", given=lines)):
        found = [json.loads(line) for line in ended.stdout.splitlines()]
        assert (ended.returncode, ended.stderr) == (0, "")
        assert [each["id"] for each in found] == ["1", "2"]
        assert found[0]["spans"] == []
        assert all(0 <= start < end <= len(comments[1]["text"]) for start, end, _category in found[1]["spans"])
        assert found[1]["spans"]


def test_check_explains(tmp_path: Path) -> None:
    """--explain says more about each mark."""
    line = json.dumps({"id": "2", "text": "subscribe to my channel youtube.com/x"}) + "\n"
    assert len(run("check", "--explain", given=line).stdout) > len(run("check", given=line).stdout)


def test_check_of_wrong_lines_ends_with_one() -> None:
    """A line that is no comment is said to be wrong, and the others are still marked."""
    ended = run("check", given='{"id": "1", "text": "a"}\nnonsense\n')
    assert ended.returncode == cli.COULD_NOT
    assert json.loads(ended.stdout.splitlines()[0])["id"] == "1"
    assert "Traceback" not in ended.stderr
    assert "2" in ended.stderr


def test_check_of_no_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, or is a folder, ends with 1 and a sentence that names it."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        assert cli.main(["check", str(path)]) == cli.COULD_NOT
        told = capsys.readouterr().err
        assert path.name in told
        assert one_sentence(told)


@pytest.mark.parametrize("kind", ["wordpress", "coral"])
def test_a_kind_that_is_not_supported_has_its_sentence(kind: str) -> None:
    """Kinds that this version cannot talk to are known, and connecting says so before anything is asked."""
    from moderator_app.backends.connect import connect
    from moderator_app.errors import NotSupported

    with pytest.raises(NotSupported) as caught:
        connect("http://127.0.0.1:9", token="t", account="a", kind=kind)
    assert caught.value.sentence.endswith(".")
    assert kind in caught.value.sentence.casefold()
