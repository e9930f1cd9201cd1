"""Which built-in scenario is nearest to what the manager tells: by meaning and by words, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coach.domain import Scenario
from coach.tailoring.answers import Answers
from coach.tailoring.fitting import stems

Floats = NDArray[np.float64]

OWN_TEXT = 0.5  # what likeness to a scenario's own brief weighs beside likeness to what it is about
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")


class Embeds(Protocol):
    """Turns texts into vectors."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""


@dataclass(frozen=True)
class Near:
    """A built-in scenario, how near it is, and what makes it so."""

    scenario: Scenario
    score: float
    sentence: str
    words: tuple[str, ...]

    @property
    def why(self) -> str:
        """The reason, for people."""
        if not self.sentence:
            return ""
        shared = f" (your words: {', '.join(self.words)})" if self.words else ""
        return f"it is about this: “{self.sentence}”{shared}"


def nearest(
    answers: Answers, scenarios: Mapping[str, Scenario], situations: Mapping[str, Sequence[str]], embedding: Embeds
) -> list[Near]:
    """All scenarios, the nearest first.

    Args:
        answers: What the manager tells.
        scenarios: Those to choose from.
        situations: For each, sentences a manager might say of it, and last a line of words.
        embedding: Compares meanings.
    """
    asked = [part for text in (answers.happened, answers.fear, answers.want) for part in _SENTENCE.split(text)]
    about = {name: list(situations.get(name, ())[:-1]) or _own(scenario) for name, scenario in scenarios.items()}
    words = {name: _stems(situations[name][-1]) if name in situations else {} for name in scenarios}
    common = Counter(word for held in words.values() for word in held)
    told = _stems(" ".join(asked))
    mine = _vectors(embedding, asked)
    held = {name: _vectors(embedding, texts) for name, texts in about.items()}
    mean = np.vstack(list(held.values())).mean(axis=0)
    found = []
    for name, scenario in scenarios.items():
        likeness = _unit(mine - mean) @ _unit(held[name] - mean).T
        own = mine @ _vectors(embedding, _own(scenario)).T
        shared = sorted((word for word in told if word in words[name]), key=lambda word: (common[word], word))
        weight = sum(common[word] ** -0.5 for word in shared)
        score = weight / (1 + weight) + likeness.max(axis=1).mean() + likeness.max() + OWN_TEXT * own.max(axis=1).mean()
        sentence = about[name][int(likeness.max(axis=0).argmax())]
        found.append(Near(scenario, round(float(score), 4), sentence, tuple(told[word] for word in shared[:5])))
    return sorted(found, key=lambda near: (-near.score, near.scenario.id))


def alike(text: str, others: Sequence[str], embedding: Embeds) -> list[float]:
    """How near each of the others is to a text in meaning."""
    return [float(x) for x in _vectors(embedding, others) @ _vectors(embedding, [text])[0]] if others else []


def _own(scenario: Scenario) -> list[str]:
    """What a scenario says of itself."""
    told = [scenario.title, *_SENTENCE.split(scenario.brief), *_SENTENCE.split(scenario.stakes), scenario.goal]
    return [text for text in [*told, *(t.name for t in scenario.topics if t.presenting)] if len(text) > 15]


def _stems(text: str) -> dict[str, str]:
    return {stems(word)[0]: word for word in re.findall(r"[^\W\d_]{2,}", text.casefold())}


def _vectors(embedding: Embeds, texts: Iterable[str]) -> Floats:
    return np.array(embedding.embed_documents([*texts]), dtype=np.float64)


def _unit(rows: Floats) -> Floats:
    size = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = rows / np.where(size > 0, size, 1.0)
    return unit
