"""Which small answer a narrow question asks for, by what the question means.

The manager's last question, the questions that the playwright foresaw and the small answers become vectors; near ones
ask the same, or ask and answer. A small answer is rated by how near its questions lie on the whole, and by how far they
and its own words lead before those of every other one. The weights in ``particulars.json`` are a logistic regression on
questions for twelve reps in quite other words (``python -m eval.fit_particulars``), so a rating is the probability that
it is the one asked for. What is asked nearly in the playwright's words needs no rating.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.domain import MOODS, Mood, Particular
from coach.encoder import meaning, meanings
from coach.rep.aptness import fitted, telling
from coach.rep.questions import question

WEIGHTS = "particulars.json"
SAME = 0.9  # likeness from which on two questions ask the same in nearly the same words
LATEST = 0.1  # "Who else knows?" is about what was told last
Floats = NDArray[np.float64]


class Particulars:
    """The small answers of a rep; made once for a scenario."""

    def __init__(self, particulars: Sequence[Particular]) -> None:
        """Take every question and every answer to its vector."""
        asked = [(i, ask) for i, one in enumerate(particulars) for ask in one.asks]
        self._items = particulars
        self._owners = np.array([i for i, _ in asked], dtype=int)
        self._asks = meanings(tuple(ask for _, ask in asked))
        self._centres = np.array([self._asks[self._owners == i].mean(axis=0) for i in range(len(particulars))])
        self._says = meanings(tuple(" ".join(one.says) for one in particulars))
        self._known = lru_cache(maxsize=256)(self._rate)  # one reply asks more than once for the same ratings

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
        ratings, least = self._known(asked, tuple(told[-1:])), fitted(WEIGHTS).answer
        best: tuple[float, int | None] = (least, None)
        for i in map(int, np.flatnonzero(ratings > least)):
            one = self._items[i]
            known = one.after in told[-1:] if bare else one.after is None or one.after in told
            sayable = known and MOODS.index(one.mood) <= MOODS.index(mood)
            if sayable and not all(f"particulars.{i}.{j}" in used for j in range(len(one.says))):
                best = max(best, (float(ratings[i]), i), key=lambda found: found[0])
        return best[1]

    def _rate(self, asked: str, latest: tuple[str, ...]) -> Floats:
        """The probability of each small answer that it is the one asked for."""
        ratings: Floats = 1 / (1 + np.exp(-fitted(WEIGHTS).score(self.signs(asked, latest))))
        np.maximum.at(ratings, self._owners, np.where(self._asks @ meaning(asked) > SAME, 1.0, 0.0))
        return ratings

    def signs(self, asked: str, latest: Sequence[str] = ()) -> dict[str, Floats]:
        """What the rating of each small answer is made of.

        Args:
            asked: a question.
            latest: the fact that was told last, if any.
        """
        meant = meaning(asked)
        near: Floats = self._centres @ meant  # as near as its questions are on the whole
        near += [LATEST * (one.after in latest) for one in self._items]
        return {"likeness": near, "its lead": _lead(near), "lead of the answer": _lead(self._says @ meant)}


def _lead(values: Floats) -> Floats:
    """How far each value leads before the best of the others, or stays behind it; 0.3 at most."""
    second, first = np.sort([0.0, *values])[-2:]
    lead: Floats = np.clip(values - np.where(values == first, second, first), -0.3, 0.3)
    return lead


@lru_cache(maxsize=64)
def particulars(items: tuple[Particular, ...]) -> Particulars:
    """The small answers of a scenario, read once."""
    return Particulars(items)
