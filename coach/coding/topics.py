"""Which of a scenario's topics a manager's turn touches.

A turn that is nearly one of a topic's example questions touches that topic first. Then the topics' own words count
(whole words, ``*`` for any ending); a turn that holds none of them but resembles an example question touches its topic.
Similarity is the cosine of TF-IDF vectors of words and word parts, so it needs no model and no download.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from coach.domain import Topic
from coach.encoder import Wording

SIMILAR = 0.45  # cosine from which a turn counts as asking one of the example questions
NEARLY = 0.5  # cosine from which it is one of them, whatever other topics' words it holds
MAX_CHARS = 2_000  # a longer turn is judged by its beginning and end


class TopicFinder:
    """Finds topics in turns; made once for a scenario's topics."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        """Compile the words and index the example questions."""
        self._patterns = [(topic.id, _pattern(topic.words)) for topic in topics if topic.words]
        self._asks = [(topic.id, ask) for topic in topics for ask in topic.asks]
        self._wording = Wording([ask for _, ask in self._asks]) if self._asks else None

    def find(self, text: str) -> tuple[str, ...]:
        """Topic ids the turn touches, the strongest first; empty if none."""
        text = text if len(text) <= MAX_CHARS else f"{text[: MAX_CHARS // 2]} {text[-MAX_CHARS // 2 :]}"
        text = text.replace("’", "'")
        hits = [(topic_id, list(pattern.finditer(text))) for topic_id, pattern in self._patterns]
        named = [(len(found), found[-1].start(), topic_id) for topic_id, found in hits if found]
        # More of a topic's words first; among equals the one named last, where the question usually is.
        said = [topic_id for _, _, topic_id in sorted(named, reverse=True)]
        asked, likeness = self._asked(text)
        if likeness >= NEARLY or (likeness >= SIMILAR and not said):
            said = [asked, *said]
        return tuple(dict.fromkeys(said))

    def _asked(self, text: str) -> tuple[str, float]:
        """The topic of the example question that a turn resembles most, and how much."""
        if self._wording is None or not text.strip():
            return "", 0.0
        scores = self._wording.likeness(text)
        best = int(scores.argmax())
        return self._asks[best][0], float(scores[best])


@lru_cache(maxsize=64)
def finder(topics: tuple[Topic, ...]) -> TopicFinder:
    """The finder for these topics, made once."""
    return TopicFinder(topics)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    parts = [
        r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.split())
        for word in (word.replace("’", "'") for word in words)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
