"""Meeting the same rep again: what of the earlier one-on-ones is left, and where the rep stands now.

All of it is a pure function of the earlier talks and of what the manager, or a script, says has happened
since. The numbers are authored, like those of ``dynamics``; ``docs/dynamics.md`` explains them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain import Difficulty, Promise, RepState, Scenario, Since, Speaker, Turn
from coach.rep.dynamics import begin, bounded, mood_of

TRUST_FADES = 0.3  # share of the way back to the scenario's start that trust goes in a week,
STRAIN_FADES = 0.5  # and strain,
OPENNESS_FADES = 0.5  # and openness: whoever told something sits down a little more shut
KEPT = 4.0  # points of trust that a kept promise earns
BROKEN = -9.0  # and a broken one costs
EASED, ADDED = -8.0, 8.0  # points of strain that a better and a worse week make
YOU_SAID = " You said: “"  # before a promise that the authored rep says back
QUOTABLE = 160  # characters; nobody quotes more than that at anybody
LAST_WORDS = 10  # turns of the talk before that are still in the ear
_TRUST: dict[Since, float] = {"kept": KEPT, "broken": BROKEN}
_STRAIN: dict[Since, float] = {"better": EASED, "worse": ADDED}
_FIRST_PERSON = re.compile(r"\b(i|we)\b|\blet me\b", re.IGNORECASE)


@dataclass(frozen=True)
class Memory:
    """What a rep brings along from earlier one-on-ones; empty at the first.

    Attributes:
        since: what has happened since the last talk; None at the first.
        state: where the rep stood when it ended.
        lines: ids of the authored lines used up in all of them.
        said: what the rep said in all of them.
        talk: the last turns of the last one.
        promises: what the manager promised in the last one.
    """

    since: Since | None = None
    state: RepState | None = None
    lines: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    talk: tuple[tuple[Speaker, str], ...] = ()
    promises: tuple[Promise, ...] = ()

    @property
    def quotable(self) -> tuple[Promise, ...]:
        """Promises short enough to be said back."""
        return tuple(promise for promise in self.promises if len(promise.words) <= QUOTABLE)


def remember(talks: Sequence[Sequence[Turn]], since: Since) -> Memory:
    """What a rep brings along from these talks, the oldest first."""
    turns = [turn for talk in talks for turn in talk]
    last = talks[-1] if talks else ()
    spoken = [turn for turn in last if not turn.notice]
    return Memory(
        since=since,
        state=next((turn.state for turn in reversed(last) if turn.state), None),
        lines=frozenset(key for turn in turns for key in turn.lines),
        said=tuple(own(turn.text) for turn in turns if turn.speaker == "rep" and not turn.notice),
        talk=tuple((turn.speaker, turn.text) for turn in spoken[-LAST_WORDS:]),
        promises=promised(last),
    )


def promised(talk: Sequence[Turn]) -> tuple[Promise, ...]:
    """What the manager promised in a talk, each once: commitments of the manager's own, and no threats."""
    found: dict[str, Promise] = {}
    for turn in talk:
        if turn.speaker != "manager" or turn.reading is None or turn.reading.aside == "meta":
            continue
        threat = turn.reading.quotes.get("THREAT", "") if "THREAT" in turn.reading.codes else ""
        for words in turn.reading.promises:
            threatened = threat and (threat in words or words in threat)
            if _FIRST_PERSON.search(words) and not threatened:
                found.setdefault(" ".join(words.casefold().split()), Promise(words=words, at=turn.at))
    return tuple(found.values())


def own(text: str) -> str:
    """What the rep says without the manager's words that are said back: those tell nothing of the rep's."""
    return text.partition(YOU_SAID)[0]


def begin_again(scenario: Scenario, difficulty: Difficulty, memory: Memory) -> RepState:
    """Where the rep stands before anyone has spoken: at the scenario's start, or part of the way back to it.

    What was told stays told. What was shown, asked and hinted at in the last talk no longer opens anything.
    """
    start = begin(scenario, difficulty)
    if memory.state is None or memory.since is None:
        return start
    end, since = memory.state, memory.since
    trust = bounded(_back(end.trust, start.trust, TRUST_FADES) + _TRUST.get(since, 0.0))
    openness = bounded(_back(end.openness, start.openness, OPENNESS_FADES))
    return start.model_copy(
        update={
            "trust": trust,
            "strain": bounded(_back(end.strain, start.strain, STRAIN_FADES) + _STRAIN.get(since, 0.0)),
            "openness": openness,
            "mood": mood_of(trust, openness),
            "open_facts": end.open_facts,
        }
    )


def _back(value: float, start: float, share: float) -> float:
    return value + share * (start - value)
