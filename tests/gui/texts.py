"""Texts as readers write them and as nobody should: pieces that go wrong in text widgets, put together at random."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    "good criticism",
    "word ",
    "\n",
    "\n\n",
    " ",
    "\t",
    "\xa0",
    "😀",
    "👨\u200d👩\u200d👧\u200d👦",
    "🏳\ufe0f\u200d🌈",
    "👍🏽",
    "🇮🇶",
    "e\u0301",
    "a" + "\u0301" * 9,
    "\u0301",
    "سڵاو، چۆنی؟",
    "می\u200cخواهم",
    "مرحبا",
    "Gelek spas ê î û ç ş",
    "İıŞşĞğ",
    "שלום",
    "\u202eevil\u202c",
    "\u2067x\u2069",
    "\u200e\u200f\u061c",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\x00",
    "\x07\x1b[31m",
    "\r",
    "\x85",
    "\u2028",
    "\u2029",
    "\ufffc",
    "\ufffd",
    "\ufdd0\ufdd1",
    "\uffff",
    "\ufffe\u6100\u6200",  # reads as "ab" to whoever takes the first for a byte order mark
    "\U000e0041\U000e007f",
    "𝔘𝔫𝔦",
    "𐎠𐎡",
    "\U0010ffff",
    "<b>x</b>",
    "&lt;&amp;",
    "https://example.org/?a=1&b=2",
)
LETTERS = st.text(st.characters(codec="utf-8"), max_size=6)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), LETTERS), max_size=12).map("".join)
