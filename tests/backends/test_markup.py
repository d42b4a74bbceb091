"""How an article's markup becomes plain paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator_app.backends.markup import LIMIT, MOST_BLOCKS, blocks, place_line
from moderator_app.model import Block, BlockKind

P, H, Q, L = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.QUOTE, BlockKind.ITEM


def kinds(markup: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in blocks(markup)]


def test_paragraphs_headings_quotes_and_items() -> None:
    """Each kind of block is told apart, and inline markup leaves no trace."""
    assert kinds(
        "<h2 class='a > b'>Title</h2><p>One <b>bold</b>\n word.<p>Two<br/>lines</p>"
        "<blockquote><p>Said</p></blockquote><ul><li>a<ul><li>b</li></ul>c</li></ul>After"
    ) == [
        (H, "Title"),
        (P, "One bold word."),
        (P, "Two\nlines"),
        (Q, "Said"),
        (L, "a"),
        (L, "b"),
        (L, "c"),
        (P, "After"),
    ]


def test_entities_are_decoded_once() -> None:
    """What the writer wrote about markup stays text."""
    assert kinds("<p>&lt;b&gt; &amp;lt; &eacute; &#1575; &#xD800; &#0; a&nbsp;b</p>") == [
        (P, "<b> &lt; é ا \ufffd \ufffd a\xa0b")
    ]


def test_numbers_beyond_unicode_are_replaced() -> None:
    """An entity of 5,000 digits, which Python refuses to read as a number, is one unknown character."""
    assert kinds(f"<p>a&#{'9' * 5000};b&#x{'f' * 5000};c</p>") == [(P, "a\ufffdb\ufffdc")]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>alert('</p>')</script>",
        "<STYLE>@import url(x)</STYLE >",
        "<iframe src=x>x</iframe>",
        "<!-- x -- > -->",
        "<svg><style>x</style><text>x</text><svg>x</svg></svg>",
        "<math><mi>x</mi></math>",
        "<svg/>",
        "<?php x ?>",
        "<head><title>x</title><meta x></head>",
        "<img src=file:///etc/passwd onerror=x>",
        "<!DOCTYPE x>",
        "<object><param>x</object>",
        "<noscript><p>x</p></noscript>",
        "<textarea><p>x</textarea>",
        "<a href='javascript:x'>",
    ],
)
def test_what_is_not_text_is_gone(hidden: str) -> None:
    """Scripts, styles, frames, pictures, formulas, comments and heads leave nothing behind (D20)."""
    assert kinds(f"<p>a {hidden}b</p>") == [(P, "a b")]


def test_elements_left_open_do_not_swallow_the_article() -> None:
    """A picture or head without its end tag ends where a browser ends it."""
    assert kinds("<p>a<svg><path><p>b") == [(P, "a"), (P, "b")]
    assert kinds("<head><title>x</title><body>b") == [(P, "b")]


def test_what_only_looks_like_markup_is_text() -> None:
    """Lone angle brackets and a quote without an end cost nothing of the text."""
    assert kinds("<p>1 < 2 <3 you </ 3</p>") == [(P, "1 < 2 <3 you </ 3")]
    assert kinds('<p>a <i title="open>b</p><p>c</p>') == [(P, "a b"), (P, "c")]


def test_a_long_article_is_cut_with_a_sign() -> None:
    """What is left out is shown to be left out."""
    assert blocks("<p>" + "word " * LIMIT)[-1] == Block(P, "…")
    assert len(blocks("<p>a" * (MOST_BLOCKS + 5))) == MOST_BLOCKS + 1
    assert blocks("<p>a" * (MOST_BLOCKS + 5))[-1] == Block(P, "…")


PIECES = [
    "<",
    ">",
    "</",
    "<p>",
    "</p>",
    '"',
    "'",
    "<a ",
    "<!--",
    "-->",
    "<script>",
    "</script",
    "<svg>",
    "</svg>",
    "&",
    "&#",
    "&#x",
    "9" * 5000,
    "<br>",
    "<li>",
    "</ul>",
    "<blockquote>",
    " ",
    "\n",
    "\x00",
    "\ud800",
    "word",
    "<h1>",
    "<head>",
    "İ",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_any_markup_becomes_plain_text(markup: str) -> None:
    """Nothing is raised, no block is blank, and every block can be encoded."""
    for block in blocks(markup):
        assert block.text.strip()
        assert not set(block.text) & set(map(chr, [*range(10), *range(11, 32), 127]))
        block.text.encode()
    place_line(blocks(markup))


@given(st.text(st.characters(categories=["L", "N"]), min_size=1), st.sampled_from(["p", "div", "section"]))
def test_plain_words_come_through(word: str, tag: str) -> None:
    """A text without markup comes out as it went in."""
    assert kinds(f"<{tag}>{word}</{tag}>") == [(P, word)]


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<p>",
        "<div>",
        "<a '",
        '<a "',
        "</script",
        "<!--",
        "<svg>",
        "&#9",
        "<style><",
        "<li>",
        "\n ",
        "<table><tr><td>",
        "<b> </b>",
        "&",
        "<br>",
        "<iframe></ifram",
    ],
)
def test_ten_megabytes_of_anything_end(piece: str) -> None:
    """No run of broken markup takes more than linear time: the test's own limit would end it."""
    assert len(blocks(piece * (10_000_000 // len(piece)))) <= MOST_BLOCKS + 1


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("ERBIL, Kurdistan Region — The council met.", "ERBIL, Kurdistan Region", "The council met."),
        ("هەولێر – ئەنجوومەن کۆبووەوە.", "هەولێر", "ئەنجوومەن کۆبووەوە."),
        ("WASHINGTON, D.C. -- The council met.", "WASHINGTON, D.C.", "The council met."),
        ("Frankfurt am Main — Der Rat.", "Frankfurt am Main", "Der Rat."),
        ("The man — who was late — left.", "", "The man — who was late — left."),
        ("It rained. Then — nothing.", "", "It rained. Then — nothing."),
        ("Really? — Yes.", "", "Really? — Yes."),
        ("— said somebody", "", "— said somebody"),
        ("ERBIL — ", "", "ERBIL —"),
        ("A" * 61 + " — x", "", "A" * 61 + " — x"),
        ("No dash at all.", "", "No dash at all."),
    ],
)
def test_the_place_line(text: str, place: str, rest: str) -> None:
    """A short place before a dash at the very beginning stands apart; a part of a sentence does not."""
    found, body = place_line(blocks(f"<h1>T — x</h1><p>{text}</p><p>ERBIL — b</p>"))
    assert found == place
    assert [block.text for block in body] == ["T — x", rest, "ERBIL — b"]
