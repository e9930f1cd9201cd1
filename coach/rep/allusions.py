"""Whether words tell a closed fact in quite other words, by what they mean.

What no giveaway and no shared word finds ("I keep the paper in the car with the ice scraper, so it's not in the house")
may still mean what the rep would say when the fact is told. The words in which the playwright tells each fact and the
draft become vectors, trained to be near when the one tells the other (``python -m eval.train_transformer``). Who talks
of the same subject without telling anything is near as well, so nearness to what may be said counts against it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import numpy as np

from coach.domain import MOODS, Fact, Topic
from coach.encoder import meaning, meanings
from coach.rep.giveaways import MAX_SCENARIOS
from coach.rep.judge import Names

TELLS = 0.446
"""How much nearer than to harmless words a draft is that tells a fact; chosen on drafts for six of the reps."""
HARMLESS = 0.5  # what nearness to a line that may be said counts
MAX_CHARS = 1_000


class Allusions:
    """How near words are to the facts of a rep; made once for a scenario."""

    def __init__(self, facts: Sequence[Fact], topics: Sequence[Topic], names: Names) -> None:
        """Take the words in which each fact is told, and the answers that tell none, to their vectors."""
        self._names = names
        told = [(fact.id, line) for fact in facts for line in (fact.text, *fact.lines)]
        self._facts = [fact for fact, _ in told]
        self._told = self._meanings(line for _, line in told)
        moods = ((line for topic in topics for line in getattr(topic.answers, mood)) for mood in MOODS)
        self._harmless = np.vstack([self._meanings(lines) for lines in moods])  # by mood, as the rep's answers are read

    def find(self, manager: str, draft: str, closed: Collection[str]) -> str | None:
        """The id of the closed fact that a draft tells, if any.

        Args:
            manager: the words that the draft answers.
            draft: what the rep would say.
            closed: ids of the facts that may not be told.
        """
        meant = meaning(self._names.masked(draft[:MAX_CHARS]), manager[-MAX_CHARS:])
        near = [(float(alike), fact) for alike, fact in zip(self._told @ meant, self._facts, strict=True)]
        likeness, fact = max((pair for pair in near if pair[1] in closed), default=(0.0, ""))
        return fact if likeness - HARMLESS * float((self._harmless @ meant).max()) >= TELLS else None

    def _meanings(self, lines: Iterable[str]) -> np.ndarray:
        return meanings(tuple(self._names.masked(line) for line in lines))


@lru_cache(maxsize=MAX_SCENARIOS)
def allusions(facts: tuple[Fact, ...], topics: tuple[Topic, ...], names: Names) -> Allusions:
    """How near words are to these facts, read once."""
    return Allusions(facts, topics, names)
