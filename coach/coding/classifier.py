"""The local coder: a linear model over n-grams and cues, stored as plain arrays.

A turn is scored as a whole and sentence by sentence: a turn shows a code if one of its sentences
does. The two scores are mixed and turned into a probability by a sigmoid fitted on conversations
the model had not seen. ``coach.coding.train`` makes the artifact; this module only reads it.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from coach.coding import features
from coach.coding.features import Pair
from coach.domain import CODES, Code
from coach.errors import ConfigError

Floats = NDArray[np.float64]
ARTIFACT = Path(__file__).with_name("classifier.npz")
BLOCKS: dict[str, tuple[Callable[[str], list[str]], float]] = {
    "words": (features.words_of, 1.0),
    "chars": (features.chars, 0.5),
    "skeleton": (features.skeleton, 0.5),
}
"""Each block's n-grams of the manager's turn and its share of the kernel; the rep's line is read by the cues."""
DENSE_SHARE = 0.25
WIDEST = 3.0
"""Standardised cues are cut at this many deviations."""


@dataclass(frozen=True)
class Encoder:
    """Turns pairs of normalised texts into rows of one sparse matrix: n-gram blocks, then cues."""

    vocabulary: dict[str, dict[str, int]]
    idf: dict[str, Floats]
    mean: Floats
    deviation: Floats

    @classmethod
    def fit(cls, pairs: Sequence[Pair], least: int = 2) -> Encoder:
        """Learn vocabularies (n-grams seen in ``least`` texts), their rarity and the cues' spread."""
        vocabulary, idf = {}, {}
        for name, (analyse, _) in BLOCKS.items():
            seen = Counter(g for _, said in pairs for g in {g for part in features.parts(said) for g in analyse(part)})
            kept = sorted(g for g, n in seen.items() if n >= least)
            vocabulary[name] = {g: i for i, g in enumerate(kept)}
            idf[name] = np.array([np.log((1 + len(pairs)) / (1 + seen[g])) + 1 for g in kept])
        cues = np.array([features.dense(*pair) for pair in pairs])
        return cls(vocabulary, idf, cues.mean(axis=0), cues.std(axis=0) + 1e-3)

    def matrix(self, pairs: Sequence[Pair]) -> csr_matrix:
        """Encode normalised pairs, one row each."""
        said = [features.parts(text) for _, text in pairs]
        blocks = [self._block(name, said) for name in BLOCKS]
        cues = np.array([features.dense(*pair) for pair in pairs]).reshape(len(pairs), len(self.mean))
        cues = np.clip((cues - self.mean) / self.deviation, -WIDEST, WIDEST)
        return csr_matrix(hstack([*blocks, csr_matrix(cues * (DENSE_SHARE / len(self.mean)) ** 0.5)]))

    def _block(self, name: str, texts: Sequence[Sequence[str]]) -> csr_matrix:
        """Sublinear TF-IDF of texts given as parts, every row of length sqrt(share)."""
        analyse, share = BLOCKS[name]
        known = self.vocabulary[name]
        memory: dict[str, list[int]] = {}
        columns: list[int] = []
        ends = [0]
        for parts in texts:
            for part in parts:
                if part not in memory:
                    memory[part] = [i for g in analyse(part) if (i := known.get(g)) is not None]
                columns += memory[part]
            ends.append(len(columns))
        shape = (len(texts), len(known))
        block = csr_matrix((np.ones(len(columns)), np.array(columns, dtype=np.int64), np.array(ends)), shape=shape)
        block.sum_duplicates()
        block.data = (1 + np.log(block.data)) * self.idf[name][block.indices]
        row = np.repeat(np.arange(len(texts)), np.diff(block.indptr))
        length = np.sqrt(np.bincount(row, block.data**2, minlength=len(texts)))
        block.data *= share**0.5 / length[row]
        return block


def prepare(pairs: Sequence[Pair]) -> list[Pair]:
    """Normalise pairs as the encoder needs them."""
    return [(features.normalise(rep), features.normalise(said)) for rep, said in pairs]


def split(pairs: Sequence[Pair]) -> tuple[list[Pair], NDArray[np.int64]]:
    """Sentences of every turn, each beside the rep's line, and the turn each belongs to.

    A turn of one sentence has no row: its only sentence is the turn.
    """
    rows: list[Pair] = []
    owner: list[int] = []
    for i, (rep, said) in enumerate(pairs):
        parts = features.sentences(said)
        if len(parts) > 1:
            rows += [(rep, part) for part in parts]
            owner += [i] * len(parts)
    return rows, np.array(owner, dtype=np.int64)


def pool(whole: Floats, parts: Floats, owner: NDArray[np.int64], mix: float) -> Floats:
    """Mix a turn's own score with that of its best sentence."""
    best = whole.copy()
    best[owner] = -np.inf
    np.maximum.at(best, owner, parts)
    mixed: Floats = (1 - mix) * whole + mix * best
    return mixed


def sigmoid(x: Floats) -> Floats:
    """The logistic function."""
    result: Floats = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result


@dataclass(frozen=True)
class Classifier:
    """Gives the probability of every behaviour code in a manager's turn."""

    encoder: Encoder
    weights: Floats
    bias: Floats
    slope: Floats
    shift: Floats
    mix: float
    thresholds: dict[Code, float]
    version: str = field(default="unsaved")

    @classmethod
    def load(cls, path: Path | None = None) -> Classifier:
        """Read the artifact shipped with the package, or another one."""
        source = path or ARTIFACT
        try:
            digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
            with np.load(source, allow_pickle=False) as stored:
                return cls.from_arrays({name: stored[name] for name in stored.files}, digest)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ConfigError(f"The coder's data file {source} is missing or damaged: {error}") from error

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[np.generic]], version: str = "unsaved") -> Classifier:
        """Build from the artifact's arrays."""
        if stored["codes"].tobytes().decode() != " ".join(CODES):
            raise ValueError("it was made for other codes")
        vocabulary = {
            name: {g: i for i, g in enumerate(stored[f"{name}_grams"].tobytes().decode().split("\n"))}
            for name in BLOCKS
        }
        number: Callable[[str], Floats] = lambda name: stored[name].astype(np.float64)  # noqa: E731
        encoder = Encoder(
            vocabulary, {name: number(f"{name}_idf") for name in BLOCKS}, number("mean"), number("deviation")
        )
        thresholds = dict(zip(CODES, map(float, number("thresholds")), strict=True))
        mix = float(number("mix")[0])
        return cls(
            encoder, number("weights"), number("bias"), number("slope"), number("shift"), mix, thresholds, version
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The artifact's arrays: no objects, so that reading it runs no code."""
        text: Callable[[str], NDArray[np.generic]] = lambda value: np.frombuffer(value.encode(), np.uint8)  # noqa: E731
        stored: dict[str, NDArray[np.generic]] = {"codes": text(" ".join(CODES))}
        for name in BLOCKS:
            stored[f"{name}_grams"] = text("\n".join(self.encoder.vocabulary[name]))
            stored[f"{name}_idf"] = self.encoder.idf[name].astype(np.float32)
        stored |= {"mean": self.encoder.mean, "deviation": self.encoder.deviation}
        stored |= {"weights": self.weights.astype(np.float16), "bias": self.bias, "mix": np.array([self.mix])}
        return stored | {
            "slope": self.slope,
            "shift": self.shift,
            "thresholds": np.array([self.thresholds[code] for code in CODES]),
        }

    def probabilities(self, pairs: Sequence[Pair]) -> Floats:
        """Calibrated probabilities, one row for each (rep's preceding turn or "", manager's turn).

        Columns are in the order of ``CODES``.
        """
        if not pairs:
            return np.zeros((0, len(CODES)))
        ready = prepare(pairs)
        rows, owner = split(ready)
        scores = np.asarray(self.encoder.matrix([*ready, *rows]) @ self.weights) + self.bias
        mixed = pool(scores[: len(ready)], scores[len(ready) :], owner, self.mix)
        result = sigmoid(self.slope * mixed + self.shift)
        result[[i for i, (_, said) in enumerate(ready) if not any(c.isalnum() for c in said)]] = 0.0
        return result
