"""Of questions that are heaped in one turn, the last counts as asked.

Nobody can answer three questions in one breath, and to ask many is not to ask well: the rep answers the last one, so
that one counts. A heap with nothing in it ("Why? How? What? And then what?") asks for nothing at all. A slip is heard
in any of them: a heap is also how people are taken to task.
"""

from __future__ import annotations

import re

from coach.coding.addressed import SENTENCE
from coach.coding.features import FUNCTION_WORDS, normalise

HEAP = 3
_EMPTY = FUNCTION_WORDS | {"else", "come", "way", "if"}  # "What else?", "How come?", "Which way?", "What if?"
_ASKING = r"\b(?:what|why|how|when|where|which|who)\b"
_ASKS = re.compile(_ASKING, re.IGNORECASE)
_NEXT = re.compile(rf"(?<=,)\s+(?=(?:and |or )?{_ASKING})", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def unheaped(text: str) -> tuple[str, str]:
    """What of a text may show something good, and what of it may hold a slip.

    Of a heap the one has its last question only, the other all of them; if all are empty, neither has any.
    """
    parts: list[tuple[str, bool]] = []
    for part in SENTENCE.findall(text):
        asks = "?" in part
        heap = asks and len(_ASKS.findall(part)) >= HEAP  # fewer may be one question, "What did he say, when he heard?"
        parts += [(one, asks) for one in (_NEXT.split(part) if heap else [part])]
    asked = [i for i, (_, asks) in enumerate(parts) if asks]
    if len(asked) < HEAP:
        return text, text
    empty = not any(_tells(parts[i][0]) for i in asked)
    left = asked if empty else asked[:-1]
    fewer = " ".join(part.strip() for i, (part, _) in enumerate(parts) if i not in left)
    return fewer, fewer if empty else text


def _tells(part: str) -> bool:
    """Whether there is more in a question than words that may stand in any."""
    return any(word not in _EMPTY for word in _WORD.findall(normalise(part)))
