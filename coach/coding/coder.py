"""CODE: what a manager's turn shows, read from that turn and the ones before it.

``Coder`` is the seam. ``LocalCoder`` needs no model and no network; a model-backed coder returns the
same ``Reading``, so nothing after this step knows who read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from coach.coding.addressed import SENTENCE, said_to_rep
from coach.coding.asides import aside, promises
from coach.coding.classifier import Floats
from coach.coding.danger import danger
from coach.coding.ensemble import Ensemble
from coach.coding.features import Pair
from coach.coding.fluency import careful
from coach.coding.heaps import unheaped
from coach.coding.openings import Openings
from coach.coding.topics import finder
from coach.domain import CODES, SLIPS, Aside, Code, Reading, Topic, Turn, rep_before

MAX_SENTENCES = 12
_IS_SLIP = np.isin(CODES, SLIPS)


class Coder(Protocol):
    """Reads turns of a conversation."""

    @property
    def id(self) -> str:
        """Engine and version, for provenance."""

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        """Read the turns at the positions ``targets``, each judged on itself and the turns before it.

        Args:
            turns: one path of a conversation, oldest first.
            targets: positions in ``turns`` to read.
            topics: the scenario's topics; none for a recorded conversation.
        """


class LocalCoder:
    """The floor without a language model: two small trained readers and readable word patterns."""

    def __init__(self, ensemble: Ensemble, openings: Openings) -> None:
        """Take what was trained."""
        self._ensemble = ensemble
        self._openings = openings
        self.id = f"local-{ensemble.version}"

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> LocalCoder:
        """The coder that ships, read once in a process."""
        return cls(Ensemble.load(), Openings.load())

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        """Read all targets in one batch; see ``Coder.read``."""
        manager = [t for t in targets if turns[t].speaker == "manager"]
        rep = [t for t in targets if turns[t].speaker == "rep"]
        return {**self._read_manager(turns, manager, topics), **self._read_rep(turns, rep)}

    def notice(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        """All but the behaviours: what the rep's turns open, and topics, promises and asides of the manager's.

        It costs next to nothing, so whoever hears the behaviours elsewhere begins with it.
        """
        manager = [t for t in targets if turns[t].speaker == "manager"]
        rep = [t for t in targets if turns[t].speaker == "rep"]
        return {**{t: self._noticed(turns[t].text, topics) for t in manager}, **self._read_rep(turns, rep)}

    def _noticed(self, text: str, topics: Sequence[Topic]) -> Reading:
        return Reading(
            topics=finder(tuple(topics)).find(text) if topics else (),
            promises=promises(text),
            aside=aside(text),
            danger=danger(text),
            coder=self.id,
        )

    def _read_rep(self, turns: Sequence[Turn], targets: Sequence[int]) -> dict[int, Reading]:
        if not targets:
            return {}
        heard = self._openings.read([careful(turns[t].text) for t in targets])
        return {
            t: Reading(openings=openings, danger=danger(turns[t].text), coder=self.id)
            for t, openings in zip(targets, heard, strict=True)
        }

    def _read_manager(
        self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic]
    ) -> dict[int, Reading]:
        if not targets:
            return {}
        pairs = [(rep_before(turns, t), said_to_rep(turns[t].text)) for t in targets]
        readings = {}
        for t, (before, said), row in zip(targets, pairs, self._heard(pairs), strict=True):
            text, noticed = turns[t].text, self._noticed(turns[t].text, topics)
            codes = () if says_nothing(turns, t, said, noticed.aside) else self._shown(row)
            heard = {
                "probabilities": {code: round(float(p), 4) for code, p in zip(CODES, row, strict=True)},
                "codes": codes,
                "quotes": self._quotes(before, text, codes),
            }
            readings[t] = noticed.model_copy(update=heard)
        return readings

    def _heard(self, pairs: Sequence[Pair]) -> Floats:
        """Probabilities of all codes; of heaped questions the last may show something good, and any of them a slip."""
        heard = [(before, *unheaped(said)) for before, said in pairs]
        rows = self._ensemble.probabilities([(before, slips) for before, _, slips in heard])
        for i, (before, strengths, slips) in enumerate(heard):
            if strengths != slips:
                rows[i] = np.where(_IS_SLIP, rows[i], self._ensemble.probabilities([(before, strengths)])[0])
        return rows

    def _shown(self, row: np.ndarray) -> tuple[Code, ...]:
        return tuple(code for code, p in zip(CODES, row, strict=True) if p >= self._ensemble.thresholds[code])

    def _quotes(self, before: str, text: str, codes: Sequence[Code]) -> dict[Code, str]:
        """For each code the sentence that carries it most, verbatim."""
        if not codes:
            return {}
        sentences = [match.group().strip() for match in SENTENCE.finditer(text)]
        sentences = [s for s in sentences if len(s) > 1][:MAX_SENTENCES]
        if len(sentences) < 2:
            return {code: text.strip() for code in codes}
        table = self._ensemble.classifier.probabilities([(before, sentence) for sentence in sentences])
        return {code: sentences[int(table[:, CODES.index(code)].argmax())] for code in codes}


def says_nothing(turns: Sequence[Turn], target: int, said: str, about: Aside | None) -> bool:
    """Whether a turn shows the rep nothing, whatever it resembles.

    Talk to the simulator and wordless turns are not said to the rep; words said before, letter for
    letter, are recited.

    Args:
        turns: one path of a conversation.
        target: the position of a manager's turn in it.
        said: what of that turn is said to the rep, see ``said_to_rep``.
        about: the aside that the turn is, if it is one.
    """
    words = turns[target].text.casefold().split()
    again = any(turn.speaker == "manager" and turn.text.casefold().split() == words for turn in turns[:target])
    return about == "unclear" or not said or (again and len(words) > 3)
