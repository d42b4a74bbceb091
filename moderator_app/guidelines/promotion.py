"""Advertising by its marks: links, bare domains, addresses, telephone numbers, handles and prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from moderator_app.model import Category, Certainty

# Bounded repeats of classes that exclude what follows them: linear time.
_LINK = re.compile(r"(?<!\w)(?:https?|ftp)://[^\s<>\"']{1,2000}|(?<![\w.@/])www\.[\w-]{1,63}\.[^\s<>\"']{1,2000}", re.A)
_DOMAIN = re.compile(
    r"(?<![\w.@/-])(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|biz|shop|store|online|site|xyz|club|top|io|co|me|tv|ly|gl|be|app|link|click|live|pro|vip|"
    r"krd|iq|tr|com\.tr|co\.uk|ru)(?![\w-]|\.[a-z])(?:/[^\s<>\"']{0,2000})?",
    re.A,
)
_MAIL = re.compile(r"(?<![\w.+-])[a-z0-9._+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?![\w])", re.A)
_PHONE = re.compile(r"(?<![\w.,/$=#&:-])(?:\+|00)?\d{2,4}(?:[ ()-]{0,2}\d{2,4}){2,4}(?![\w%/]|[.,]\d)", re.A)
_HANDLE = re.compile(r"(?<![\w.])@[a-z0-9_.]{3,30}(?![\w@])", re.A)
_PRICE = re.compile(
    r"(?<![\w.])(?:\d{1,3}\s?%|%\s?\d{1,3}|٪\s?\d{1,3}|\d{1,3}\s?٪)"
    r"(?=\s{0,3}(?:off|discount|cheaper|indirim|خصم|تخفيض|داشكاندن))"
)
_LEAST_DIGITS, _MOST_DIGITS = 9, 15  # E.164 allows 15 in all; fewer than nine is a date, a year range or a score
_NETWORKS = re.compile(
    r"(?<!\w)(?:instagram|insta|facebook|fb|twitter|youtube|yt|tiktok|telegram|whatsapp|snapchat|snap|skype|kik|follow|"
    r"add|dm)(?!\w)"
)
_NEAR = 40  # code points before a handle in which a network or "follow" makes it one
_SELLING = re.compile(
    r"(?<!\w)(?:buy|sale|cheap|discount|order|price|offer|earn|money|cash|free|shop|deal|win|gift ?cards?|coupon|loan|"
    r"invest|profit|bitcoin|crypto|whatsapp|viagra|satilik|indirim|kazan|siparis|ucuz|kredi|خصم|عرض|للبيع|اتصل|شراء|"
    r"واتساب|سعر|داشكاندن\w{0,3}|فروشتن|erzan|firotin)(?!\w)"
)
_LONG = 25  # spaces in a comment that says something besides its link, and may be citing its source
_SHORT = 8  # spaces in a comment that is little but the name of a web site
_INVITING = re.compile(
    r"(?<!\w)(?:subscribe|follow|check out|visit|(?:my|our) (?:site|page|blog|shop|store|channel)|"
    r"join|sign up|click|donate|download|vote|abone|takip|"
    r"اشترك\w{0,3}|تابع\w{0,3}|قناتي|صفحتي)(?!\w)"
)
_SERIAL = re.compile(r"isbn|issn|doi|pmid|oclc|p\.|#")
_NUMBERED = 12  # code points before a number in which a word tells that it is not a telephone's
_WORTH_A_LOOK = re.compile(r"[./@:%٪]|\d\d\d")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of folded text that advertises."""

    start: int
    end: int
    category: Category
    rule: str
    certainty: Certainty
    why: str


class Promotion:
    """Finds marks of advertising; links to some sites are welcome."""

    def __init__(self, welcome: tuple[str, ...] = ()) -> None:
        self._welcome = welcome

    def find(self, text: str) -> Iterator[Mark]:
        """The marks in folded `text`, in no order; they may overlap."""
        if not _WORTH_A_LOOK.search(text):
            return
        category = Category.COMMERCIAL_PROMOTION if _SELLING.search(text) else Category.PERSONAL_PROMOTION
        yield from self._links(text, category)
        if "@" in text:
            yield from _contacts(text, category)
        for match in _PHONE.finditer(text):
            before = text[max(0, match.start() - _NUMBERED) : match.start()]
            if _LEAST_DIGITS <= sum(map(str.isdigit, match.group())) <= _MOST_DIGITS and not _SERIAL.search(before):
                yield _mark(match, Category.COMMERCIAL_PROMOTION, "phone", Certainty.CERTAIN, "a telephone number")
        for match in _PRICE.finditer(text):
            yield _mark(match, Category.COMMERCIAL_PROMOTION, "price", Certainty.CERTAIN, "a discount is offered")

    def _links(self, text: str, category: Category) -> Iterator[Mark]:
        long = text.count(" ")
        if "://" in text or "www." in text:
            for match in _LINK.finditer(text):
                if (long <= _LONG or _invited(match)) and not self._is_welcome(match.group()):
                    yield _mark(match, category, "link", Certainty.CERTAIN, "a link to a web site")
        if "." in text:
            for match in _DOMAIN.finditer(text):
                if (long <= _SHORT or _invited(match)) and not self._is_welcome(match.group()):
                    yield _mark(match, category, "domain", Certainty.SUGGESTED, "the name of a web site")

    def _is_welcome(self, link: str) -> bool:
        host = re.sub(r"^[a-z]{1,5}://", "", link).split("/")[0].split(":")[0]
        return any(host == site or host.endswith("." + site) for site in self._welcome)


def _invited(match: re.Match[str]) -> bool:
    """Whether the words before a link invite or sell."""
    text, start = match.string, match.start()
    return any(words.search(text, max(0, start - _NEAR), start) for words in (_INVITING, _SELLING))


def _contacts(text: str, category: Category) -> Iterator[Mark]:
    for match in _MAIL.finditer(text):
        yield _mark(match, category, "mail", Certainty.CERTAIN, "an e-mail address")
    for match in _HANDLE.finditer(text):
        if _NETWORKS.search(text, max(0, match.start() - _NEAR), match.start()):
            yield _mark(match, category, "handle", Certainty.CERTAIN, "an account on a social network")


def _mark(match: re.Match[str], category: Category, rule: str, certainty: Certainty, why: str) -> Mark:
    end = match.start() + len(match.group().rstrip(".,;:!?)'\"…"))
    return Mark(match.start(), max(end, match.start() + 1), category, f"promotion/{rule}", certainty, why)
