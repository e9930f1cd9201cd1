"""Which small answer a narrow question asks for, by what the question means.

The manager's last question and the questions that the playwright foresaw become vectors; near ones ask the same, the
more surely the further the nearest leads before those of every other small answer. What a lead counts and the bar were
chosen on questions for eleven reps in quite other words, and one rep's that no network had learned from
(``python -m eval.particulars``): a small answer to another question is worse than none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

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
        for i, alike in self._likenesses(asked, told[-1:]).items():
            one = self._items[i]
            known = one.after in told[-1:] if bare else one.after is None or one.after in told
            sayable = known and MOODS.index(one.mood) <= MOODS.index(mood)
            if sayable and not all(f"particulars.{i}.{j}" in used for j in range(len(one.says))):
                best = max(best, (alike, i), key=lambda found: found[0])
        return best[1]

    def _likenesses(self, asked: str, latest: Sequence[str]) -> dict[int, float]:
        """How like a question is to those of each small answer, and how far the nearest leads before all others."""
        nearest: dict[int, float] = {}
        for i, likeness in zip(self._owners, self._rows @ meaning(asked), strict=True):
            alike = float(likeness) + LATEST * (self._items[i].after in latest)
            nearest[i] = max(nearest.get(i, 0.0), alike)
        first, second = ([*sorted(nearest.values(), reverse=True), 0.0])[:2]
        lead = min(first - second, MOST_LEAD)
        return {i: near + (LEAD * lead if near == first else 0.0) for i, near in nearest.items()}


@lru_cache(maxsize=64)
def particulars(items: tuple[Particular, ...]) -> Particulars:
    """The small answers of a scenario, read once."""
    return Particulars(items)
