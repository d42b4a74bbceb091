"""The shipped policy is sound, a publisher's own is laid on top, and a broken one says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderator_app.errors import PolicyTrouble
from moderator_app.guidelines.check import Checker
from moderator_app.guidelines.policy import Policy, load
from moderator_app.guidelines.wordlist import Entry, read_words
from moderator_app.model import Category, Certainty
from moderator_app.paths import resources

BASE = resources() / "guidelines"
LISTS = sorted((BASE / "words").glob("*.txt"))


def publisher(folder: Path, **files: str) -> Path:
    """A publisher's folder with files named `words__en_profanity` for words/en-profanity.txt, or `policy`."""
    for name, text in files.items():
        if name == "policy":
            path = folder / "policy.toml"
        else:
            room, _, rest = name.partition("__")
            lang, _, category = rest.partition("_")
            path = folder / room / (f"{lang}-{category}.txt" if category else f"{lang}.txt")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_list_can_be_read_and_has_no_line_twice(path: Path) -> None:
    """Reading a list raises on a bad line and on one that is there twice."""
    assert all(isinstance(item, Entry) for item in read_words(path, path.name))


@pytest.mark.parametrize("lang", ["en", "tr", "ar", "ckb", "kmr"])
def test_every_language_has_words_and_patterns(policy: Policy, lang: str) -> None:
    """No language of the product is left out."""
    assert {entry.category for entry in policy.entries if entry.lang == lang} >= {
        Category.PROFANITY, Category.PERSONAL_ATTACK, Category.ABUSE,
    }  # fmt: skip
    assert any(pattern.lang == lang for pattern in policy.patterns)


@pytest.mark.parametrize(
    "word", ["gay", "muslim", "kurd", "arab", "women", "jew", "turk", "الاكراد", "کورد", "kurdish", "lesbian", "kadin"]
)
def test_names_of_groups_are_no_entries(policy: Policy, word: str) -> None:
    """Naming a group of people is never a violation by itself."""
    assert not Checker(policy).check(word)


def test_a_publisher_adds_changes_and_removes_entries(tmp_path: Path) -> None:
    """A word list laid on top adds a word, makes one a suggestion, and takes one out."""
    extra = publisher(tmp_path, words__en_personal_attack="zorblax*  # ours\n? idiot*\n- moron\n")
    checker = Checker(load(BASE, extra=extra))
    assert checker.check("those zorblaxes")[0].certainty is Certainty.CERTAIN
    assert checker.check("an idiot")[0].certainty is Certainty.SUGGESTED
    assert checker.check("a moron") == ()


def test_a_single_word_list_can_be_laid_on_top(tmp_path: Path) -> None:
    """A publisher who has no folder gives one list."""
    publisher(tmp_path, words__en_profanity="zorblax\n")
    checker = Checker(load(BASE, extra=tmp_path / "words" / "en-profanity.txt"))
    assert checker.check("zorblax!")[0].category is Category.PROFANITY


def test_a_publisher_renames_and_switches_off_guidelines(tmp_path: Path) -> None:
    """A guideline takes the publisher's words; a category that is off is not marked."""
    text = """
        welcome_sites = ["paper.example"]
        [[guideline]]
        category = "threat"
        text = "No threats here."
        [[guideline]]
        category = "profanity"
        off = true
    """
    policy = load(BASE, extra=publisher(tmp_path, policy=text))
    assert policy.guideline(Category.THREAT).text == "No threats here."
    assert policy.guideline(Category.THREAT).name == "Threats"
    assert policy.categories[0] is Category.THREAT
    assert Checker(policy).check("oh shit, https://paper.example/1") == ()


def test_a_publisher_adds_patterns(tmp_path: Path) -> None:
    """A pattern file of the publisher's own works beside the built-in ones, negation included."""
    lines = "<team> = reds, blues\nabuse | hates a team | <team> ...2 (out|away)\n"
    checker = Checker(load(BASE, extra=publisher(tmp_path, patterns__en=lines)))
    assert checker.check("Reds must go away")[0].why == "hates a team"
    assert checker.check("Reds must not go away") == ()


@pytest.mark.parametrize(
    ("files", "file", "line"),
    [
        ({"words__en_profanity": "good\n\n[\n"}, "words/en-profanity.txt", 3),
        ({"words__en_profanity": "one\ntwo\nOne\n"}, "words/en-profanity.txt", 3),
        ({"words__en_abuse": "slur [rudeness]\n"}, "words/en-abuse.txt", 1),
        ({"words__en_rudeness": "word\n"}, "words/en-rudeness.txt", 0),
        ({"words__xx_abuse": "word\n"}, "words/xx-abuse.txt", 0),
        ({"patterns__en": "# ours\nabuse | no class | <nobody> are\n"}, "patterns/en.txt", 2),
        ({"patterns__en": "abuse , hates , them\n"}, "patterns/en.txt", 1),
        ({"patterns__en": "threat | ends open | kill ...3\n"}, "patterns/en.txt", 1),
        ({"patterns__xx": "threat | a | b\n"}, "patterns/xx.txt", 0),
        ({"policy": "welcome_sites = []\nguideline = = 3\n"}, "policy.toml", 2),
        ({"policy": '[[guideline]]\ncategory = "rudeness"\n'}, "policy.toml", 0),
        ({"policy": "welcome_sites = 3\n"}, "policy.toml", 0),
    ],
)
def test_a_broken_policy_names_file_and_line(tmp_path: Path, files: dict[str, str], file: str, line: int) -> None:
    """What is wrong in a publisher's policy is said with its place."""
    with pytest.raises(PolicyTrouble) as caught:
        load(BASE, extra=publisher(tmp_path, **files))
    assert (caught.value.file, caught.value.line) == (file, line)
    assert caught.value.problem


def test_a_list_that_is_not_text_names_the_line(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are a known trouble with a line."""
    path = tmp_path / "en-profanity.txt"
    path.write_bytes(b"good\n\xff\xfe\n")
    with pytest.raises(PolicyTrouble) as caught:
        load(BASE, extra=path)
    assert (caught.value.file, caught.value.line) == ("en-profanity.txt", 2)


def test_a_folder_that_is_not_there_is_known_trouble(tmp_path: Path) -> None:
    """A wrong path is said as one."""
    with pytest.raises(PolicyTrouble):
        load(BASE, extra=tmp_path / "nowhere")
