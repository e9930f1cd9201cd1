"""Words for a draft: advice, and what could have been said. ``Writer`` is the seam.

The authored writer is the floor: it picks among what mentors wrote for each behaviour and principle,
and quotes words that a manager could say. Those are examples, and are called so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from coach.critique.drafts import Draft
from coach.critique.examples import Examples
from coach.domain import STRENGTHS, Behaviour, Code, Principle, PrincipleId, Scenario, Strength, Turn, rep_before

MAYBE = 0.2  # probability from which on a behaviour that was not heard may have been shown all the same
FROM_SCENARIO = "An example written for this conversation"
FROM_EXCHANGE = "An example from another conversation, where the rep had said"


@dataclass(frozen=True)
class Words:
    """What a writer found to say."""

    effect: str
    advice: str
    asks_for: Code | None = None
    better_words: str = ""
    better_words_from: str = ""
    by: str = ""


@dataclass(frozen=True)
class Conversation:
    """What a writer may look at."""

    id: str
    turns: Sequence[Turn]
    scenario: Scenario | None

    def shown_with(self, where: Collection[int] | None = None) -> dict[Code, float]:
        """The highest probability with which each behaviour was shown, heard or not, in some turns or in all."""
        highest: dict[Code, float] = {}
        for turn in self.turns:
            if turn.speaker == "manager" and turn.reading and (where is None or turn.i in where):
                heard = {code: 1.0 for code in turn.reading.codes} | turn.reading.probabilities
                highest |= {code: max(p, highest.get(code, 0.0)) for code, p in heard.items()}
        return highest


class Writer(Protocol):
    """Finds words for drafts."""

    @property
    def id(self) -> str:
        """Engine and version, for provenance."""

    def write(self, drafts: Sequence[Draft], conversation: Conversation) -> list[Words | None]:
        """Words for each draft, none twice; None where no words bear out the draft."""


@dataclass(frozen=True)
class AuthoredWriter:
    """Chooses among authored advice and example words."""

    behaviours: Mapping[Code, Behaviour]
    principles: Mapping[PrincipleId, Principle]
    examples: Examples
    id: str = "authored"

    def write(self, drafts: Sequence[Draft], conversation: Conversation) -> list[Words | None]:
        """Pick advice and, for what went wrong, example words; see ``Writer.write``."""
        written: list[Words | None] = []
        taken: set[str] = set()
        for draft in drafts:
            words = self._words(draft, conversation, taken)
            taken |= {words.advice, words.better_words} - {""}
            written.append(words)
        return written

    def _words(self, draft: Draft, conversation: Conversation, taken: Collection[str]) -> Words:
        behaviour = self.behaviours[draft.code] if draft.code else None
        principle = self.principles[draft.principle]
        if behaviour and draft.kind == "strength":
            return Words(behaviour.effect, _choose(behaviour.advice, conversation, draft, taken), by=self.id)
        wanted = self._wanted(draft, conversation)
        advice = _choose(behaviour.instead[wanted[0]] if behaviour else principle.missed, conversation, draft, taken)
        words, origin = self._better(draft, conversation, wanted[0], taken)
        return Words(behaviour.effect if behaviour else principle.call, advice, wanted[0], words, origin, self.id)

    def _better(
        self, draft: Draft, conversation: Conversation, wanted: Strength, taken: Collection[str]
    ) -> tuple[str, str]:
        """Words that show what was missing, from the scenario if it has some, else from a similar moment."""
        turn = conversation.turns[draft.turns[0]]
        said = {t.text for t in conversation.turns} | set(taken)
        if conversation.scenario:
            topics = turn.reading.topics if turn.reading and turn.reading.topics else ()
            topics = topics or ((turn.state.topic,) if turn.state else ())
            fitting = [
                (s.topic not in topics, s.codes.index(wanted), n, s.words)
                for n, s in enumerate(conversation.scenario.suggestions)
                if wanted in s.codes and s.words not in said
            ]
            if fitting:
                return min(fitting)[3], FROM_SCENARIO
        example = self.examples.nearest(rep_before(conversation.turns, draft.turns[0]), wanted, said)
        return (example.words, f"{FROM_EXCHANGE}: “{example.rep}”") if example else ("", "")

    def _wanted(self, draft: Draft, conversation: Conversation) -> list[Strength]:
        """What would have served, what the manager least likely did first, the best of equals before the others."""
        if draft.code:
            serving = list(self.behaviours[draft.code].instead)
        else:
            serving = [code for code in STRENGTHS if draft.principle in self.behaviours[code].principles]
        here, anywhere = conversation.shown_with(draft.turns), conversation.shown_with()
        return sorted(serving, key=lambda code: (here.get(code, 0.0) >= MAYBE, round(anywhere.get(code, 0.0), 1)))


def _choose(options: Sequence[str], conversation: Conversation, draft: Draft, taken: Collection[str]) -> str:
    """One option, the same every time for the same words of the manager, another for others."""
    said = conversation.turns[draft.turns[0]].text
    start = int(hashlib.sha256(f"{said}:{draft.code}:{draft.principle}".encode(errors="replace")).hexdigest(), 16)
    rotated = [options[(start + k) % len(options)] for k in range(len(options))]
    return next((option for option in rotated if option not in taken), rotated[0])
