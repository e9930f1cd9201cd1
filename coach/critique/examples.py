"""Words another manager found in a similar moment: the nearest coded exchange."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer

from coach.content import Exchange, read_exchanges
from coach.domain import SLIPS, Code

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

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Examples:
        """Read exchanges from JSONL files; raises ``ContentError`` naming the line that cannot be read."""
        return cls(exchange for path in paths for exchange in read_exchanges(path))

    def nearest(self, rep_line: str, codes: Sequence[Code], taken: Collection[str]) -> Example | None:
        """The exchange whose rep line is most like this one and whose manager shows one of ``codes``.

        Args:
            rep_line: what the rep said here.
            codes: behaviours wanted, best first; an earlier one outweighs a slightly nearer line.
            taken: words that were used already.
        """
        nearness = (self._matrix @ self._vectors.transform([rep_line]).T).toarray().ravel()
        best: tuple[float, Exchange] | None = None
        for exchange, near in zip(self._exchanges, nearness, strict=True):
            rank = next((r for r, code in enumerate(codes) if code in exchange.codes), None)
            if rank is None or exchange.manager in taken:
                continue
            score = float(near) - 0.05 * rank - 0.0002 * len(exchange.manager)
            if best is None or score > best[0]:
                best = (score, exchange)
        return Example(best[1].rep, best[1].manager) if best else None
