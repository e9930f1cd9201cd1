"""A person's words made into a query that full text search always understands."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_CHARS = 4000
MAX_TERMS = 32
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"})
_CONTRACTION = re.compile(r"'(?:s|re|ve|ll|d|m|t)\b|n't\b")


@dataclass(frozen=True)
class Term:
    """A word of a query, and it and the words that mean about the same as FTS5 expressions."""

    word: str
    match: str
    related: str = ""


@dataclass(frozen=True)
class Query:
    """What somebody looks for: its terms, all of them as one FTS5 expression, and the words an embedding is made of."""

    terms: tuple[Term, ...]
    match: str
    text: str


def fold(text: str) -> str:
    """Write text the one way that both passages and queries are searched in.

    Compatibility characters, quotes, British spelling and common compounds are made alike.
    """
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    for pattern, to in _compounds():
        text = pattern.sub(to, text)
    return re.sub(r"[^\W\d_]{5,}", lambda word: _american(word[0]), text)


_ISE = re.compile(
    r"(?<=[a-z]{3})(?<!prom)(?<!surpr)(?<!exerc)(?<!adv)(?<!superv)(?<!rev)(?<!expert)(?<!otherw)(?<!likew)"
    r"is(e|es|ed|er|ers|ing|ation|ations|ational)$"
)
_OUR = re.compile(r"(behavi|col|fav|hon|lab|hum|endeav|neighb|rum|vig)our")


def _american(word: str) -> str:
    word = _ISE.sub(r"iz\1", word)
    return _OUR.sub(r"\1or", word)


@cache
def _compounds() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{variants})(?!\w)"), to) for to, variants in _section("compounds"))


@cache
def _section(name: str) -> tuple[tuple[str, str], ...]:
    """Lines of one section of thesaurus.txt, as (left side, right side)."""
    found: list[tuple[str, str]] = []
    current = ""
    for line in files("coach.knowledge").joinpath("thesaurus.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#") and current == name:
            left, _, right = line.partition("=")
            found.append((left.strip(), right.strip()))
    return tuple(found)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(word for _, right in _section("stop") for word in right.split())


@cache
def _related() -> dict[str, tuple[str, ...]]:
    """Stem of a word -> the other words of its groups."""
    table: dict[str, dict[str, None]] = {}
    for _, right in _section("related"):
        group = [fold(word).strip() for word in right.split(",")]
        for word in group:
            others = table.setdefault(stem(word), {})
            others.update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(others) for word, others in table.items()}


def stem(word: str) -> str:
    """Cut the commonest endings, only to look a word up in the thesaurus."""
    for ending in ("ations", "ation", "ingly", "ings", "ing", "edly", "ies", "ied", "ers", "er", "es", "ed", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.rstrip("ey") if len(word.rstrip("ey")) >= 3 else word


def terms(words: str) -> list[str]:
    """The words of a query that say what it is about, each once, in order."""
    text = _CONTRACTION.sub(" ", fold(words[:MAX_CHARS]))
    every = list(dict.fromkeys(_WORD.findall(text)))
    telling = [word for word in every if word not in _stop_words() and (len(word) > 1 or word.isdigit())]
    return (telling or every)[:MAX_TERMS]


def understand(words: str) -> Query:
    """Make a query of anything a person may type; it is empty when it has no word in it."""
    found = terms(words)
    stems = {stem(word) for word in found}
    text = " ".join(words[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8").split())
    parts = []
    for word in found:
        others = (other for other in _related().get(stem(word), ()) if stem(other) not in stems)
        parts.append(Term(word, _phrase(word), _either(others)))
    return Query(tuple(parts), _either(found), text if found else "")


def rarity(found: float, of: int) -> float:
    """How much a word tells that stands in ``found`` of ``of`` passages (BM25's inverse document frequency)."""
    return math.log(1.0 + max(0.0, of - found + 0.5) / (found + 0.5))


def _either(words: Iterable[str]) -> str:
    return " OR ".join(map(_phrase, words))


def _phrase(word: str) -> str:
    """Quote a word, or words that must stand together, so that nothing in it is FTS5 syntax."""
    return '"' + " ".join(_WORD.findall(word)) + '"'
