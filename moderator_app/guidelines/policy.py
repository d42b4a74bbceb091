"""The comment policy as data: guidelines, word lists and patterns, and a publisher's own laid on top."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moderator_app.errors import PolicyTrouble
from moderator_app.guidelines.fold import fold_word
from moderator_app.guidelines.language import Language
from moderator_app.guidelines.patterns import Pattern, PatternFile
from moderator_app.guidelines.wordlist import Entry, Removal, read_words
from moderator_app.model import Category

_FILE = "policy.toml"
_LANGUAGES = "languages.toml"


@dataclass(frozen=True, slots=True)
class Guideline:
    """One rule of the policy in words."""

    category: Category
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that marking goes by."""

    guidelines: tuple[Guideline, ...]  # the gravest first; a category that is not here is not marked
    entries: tuple[Entry, ...]
    patterns: tuple[Pattern, ...]
    languages: Mapping[str, Language]
    welcome_sites: tuple[str, ...] = ()  # hosts, or ends of hosts, that may be linked to

    def guideline(self, category: Category) -> Guideline:
        """The guideline of a category, for display."""
        for guideline in self.guidelines:
            if guideline.category is category:
                return guideline
        return Guideline(category, category.replace("_", " ").capitalize(), "")

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that are marked, the gravest first."""
        return tuple(guideline.category for guideline in self.guidelines)


def builtin(resources: Path) -> Policy:
    """The policy that ships with the program, from its resources folder. Raises PolicyTrouble."""
    return load(resources / "guidelines")


def load(base: Path, *, extra: Path | None = None) -> Policy:
    """The policy in folder `base`, with a publisher's own folder or single word list laid on top.

    The publisher's `policy.toml` renames, rewrites or switches off guidelines, its word lists add, change and remove
    entries, its pattern files add patterns. Raises PolicyTrouble, which names file and line.
    """
    policy = _lay(Policy((), (), (), _languages(base / _LANGUAGES)), base)
    if extra is None:
        return policy
    if extra.is_file():
        return _with_words(policy, extra, extra.name)
    if not extra.is_dir():
        raise PolicyTrouble("There is no such file or folder.", file=str(extra))
    return _lay(policy, extra)


def _lay(policy: Policy, folder: Path) -> Policy:
    if (folder / _FILE).exists():
        policy = _with_guidelines(policy, _toml(folder / _FILE))
    for path in sorted((folder / "words").glob("*.txt")):
        policy = _with_words(policy, path, f"words/{path.name}")
    for path in sorted((folder / "patterns").glob("*.txt")):
        name = f"patterns/{path.name}"
        if path.stem not in policy.languages:
            raise PolicyTrouble(f"“{path.stem}” is not a language of the policy.", file=name)
        added = PatternFile(path, name, policy.languages[path.stem].negation).read()
        policy = replace(policy, patterns=(*policy.patterns, *added))
    return policy


def _with_words(policy: Policy, path: Path, name: str) -> Policy:
    lines = tuple(read_words(path, name))
    for line in lines[:1]:
        if line.lang not in policy.languages:
            raise PolicyTrouble(f"“{line.lang}” is not a language of the policy.", file=name)
    gone = {(line.lang, line.category, line.keys) for line in lines}  # replaced, or taken out
    kept = tuple(entry for entry in policy.entries if (entry.lang, entry.category, entry.keys) not in gone)
    return replace(policy, entries=kept + tuple(line for line in lines if not isinstance(line, Removal)))


def _with_guidelines(policy: Policy, table: Mapping[str, Any]) -> Policy:
    guidelines = {guideline.category: guideline for guideline in policy.guidelines}
    for item in _tables(table.get("guideline", [])):
        category = _category(item)
        old = guidelines.pop(category, Guideline(category, "", ""))
        if not item.get("off", False):
            guidelines[category] = Guideline(category, _text(item, "name", old.name), _text(item, "text", old.text))
    sites = table.get("welcome_sites", list(policy.welcome_sites))
    if not isinstance(sites, list) or not all(isinstance(site, str) for site in sites):
        raise PolicyTrouble("welcome_sites is a list of host names in quotes.", file=_FILE)
    order = {category: place for place, category in enumerate(policy.categories)}
    ranked = sorted(guidelines.values(), key=lambda one: order.get(one.category, len(order)))
    return replace(policy, guidelines=tuple(ranked), welcome_sites=tuple(site.lower() for site in sites))


def _tables(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PolicyTrouble("Guidelines are written as [[guideline]] tables.", file=_FILE)
    return value


def _category(item: Mapping[str, Any]) -> Category:
    try:
        return Category(item.get("category", ""))
    except ValueError as error:
        known = ", ".join(Category)
        raise PolicyTrouble(f"“{item.get('category', '')}” is not a category ({known}).", file=_FILE) from error


def _text(item: Mapping[str, Any], key: str, old: str) -> str:
    value = item.get(key, old)
    if not isinstance(value, str) or not value.strip():
        raise PolicyTrouble(f"The guideline “{item.get('category')}” needs a {key} in quotes.", file=_FILE)
    return value.strip()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        found = [int(word) for word in str(error).replace(",", " ").split() if word.isdigit()]
        raise PolicyTrouble("The file is not TOML.", file=path.name, line=found[0] if found else 0) from error
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyTrouble("The file cannot be read as UTF-8 text.", file=path.name) from error


def _languages(path: Path) -> dict[str, Language]:
    tables = _toml(path)
    languages = {}
    for code, table in tables.items():
        lists = {key: tuple(map(fold_word, table.get(key, "").split())) for key in _LISTS}
        languages[code] = Language(
            code,
            table.get("script", "latin"),
            frozenset(table.get("letters", "")),
            frozenset(lists["common"]),
            frozenset(lists["fragments"]),
            lists["prefixes"],
            lists["endings"],
            int(table.get("chain", 1)),
            frozenset(lists["negation"]),
        )
    return languages


_LISTS = ("common", "fragments", "prefixes", "endings", "negation")
