"""The demo newsroom keeps the seed form and shows what its marks say, in all five languages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from moderator_app.model import AbuseKind, Category
from moderator_app.paths import resources

Item = dict[str, Any]

LANGUAGES = ("en", "ckb", "kmr", "ar", "tr")
STATUSES = {"hold", "approved", "trash"}
VIOLATIONS = {*Category, *AbuseKind}
TEXT_MARKS = {"emoji", "mixed_direction", "hidden_characters", "direction_override", "crlf", "markup_lookalike"}
OTHER_MARKS = TEXT_MARKS | {"good_criticism", "borderline", "thread", "disguised", "interface_lookalike"}
TAGS = {"p", "h2", "blockquote", "ul", "li", "em", "a"}
ARTICLE_MEMBERS = {"key", "url", "title", "byline", "author", "date", "lang", "html"}
READER_MEMBERS = {"author_name", "author_email", "author_ip"}
COMMENT_MEMBERS = READER_MEMBERS | {"key", "article", "lang", "content", "status", "date"}
DOCUMENTATION_NETWORKS = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]  # RFC 5737
JOINERS = "\u200c\u200d"  # honest letters of Sorani and parts of emoji


class Outline(HTMLParser):
    """The tags of an article that are open, and all that were seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def raw() -> bytes:
    return (resources() / "demo" / "newsroom.json").read_bytes()


@pytest.fixture(scope="module")
def articles(raw: bytes) -> list[Item]:
    items: list[Item] = json.loads(raw)["articles"]
    return items


@pytest.fixture(scope="module")
def comments(raw: bytes) -> list[Item]:
    items: list[Item] = json.loads(raw)["comments"]
    return items


def marks(comment: Item) -> list[str]:
    found: list[str] = comment.get("shows", [])
    return found


def moment(item: Item) -> datetime:
    return datetime.strptime(item["date"], "%Y-%m-%dT%H:%M:%S%z")


def is_hidden(char: str) -> bool:
    return unicodedata.category(char) == "Cf" and char not in JOINERS


def has_emoji(text: str) -> bool:
    return any(ord(char) >= 0x1F000 or 0x2600 <= ord(char) <= 0x27BF for char in text)


def has_both_directions(text: str) -> bool:
    kinds = {unicodedata.bidirectional(char) for char in text if not is_hidden(char)}
    return "L" in kinds and bool(kinds & {"R", "AL"})


def test_file_is_readable_text(raw: bytes) -> None:
    """The file has LF line ends, an end to its last line, and no invisible character in plain form."""
    text = raw.decode("utf-8")
    assert "\r" not in text
    assert text.endswith("}\n")
    assert not [char for char in text if is_hidden(char)]


def test_keys_are_unique(articles: list[Item], comments: list[Item]) -> None:
    """No two articles and no two comments share a key."""
    for items in (articles, comments):
        assert [key for key, times in Counter(item["key"] for item in items).items() if times > 1] == []


def test_members_are_those_of_the_seed_form(articles: list[Item], comments: list[Item]) -> None:
    """Articles and comments have every member of the seed form as text, and of others only url, parent and shows."""
    for article in articles:
        assert set(article) == ARTICLE_MEMBERS
    for comment in comments:
        assert set(comment) - {"parent", "shows"} == COMMENT_MEMBERS
        assert all(isinstance(comment[name], str) and comment[name].strip() for name in COMMENT_MEMBERS)


def test_there_is_enough_in_every_language(articles: list[Item], comments: list[Item]) -> None:
    """There are 6 articles and 150 comments or more, in each language at least one and at least 25."""
    assert len(articles) >= 6
    assert len(comments) >= 150
    assert {article["lang"] for article in articles} == set(LANGUAGES)
    counts = Counter(comment["lang"] for comment in comments)
    assert set(counts) == set(LANGUAGES)
    assert min(counts.values()) >= 25


def test_articles_are_simple_well_formed_html(articles: list[Item]) -> None:
    """Every article is closed, uses only a newspaper's few tags, and has 4 to 9 paragraphs."""
    for article in articles:
        outline = Outline()
        outline.feed(article["html"])
        assert outline.open == [], article["key"]
        assert set(outline.seen) <= TAGS, article["key"]
        assert 4 <= sum(tag in {"p", "blockquote"} for tag in outline.seen) <= 9, article["key"]
        assert all(link and link.startswith("https://example.org/") for link in outline.links), article["key"]


def test_articles_begin_with_a_place_line(articles: list[Item]) -> None:
    """The first paragraph of every article begins with a place and a dash, in capitals where the script has them."""
    for article in articles:
        match = re.match(r"<p>([^<—]{2,30}) — \S", article["html"])
        assert match is not None, article["key"]
        assert match[1] == match[1].upper(), article["key"]


def test_parents_are_earlier_in_the_same_article(comments: list[Item]) -> None:
    """A comment answers one that stands before it, is older, and belongs to the same article."""
    seen: dict[str, Item] = {}
    for comment in comments:
        if "parent" in comment:
            parent = seen[comment["parent"]]
            assert parent["article"] == comment["article"], comment["key"]
            assert moment(parent) < moment(comment), comment["key"]
        seen[comment["key"]] = comment


def test_some_threads_are_two_deep(comments: list[Item]) -> None:
    """Some comments answer an answer."""
    parents = {comment["key"]: comment.get("parent") for comment in comments}
    assert sum(parents.get(parent or "") is not None for parent in parents.values()) >= 5


def test_comments_follow_their_article(articles: list[Item], comments: list[Item]) -> None:
    """Every comment is about an article of the file and younger than it, and comments stand in order of time."""
    published = {article["key"]: moment(article) for article in articles}
    assert all(published[comment["article"]] < moment(comment) for comment in comments)
    assert comments == sorted(comments, key=moment)


def test_statuses_are_known_and_most_comments_wait(comments: list[Item]) -> None:
    """Every status is one of three; most comments wait, and some were approved or rejected before."""
    counts = Counter(comment["status"] for comment in comments)
    assert set(counts) == STATUSES
    assert counts["hold"] >= 150
    assert 20 <= counts["approved"] + counts["trash"] <= 40


def test_texts_are_valid_unicode(raw: bytes) -> None:
    """No text of the file holds a lone surrogate, also not by way of an escape."""
    json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8")


def test_readers_are_made_up_and_recur(comments: list[Item]) -> None:
    """A reader has one reserved e-mail address and one address of a documentation network, and many write again."""
    people = Counter((item["author_name"], item["author_email"], item["author_ip"]) for item in comments)
    assert len({name for name, _, _ in people}) == len({email for _, email, _ in people}) == len(people) >= 50
    assert sum(times >= 2 for times in people.values()) >= 40
    for _, email, address in people:
        assert re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", email)
        assert any(ip_address(address) in network for network in DOCUMENTATION_NETWORKS)


def test_links_lead_nowhere(comments: list[Item]) -> None:
    """Every address of the web in a comment is under one of the names reserved for examples."""
    for comment in comments:
        for host in re.findall(r"(?:https?://|www\.)([^\s/]+)", comment["content"]):
            assert re.search(r"(^|\.)example\.(com|org|net)$", host), comment["key"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guideline_is_broken_in_every_language(comments: list[Item], language: str) -> None:
    """In each language a waiting comment shows each category and each kind of abuse."""
    waiting = [item for item in comments if item["lang"] == language and item["status"] == "hold"]
    assert VIOLATIONS - {mark for item in waiting for mark in marks(item)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_calls_are_there_in_every_language(comments: list[Item], language: str) -> None:
    """In each language there are borderline cases, good criticism, disguised spellings and threads."""
    shown = {mark for item in comments if item["lang"] == language for mark in marks(item)}
    assert {"borderline", "good_criticism", "disguised", "thread"} <= shown


def test_every_other_mark_is_shown(comments: list[Item]) -> None:
    """Each mark that is no guideline is on a waiting comment, and no mark is unknown."""
    waiting = {mark for item in comments if item["status"] == "hold" for mark in marks(item)}
    assert waiting >= OTHER_MARKS
    assert {mark for item in comments for mark in marks(item)} == OTHER_MARKS | VIOLATIONS


def test_kinds_go_with_abuse_and_good_comments_break_nothing(comments: list[Item]) -> None:
    """A kind of abuse comes with the category abuse, and what is good or borderline is not called a violation."""
    for comment in comments:
        shown = set(marks(comment))
        assert ("abuse" in shown) == bool(shown & set(AbuseKind)), comment["key"]
        assert not (shown & {"good_criticism", "borderline"} and shown & VIOLATIONS), comment["key"]


@pytest.mark.parametrize(
    ("mark", "holds"),
    [
        ("thread", lambda item: "parent" in item),
        ("emoji", lambda item: has_emoji(item["content"])),
        ("mixed_direction", lambda item: has_both_directions(item["content"])),
        ("hidden_characters", lambda item: any(map(is_hidden, item["content"]))),
        ("direction_override", lambda item: bool({"\u202d", "\u202e"} & set(item["content"]))),
        ("crlf", lambda item: "\r\n" in item["content"]),
        ("markup_lookalike", lambda item: bool(re.search(r"<\w|&\w+;", item["content"]))),
    ],
)
def test_marks_agree_with_the_text(comments: list[Item], mark: str, holds: Callable[[Item], bool]) -> None:
    """A mark that the text itself can prove is on exactly the comments whose text has it."""
    for comment in comments:
        assert (mark in marks(comment)) == holds(comment), comment["key"]


def test_direction_overrides_are_in_two_comments(comments: list[Item]) -> None:
    """At least two comments turn their text around, not all of them in one language."""
    assert len({item["lang"] for item in comments if "direction_override" in marks(item)}) >= 2


def test_sizes_run_from_one_sign_to_a_long_letter(comments: list[Item]) -> None:
    """There is a comment of a single character, one of emoji alone, and one of about 3,000 code points."""
    texts = [item["content"] for item in comments]
    assert min(map(len, texts)) == 1
    assert any(has_emoji(text) and not any(map(str.isalnum, text)) for text in texts)
    assert 2_700 <= max(map(len, texts)) <= 3_300


def test_sorani_has_its_honest_non_joiner(comments: list[Item]) -> None:
    """Sorani comments use U+200C as the letter it is, and that alone doesn't count as a hidden character."""
    joined = [item for item in comments if item["lang"] == "ckb" and "\u200c" in item["content"]]
    assert joined
    assert any("hidden_characters" not in marks(item) for item in joined)
