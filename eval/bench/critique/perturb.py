"""Changes to a talk that are none to how it was led. Pure: the same talk and key give the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar
from zlib import crc32

from coach.domain import Speaker
from eval.bench.critique.material import Said, Talk

T = TypeVar("T")
FILLED = 2  # every so many clauses one filler
_CLAUSE = re.compile(r"(?:(?<=[.!?…,;:]\s)|^)(?=\w)")
_MARKS = re.compile(r"[.,!?;:…\"“”()–—]+")  # apostrophes stay, as in a machine's transcript
_AFTER_PARTICIPLE = r"(?!\s+(?:been|got|gone|become|taken|had)\b)"


def pick(options: Sequence[T], *key: object) -> T:
    """One option, always the same for the same key."""
    return options[crc32("|".join(map(str, key)).encode()) % len(options)]


def fillers(talk: Talk, words: Sequence[str], key: str) -> Talk:
    """Filler words before every second clause, of both speakers."""

    def filled(i: int, text: str) -> str:
        starts = [match.start() for match in _CLAUSE.finditer(text)][::FILLED]
        for start in reversed(starts):
            text = f"{text[:start]}{pick(words, key, i, start)} {text[start:]}"
        return text

    return tuple(Said(said.speaker, filled(i, said.text)) for i, said in enumerate(talk))


def bare(talk: Talk) -> Talk:
    """Without punctuation and capitals."""
    return tuple(Said(said.speaker, " ".join(_MARKS.sub(" ", said.text).lower().split()) or "...") for said in talk)


def renamed(talk: Talk, names: Mapping[str, str]) -> Talk:
    """With other people's names."""
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?=s?\b)")
    return tuple(Said(said.speaker, pattern.sub(lambda m: names[m.group()], said.text)) for said in talk)


def paraphrased(talk: Talk, rewrites: Sequence[tuple[str, str]], speaker: Speaker = "rep") -> Talk:
    """With one speaker's turns in other words; no word is rewritten twice."""
    pattern, others = _rewriter(tuple(rewrites))

    def other(found: re.Match[str]) -> str:
        words = others[found.group().lower().replace("’", "'")]
        return words[0].upper() + words[1:] if found.group()[0].isupper() else words

    return tuple(
        Said(said.speaker, pattern.sub(other, said.text)) if said.speaker == speaker else said for said in talk
    )


@cache
def _rewriter(rewrites: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    others = {old.lower(): new for old, new in rewrites}
    longest = sorted(others, key=len, reverse=True)
    words = "|".join(re.escape(old).replace("'", "['’]") for old in longest)
    return re.compile(rf"\b({words})(?![\w'’]){_AFTER_PARTICIPLE}", re.IGNORECASE), others


def turns_of(talk: Talk, speaker: Speaker) -> list[int]:
    """Positions of a speaker's turns."""
    return [i for i, said in enumerate(talk) if said.speaker == speaker]


def within(talk: Talk, line: str, key: str) -> Talk:
    """A line added to the end of one manager's turn."""
    at = pick(turns_of(talk, "manager"), key, line)
    return replaced(talk, at, f"{talk[at].text} {line}")


def alone(talk: Talk, line: str, key: str) -> Talk:
    """A line as a manager's turn of its own, right after another."""
    at = pick(turns_of(talk, "manager"), key, line) + 1
    return (*talk[:at], Said("manager", line), *talk[at:])


def everywhere(talk: Talk, options: Sequence[str], key: str, count: int, every: int = 1) -> Talk:
    """So many different lines added to the end of every n-th manager's turn."""
    for turn in turns_of(talk, "manager")[::every]:
        start = options.index(pick(options, key, turn))
        added = " ".join(options[(start + k) % len(options)] for k in range(count))
        talk = replaced(talk, turn, f"{talk[turn].text} {added}")
    return talk


def opened_with(talk: Talk, exchange: tuple[str, str]) -> Talk:
    """With an exchange before the first turn."""
    return (Said("manager", exchange[0]), Said("rep", exchange[1]), *talk)


def closed_with(talk: Talk, exchange: tuple[str, str]) -> Talk:
    """With an exchange after the last turn."""
    return (*talk, Said("manager", exchange[0]), Said("rep", exchange[1]))


def replaced(talk: Talk, turn: int, text: str) -> Talk:
    """With other words in one turn."""
    return (*talk[:turn], Said(talk[turn].speaker, text), *talk[turn + 1 :])


def repaired(talk: Talk, turn: int, slip: str, repair: str) -> Talk:
    """With a repair in place of the slip.

    Raises:
        ValueError: if the slip is not in the turn.
    """
    if slip not in talk[turn].text:
        raise ValueError(f"turn {turn} does not say {slip!r}")
    return replaced(talk, turn, talk[turn].text.replace(slip, repair, 1))
