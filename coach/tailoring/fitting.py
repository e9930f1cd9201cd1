"""Which lines of a built-in scenario would sound right in another story: those that speak of no trade, name or date.

A word belongs to a scenario's own world if it stands in what describes that world and hardly anywhere else, or if
its lines use it again and again while other scenarios do not. What the manager wrote about is nobody else's world.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from coach.domain import Scenario
from coach.tailoring.names import parts, sentences

TRADE, NAME, LOCAL = 3, 2, 1
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LOCAL = re.compile(
    r"\d|\b(?:four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen(?:th)?|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|grand|dozen|percent|"
    r"(?:last|a bad|that|this|on) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
    r"january|february|march|april|june|july|august|september|october|november|december|easter|christmas|"
    r"he|him|his|she|her|hers|"  # somebody of another story
    r"that (?:call|mail|email|letter|deal|leaflet|order|bid)|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
_GENDERED = re.compile(
    r"\b(?:woman|girl|lady|lass|mum|mother|wife|husband|man|bloke|lad|boy|father|mascara|lipstick|shave|tie|frock|dress)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its commonest endings."""
    word = re.sub(r"['’](?:s|d|ll|re|ve|m|t)?$", "", word.casefold())
    ending = next(
        (e for e in ("ings", "ing", "ed", "es", "s", "y") if word.endswith(e) and len(word) - len(e) >= 3), ""
    )
    return word.removesuffix(ending)


def stems(text: str) -> list[str]:
    """The stems of all words of a text."""
    return [stem(word) for word in _WORD.findall(text)]


class Worlds:
    """The words of every scenario, counted once."""

    def __init__(self, scenarios: Mapping[str, Scenario]) -> None:
        """Count."""
        self._counts = {name: Counter(w for text in sentences(s) for w in stems(text)) for name, s in scenarios.items()}
        self.names = {name: parts(scenario) for name, scenario in scenarios.items()}
        self._in = Counter(word for counts in self._counts.values() for word in counts)
        self._times = Counter(word for counts in self._counts.values() for word in counts.elements())

    def rare(self, word: str) -> bool:
        """Whether a word stands in few scenarios."""
        return 3 * self._in[stem(word)] <= len(self._counts)

    def usual(self, word: str) -> bool:
        """Whether a word stands in most scenarios."""
        return 4 * self._in[stem(word)] > 3 * len(self._counts)

    def own(self, scenario: Scenario, free: Iterable[str]) -> frozenset[str]:
        """Stems of the words of a scenario's own world, without those of the manager's answers."""
        persona, counts = scenario.persona, self._counts[scenario.id]
        told = [scenario.brief, scenario.title, persona.role, persona.tenure, persona.manner, persona.voice]
        about = " ".join([*told, *(t.name for t in scenario.topics), *(f.text for f in scenario.facts)])
        described, others = set(stems(about)), len(self._counts) - 1
        found = set()
        for word, times in counts.items():
            elsewhere = self._in[word] - 1
            usual = (self._times[word] - times) / max(1, others)
            if len(word) > 2 and (
                (word in described and 3 * elsewhere <= others)
                or (times >= 3 and 6 * elsewhere <= others)
                or (times >= 2 and not elsewhere)
                or (times >= 5 and times > 4 * usual)
            ):
                found.add(word)
        return frozenset(found - {word for text in free for word in stems(text)})


class Fit:
    """Tells how far a line of one scenario is from fitting another story; 0 fits."""

    def __init__(self, worlds: Worlds, scenario: Scenario, answers: Sequence[str], same_pronouns: bool) -> None:
        """Take the scenario's world and names; answers of the manager are welcome words."""
        self._own = worlds.own(scenario, answers)
        spoken = set(re.findall(r"\w+", " ".join(answers)))
        kept = sorted(worlds.names[scenario.id] - spoken)
        self._names = re.compile(rf"\b(?:{'|'.join(map(re.escape, kept)) or '(?!)'})", re.UNICODE)
        self._listed = frozenset(stem(part) for part in kept)
        self._same = same_pronouns

    def __call__(self, line: str) -> int:
        """How much of the line belongs to another world."""
        trade = sum(word in self._own for word in set(stems(line)))
        local = len(_LOCAL.findall(line)) + (0 if self._same else len(_GENDERED.findall(line)))
        return TRADE * trade + NAME * len(self._names.findall(line)) + LOCAL * local

    def welcome(self, searched: str) -> bool:
        """Whether a search word, written small and perhaps with a ``*``, is of no other world."""
        roots = [stem(word) for word in _WORD.findall(searched)]
        small = {name.casefold() for name in self._listed}
        strange = any(
            root in small or (len(root) > 2 and any(o == root or o == f"{root}s" for o in self._own)) for root in roots
        )
        return not strange and self(searched) == 0

    def best(self, lines: Sequence[str], least: int = 0) -> list[str]:
        """Lines that fit; if they are fewer than ``least``, those that come nearest."""
        fitting = [line for line in lines if self(line) == 0]
        nearest = sorted((line for line in lines if line not in fitting), key=self)
        return fitting + nearest[: max(0, least - len(fitting))]
