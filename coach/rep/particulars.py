"""Which small answer a narrow question asks for, by what the question means.

The manager's last question and the questions that the playwright foresaw become vectors; near ones ask the same. The
bars were set by reading what was found for 334 questions of blind readers: from ``SURE`` on most fitted, below
``LIKELY`` most did not, and a small answer to another question is worse than none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from coach.domain import MOODS, Mood, Particular
from coach.encoder import Transformer, meaning
from coach.rep.aptness import telling
from coach.rep.questions import kind, question

SURE = 0.7  # likeness from which on two questions ask the same,
LIKELY = 0.66  # or from which on they do if they also ask for the same kind of thing
LATEST = 0.1  # "Who else knows?" is about what was told last


class Particulars:
    """The small answers of a rep; made once for a scenario."""

    def __init__(self, particulars: Sequence[Particular]) -> None:
        """Take every question to its vector."""
        asked = [(i, ask) for i, one in enumerate(particulars) for ask in one.asks]
        self._items = particulars
        self._owners = [i for i, _ in asked]
        self._kinds = [kind(ask) for _, ask in asked]
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
        wanted, bare = kind(asked), not telling(asked)  # "Why?" alone is about what was just told, if anything
        best: tuple[float, int | None] = (0.0, None)
        for i, ask_kind, likeness in zip(self._owners, self._kinds, self._rows @ meaning(asked), strict=True):
            one = self._items[i]
            latest = one.after is not None and one.after in told[-1:]
            known = latest if bare else one.after is None or one.after in told
            sayable = known and MOODS.index(one.mood) <= MOODS.index(mood)
            if not sayable or all(f"particulars.{i}.{j}" in used for j in range(len(one.says))):
                continue
            alike = likeness >= SURE or (likeness >= LIKELY and ask_kind == wanted)
            best = max(best, (float(likeness) + LATEST * latest, i), key=lambda found: found[0]) if alike else best
        return best[1]


@lru_cache(maxsize=64)
def particulars(items: tuple[Particular, ...]) -> Particulars:
    """The small answers of a scenario, read once."""
    return Particulars(items)
