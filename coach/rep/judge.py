"""Whether words sound like the rep at all: a linear judge beside the guard's patterns.

Patterns find what somebody thought of. The judge was fitted on drafts for eleven reps, good and bad, by writers who had
not seen the guard, and on what managers and reps say to each other (``python -m eval.fit_judge``): a manager's tone, a
coach's, a helpful assistant's, a narrator's weigh against a draft, a rep's own turns of phrase for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from coach.errors import ConfigError

ARTIFACT = Path(__file__).with_name("judge.npz")
BITS = 16
MAX_CHARS = 1_000
_MARK = "repsname"
_PIECES = r"\w[\w']*|[^\w\s]"


@dataclass(frozen=True)
class Judge:
    """A weight for every hashed n-gram; from ``least`` on, words are no rep's."""

    weights: NDArray[np.float32]
    bias: float
    least: float

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Judge:
        """The judge that ships, read once in a process."""
        try:
            with np.load(ARTIFACT, allow_pickle=False) as stored:
                return cls(stored["weights"].astype(np.float32), float(stored["bias"]), float(stored["least"]))
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise ConfigError(f"The guard's data file {ARTIFACT} is missing or damaged: {error}") from error

    def score(self, texts: list[str]) -> float:
        """The highest score of some texts: how surely one of them is not the rep's."""
        return float(max(grams(texts) @ self.weights)) + self.bias

    def stops(self, texts: list[str]) -> bool:
        """Whether one of the texts is surely not the rep's."""
        return self.score(texts) >= self.least


@dataclass(frozen=True)
class Names:
    """Replaces a rep's names by one mark, so that what is learned of one rep holds for all."""

    name: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b({'|'.join(map(re.escape, self.name.split()))})\b", re.IGNORECASE)

    def masked(self, text: str) -> str:
        """The text with the mark in place of the names."""
        return self._pattern.sub(_MARK, text[:MAX_CHARS])


def grams(texts: list[str]) -> csr_matrix:
    """Rows of hashed n-grams of words with punctuation and of word parts, each half of length 1."""
    halves = [one.transform(texts) for one in _hashers()]
    for half in halves:
        half.data = np.sqrt(half.data)  # a word said five times does not tell five times as much
    return csr_matrix(hstack([normalize(half) for half in halves]))


@lru_cache(maxsize=1)
def _hashers() -> tuple[HashingVectorizer, HashingVectorizer]:
    size = {"n_features": 2**BITS, "alternate_sign": False, "norm": None}
    words = HashingVectorizer(ngram_range=(1, 3), token_pattern=_PIECES, **size)
    return words, HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **size)
