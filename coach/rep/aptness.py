"""Which of several lines answers best: the one that shares the telling words of the question.

A word tells the more, the fewer of the rep's answers have it (inverse document frequency), so that "What did your
sister say?" finds the line with the sister in it and not any line about home.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from coach.domain import MoodLines, Topic
from coach.rep.giveaways import function_stems, plain, stem, words

APT = 5.0
"""From this score on a line of another subject answers better than any line of the subject heard."""
LEAST = 2
"""And it shares at least so many telling words."""


@lru_cache(maxsize=20_000)
def telling(text: str) -> frozenset[str]:
    """The content words of a text, as stems."""
    return frozenset(stem(word) for word in words(plain(text))) - function_stems()


@lru_cache(maxsize=64)
def rarity(topics: tuple[Topic, ...]) -> Mapping[str, float]:
    """How much each word of a rep's answers tells."""
    lines = [line for topic in topics for _, moods in topic.answers for line in moods]
    counts = Counter(word for line in lines for word in telling(line))
    return {word: math.log(len(lines) / n) for word, n in counts.items()}


def score(question: str, line: str, rare: Mapping[str, float]) -> float:
    """The weight of the telling words that a line shares with a question."""
    return sum(rare.get(word, 0.0) for word in telling(question) & telling(line))


def aptest_topic(question: str, topics: tuple[Topic, ...], mood: str) -> str:
    """The topic with a line in this mood that clearly answers the question; empty when none does."""
    rare = rarity(topics)
    found = [(score(question, line, rare), topic.id, line) for topic in topics for line in _lines(topic.answers, mood)]
    best, topic_id, line = max(found, default=(0.0, "", ""))
    return topic_id if best >= APT and len(telling(question) & telling(line)) >= LEAST else ""


def _lines(moods: MoodLines, mood: str) -> Sequence[str]:
    lines: Sequence[str] = getattr(moods, mood)
    return lines
