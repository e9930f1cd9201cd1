"""Which small answer a narrow question asks for, by what the question means.

The manager's last question and the questions that the playwright foresaw become vectors; near ones ask the same, the
more surely the further the nearest leads before those of every other small answer. What a lead counts and the bar were
chosen on questions for eleven reps in quite other words, and one rep's that no network had learned from
(``python -m eval.particulars``): a small answer to another question is worse than none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.domain import MOODS, Mood, Particular
from coach.encoder import Transformer, meaning
from coach.rep.aptness import telling
from coach.rep.questions import question

SURE = 0.85  # likeness, with what the lead counts, from which on two questions ask the same
LEAD = 2.0  # what likeness more than that to any other small answer's questions counts,
MOST_LEAD = 0.15  # up to here
LATEST = 0.1  # "Who else knows?" is about what was told last


class Particulars:
    """The small answers of a rep; made once for a scenario."""

    def __init__(self, particulars: Sequence[Particular]) -> None:
        """Take every question to its vector."""
        asked = [(i, ask) for i, one in enumerate(particulars) for ask in one.asks]
        self._items = particulars
        self._owners = [i for i, _ in asked]
        self._rows = Transformer.load().meaning([ask for _, ask in asked], together=True)

    def find(self, words: str, mood: Mood, told: Sequence[str], used: Collection[str]) -> int | None:
        """The place of the small answer that the last question in a manager's words asks for, if there is one.

        Args:
            words: the manager's turn.
            mood: the rep's.
            told: ids of the facts that were told, in the order in which they were.
            used: ids of the lines that were said.
        """
        asked = question(words)
        if not self._items or not asked:
            return None
        bare = not telling(asked)  # "Why?" alone is about what was just told, if anything
        best: tuple[float, int | None] = (SURE, None)
        likenesses = self._likenesses(asked, told[-1:])
        for i in map(int, np.flatnonzero(likenesses > SURE)):
            one = self._items[i]
            known = one.after in told[-1:] if bare else one.after is None or one.after in told
            sayable = known and MOODS.index(one.mood) <= MOODS.index(mood)
            if sayable and not all(f"particulars.{i}.{j}" in used for j in range(len(one.says))):
                best = max(best, (float(likenesses[i]), i), key=lambda found: found[0])
        return best[1]

    def _likenesses(self, asked: str, latest: Sequence[str]) -> NDArray[np.float64]:
        """How like a question is to those of each small answer, and how far the nearest leads before all others."""
        told = np.array([LATEST * (one.after in latest) for one in self._items])
        nearest = np.zeros(len(self._items))
        np.maximum.at(nearest, self._owners, self._rows @ meaning(asked) + told[self._owners])
        first, second = np.sort([0.0, *nearest])[-2:][::-1]
        lead = min(first - second, MOST_LEAD)
        return np.where(nearest == first, nearest + LEAD * lead, nearest)


@lru_cache(maxsize=64)
def particulars(items: tuple[Particular, ...]) -> Particulars:
    """The small answers of a scenario, read once."""
    return Particulars(items)
