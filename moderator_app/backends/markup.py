"""An article's markup turned into plain paragraphs, in linear time for any input."""

# The output is only ever plain text, so nothing has to be cleaned: what isn't understood is left out or shown as it
# stands. html.parser isn't used because in Python's older patch releases it takes quadratic time on broken markup.
# Every search goes forward from where the last one ended, and one that finds nothing ends the text.

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from moderator_app.backends.fields import without_surrogates
from moderator_app.model import Block, BlockKind

LIMIT = 1 << 20  # code points of markup that are read
MOST_BLOCKS = 10_000
PLACE = 60  # code points of a place line
_MORE = "…"

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "menu"})
_TABLE = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_PARTS = frozenset(
    {"body", "main", "article", "section", "header", "footer", "nav", "aside", "div", "form", "fieldset"}
)
_GROUPS = frozenset({"blockquote", "figure", "figcaption", "details", "summary", "dialog", "address", "center", "pre"})
_BREAKS = _HEADINGS | _LISTS | _TABLE | _PARTS | _GROUPS | {"p", "hr", "li", "dl", "dt", "dd"}
_RAW = frozenset(
    {"script", "style", "iframe", "template", "textarea", "title", "xmp", "noscript", "noembed", "noframes"}
)
_SKIPPED = frozenset({"svg", "math", "head", "object", "select", "video", "audio"})  # markup inside, none of it shown
_TAG = re.compile(r"<(?=/?[a-zA-Z]|[!?])")  # all other "<" are text
_NAME = re.compile(r"/?[a-zA-Z][^\s/>]{0,40}")
_TAG_END = re.compile(r"""[>"']""")
_BLANKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_SPACES = re.compile(r" {2,}")
_LINES = re.compile(r"\n{3,}")
_LONG_NUMBER = re.compile(
    r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?"
)  # beyond Unicode; Python refuses to read very long ones
_SENTENCE = re.compile(r"[!?؟۔…]|\w{4,}\.(?:\s|\Z)")
_PLACE_ENDS = (" — ", " – ", " -- ")

Token = tuple[str, str]  # ("", text), ("name", "") for a start tag, ("/name", "") for an end tag


def blocks(markup: str) -> tuple[Block, ...]:
    """The paragraphs of an article; what is left out at the end is shown by a block of "…".

    Entities are decoded once, blanks collapsed, `<br>` is a line end, and scripts, styles, frames, pictures and
    formulas are gone. At most `LIMIT` code points are read and `MOST_BLOCKS` blocks made.
    """
    page = _Page()
    for name, text in _tokens(without_surrogates(markup[:LIMIT])):
        if not name:
            page.add(text)
        elif name == "br":
            page.add_line_end()
        elif name.removeprefix("/") in _BREAKS:
            page.turn(name)
        if len(page.blocks) > MOST_BLOCKS:
            break
    page.flush()
    if len(markup) > LIMIT or len(page.blocks) > MOST_BLOCKS:
        return (*page.blocks[:MOST_BLOCKS], Block(BlockKind.PARAGRAPH, _MORE))
    return tuple(page.blocks)


def place_line(article: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """The place line that the first paragraph begins with ("" when there is none), and the blocks without it.

    A place line is short, ends with a dash, and is no part of a sentence: none ends in it, it does not begin with a
    lower-case letter, and fewer than half of its words do.
    """
    first = next((n for n, block in enumerate(article) if block.kind is BlockKind.PARAGRAPH), None)
    if first is None:
        return "", article
    start = article[first].text[: PLACE + 4]
    ends = [(start.find(dash), len(dash)) for dash in _PLACE_ENDS if dash in start]
    end, dash = min(ends, default=(-1, 0))
    place = start[: max(end, 0)].strip()
    rest = article[first].text[end + dash :].lstrip()
    if not rest or not _may_be_place(place):
        return "", article
    return place, (*article[:first], Block(BlockKind.PARAGRAPH, rest), *article[first + 1 :])


def _may_be_place(text: str) -> bool:
    words = text.split()
    small = [word[0].islower() for word in words]
    fits = 0 < len(text) <= PLACE and not _SENTENCE.search(text)
    return fits and not small[0] and 2 * sum(small) < len(words)


class _Page:
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._heading = self._item = False
        self._quotes = self._lists = 0

    def add(self, text: str) -> None:
        """Text between two tags."""
        decoded = html.unescape(_LONG_NUMBER.sub("\ufffd", text))
        self._pieces.append(_BLANKS.sub(" ", without_surrogates(decoded)))

    def add_line_end(self) -> None:
        """A line end inside a block."""
        self._pieces.append("\n")

    def turn(self, tag: str) -> None:
        """End the block, and note what the next one is in."""
        self.flush()
        opens, name = not tag.startswith("/"), tag.removeprefix("/")
        self._heading = opens and name in _HEADINGS
        if name == "blockquote":
            self._quotes = max(self._quotes + (1 if opens else -1), 0)
        elif name in _LISTS:
            self._lists = max(self._lists + (1 if opens else -1), 0)
            self._item = self._item and self._lists > 0
        elif name == "li":
            self._item = opens or self._lists > 1

    def flush(self) -> None:
        """Make a block of what was gathered, unless it is blank."""
        text = _SPACES.sub(" ", "".join(self._pieces)).replace(" \n", "\n").replace("\n ", "\n")
        self._pieces.clear()
        if text := _LINES.sub("\n\n", text).strip():
            self.blocks.append(Block(self._kind(), text))

    def _kind(self) -> BlockKind:
        if self._heading:
            return BlockKind.HEADING
        if self._item:
            return BlockKind.ITEM
        return BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH


def _tokens(markup: str) -> Iterator[Token]:
    """Text and tags, without what is inside skipped elements."""
    skipped, depth = "", 0
    for name, text in _all_tokens(markup):
        if skipped:
            depth += (name == skipped) - (name == f"/{skipped}")
            if depth > 0 and not _ends_by_itself(skipped, name):
                continue
            skipped = ""
        if name in _SKIPPED:
            skipped, depth = name, 1
        else:
            yield name, text


def _ends_by_itself(skipped: str, name: str) -> bool:
    """Whether a start tag ends an element that was left open, as browsers read it."""
    return not name.startswith("/") and name in (_BREAKS - {"form"} if skipped != "head" else {"body"})


def _all_tokens(markup: str) -> Iterator[Token]:
    at = 0
    while found := _TAG.search(markup, at):
        if found.start() > at:
            yield "", markup[at : found.start()]
        name, at = _tag(markup, found.start())
        if name:
            yield name, ""
        if name in _RAW:
            at = _raw_end(markup, at, name)
    if at < len(markup):
        yield "", markup[at:]


def _tag(markup: str, start: int) -> tuple[str, int]:
    """The name of what begins with the "<" at `start` ("" for comments and the like), and where it ends."""
    if markup.startswith("<!--", start):
        return "", _behind(markup, "-->", start + 4)
    found = _NAME.match(markup, start + 1)
    if not found:
        return "", _behind(markup, ">", start + 2)
    end = _tag_end(markup, found.end())
    name = found[0].lower()
    empty = name in _SKIPPED and markup[end - 2 : end] == "/>"  # so there is nothing to skip
    return "" if empty else name, end


def _tag_end(markup: str, at: int) -> int:
    """Behind the ">" of a tag, where one inside quotes doesn't count; a quote that is never closed is no quote."""
    while found := _TAG_END.search(markup, at):
        if found[0] == ">":
            return found.end()
        closing = markup.find(found[0], found.end())
        at = closing + 1 if closing >= 0 else found.end()
    return len(markup)


def _raw_end(markup: str, at: int, name: str) -> int:
    """Where the end tag of an element begins that holds no markup."""
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII).search(markup, at)
    return found.start() if found else len(markup)


def _behind(markup: str, mark: str, at: int) -> int:
    found = markup.find(mark, at)
    return found + len(mark) if found >= 0 else len(markup)
