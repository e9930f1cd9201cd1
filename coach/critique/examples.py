"""Words another manager found in a similar moment: the nearest coded exchange."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from coach.content import Exchange, read_exchanges
from coach.domain import SLIPS, STRENGTHS, Strength

LONGEST = 320  # characters; longer examples are not read


@dataclass(frozen=True)
class Example:
    """A manager's words to a similar line of a rep."""

    rep: str
    words: str


class Examples:
    """Exchanges without a slip, searchable by what the rep said and what should be shown."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Index the exchanges that can serve as an example."""
        self._exchanges = [
            e for e in exchanges if e.codes and not set(e.codes) & set(SLIPS) and e.rep and len(e.manager) <= LONGEST
        ]
        self._vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
        self._matrix = self._vectors.fit_transform([e.rep for e in self._exchanges])
        self._shows = {code: np.array([code in e.codes for e in self._exchanges]) for code in STRENGTHS}
        self._lengths = np.array([0.0002 * len(e.manager) for e in self._exchanges])

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Examples:
        """Read exchanges from JSONL files; raises ``ContentError`` naming the line that cannot be read."""
        return cls(exchange for path in paths for exchange in read_exchanges(path))

    def nearest(self, rep_line: str, code: Strength, taken: Collection[str]) -> Example | None:
        """The exchange whose rep line is most like this one and whose manager shows ``code``.

        Args:
            rep_line: what the rep said here.
            code: the behaviour wanted.
            taken: words that were used already.
        """
        nearness = (self._matrix @ self._vectors.transform([rep_line]).T).toarray().ravel()
        scores = np.where(self._shows[code], nearness - self._lengths, -np.inf)
        for n in np.argsort(-scores, kind="stable"):
            if scores[n] == -np.inf:
                break
            if self._exchanges[n].manager not in taken:
                return Example(self._exchanges[n].rep, self._exchanges[n].manager)
        return None
