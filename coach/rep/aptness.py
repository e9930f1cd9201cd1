"""Which of a rep's lines answers what was asked, and whether any does.

A line is rated by how near its meaning lies to the question's (the transformer learned to lay a question and its answer
near each other), by what it shares with the question in words, by its subject, and by whether it gives what that kind
of question asks for. The weights in ``aptness.json`` are a logistic regression on questions for which
readers named the lines that answer (``python -m eval.fit_aptness``), so a rating is the probability that a reader
would take the line for an answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from coach.domain import MOODS, Frozen, Topic
from coach.encoder import Wording, meaning, meanings
from coach.errors import ConfigError
from coach.rep.giveaways import function_stems, plain, stem, words
from coach.rep.questions import gives, kind, question

WEIGHTS = "aptness.json"
MAX_CHARS = 2_000  # of a turn; more is not looked at
MOST_SHARED = 3  # more telling words in common tell no more
Sign = TypeVar("Sign", float, NDArray[np.float64])


class Weights(Frozen):
    """What each sign is worth, and from which rating on a line is an answer."""

    signs: dict[str, float]
    bias: float
    answer: float

    def score(self, signs: Mapping[str, Sign]) -> Sign:
        """The logit of a rating by its signs: one number each, or an array of what is rated."""
        # there are signs, so it is never the bias alone
        return self.bias + sum(self.signs[name] * sign for name, sign in signs.items())  # type: ignore[return-value]


@dataclass(frozen=True)
class Rated:
    """A line, its id, its subject, and the probability that it answers."""

    key: str
    line: str
    topic: str
    rating: float


class Answers:
    """Rates the answers of a rep; made once for a scenario's topics."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        """Index the lines and the example questions."""
        self._lines = [
            (f"answers.{topic.id}.{mood}.{i}", line, topic.id, mood)
            for topic in topics
            for mood, lines in topic.answers
            for i, line in enumerate(lines)
        ]
        asks = [(topic.id, ask) for topic in topics for ask in topic.asks]
        self._asked = [topic_id for topic_id, _ in asks]
        self._rare = _rarity([line for _, line, *_ in self._lines])
        self._wording = Wording([line for _, line, *_ in self._lines] + [ask for _, ask in asks])
        self._known = lru_cache(maxsize=256)(self._rate)  # one reply asks more than once for the same ratings
        self._of_mood: dict[str, tuple[str, ...]] = {
            mood: tuple(line for _, line, _, its in self._lines if its == mood) for mood in MOODS
        }

    def rate(self, said: str, named: Sequence[str], mood: str) -> list[Rated]:
        """Every answer in a mood with its rating, the best first.

        Args:
            said: the manager's turn.
            named: ids of the topics that were heard in them.
            mood: the rep's.
        """
        return list(self._known(said[:MAX_CHARS], tuple(named), mood))

    def _rate(self, said: str, named: tuple[str, ...], mood: str) -> tuple[Rated, ...]:
        weights = fitted(WEIGHTS)
        rated = []
        for key, line, topic, signs in self.signs(said, named, mood):
            rated.append(Rated(key, line, topic, 1 / (1 + math.exp(-weights.score(signs)))))
        return tuple(sorted(rated, key=lambda one: -one.rating))

    def signs(self, said: str, named: Sequence[str], mood: str) -> list[tuple[str, str, str, dict[str, float]]]:
        """The id, words and topic of every answer in a mood, with the signs that its rating is made of."""
        said = said[:MAX_CHARS]
        wording = self._wording.likeness(said)
        likeness, asked_before = wording[: len(self._lines)], wording[len(self._lines) :]
        about: dict[str, float] = {}
        for topic, value in zip(self._asked, asked_before, strict=True):
            about[topic] = max(about.get(topic, 0.0), float(value))
        nearest = max(about.values(), default=0.0)
        asked, told = kind(said), telling(said)
        found = []
        lines = [(*one, alike) for one, alike in zip(self._lines, likeness, strict=True) if one[-1] == mood]
        # "How so?" is near to everything and nothing: the subject alone can tell
        meant = meanings(self._of_mood[mood]) @ meaning(question(said)) if told else np.zeros(len(lines))
        for (key, line, topic, _, alike), near in zip(lines, meant, strict=True):
            shared = telling(line) & told
            signs = {
                "meaning": float(near),
                "likeness": float(alike),
                "shared words": float(min(len(shared), MOST_SHARED)),
                "their rarity": sum(self._rare[word] for word in shared),
                "topic named": float(topic in named),
                "topic likeness": about.get(topic, 0.0),
                "behind the nearest topic": about.get(topic, 0.0) - nearest,
                "open question": float(asked == "open"),
                "yes or no": float(asked == "yes_no"),
                "gives a yes or no": float(asked == "yes_no" and gives(asked, line)),
                "gives what was asked": float(asked not in ("open", "yes_no", "which") and gives(asked, line)),
                "length": len(line.split()) / 20,
            }
            found.append((key, line, topic, signs))
        return found


@lru_cache(maxsize=64)
def answers(topics: tuple[Topic, ...]) -> Answers:
    """The rated answers of these topics, indexed once."""
    return Answers(topics)


def least() -> float:
    """From which rating on a line is an answer."""
    return fitted(WEIGHTS).answer


@lru_cache(maxsize=20_000)
def telling(text: str) -> frozenset[str]:
    """The content words of a text, as stems."""
    return frozenset(stem(word) for word in words(plain(text))) - function_stems()


def _rarity(lines: Sequence[str]) -> Mapping[str, float]:
    """How much each word of a rep's answers tells: the more, the fewer answers have it."""
    counts = Counter(word for line in lines for word in telling(line))
    return {word: math.log(len(lines) / n) for word, n in counts.items()}


@lru_cache(maxsize=2)
def fitted(name: str) -> Weights:
    """The weights in a data file of this package.

    Raises:
        ConfigError: if it is missing or damaged.
    """
    try:
        return Weights.model_validate_json(files("coach.rep").joinpath(name).read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(f"The rep's data file {name} is missing or damaged: {error}") from error
