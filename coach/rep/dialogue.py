"""A reply that talks to itself: it puts the other's question and answers it, or thanks itself for the answer.

A rep may ask something back, and may ask and answer a question of her own ("Was I short? I was."). What she
does not do is be asked about herself in her own mouth: a question to "you" with the answer of an "I" after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

TURNS = 2  # so many questions that are answered at once are a dialogue, whoever is meant
FRAGMENT = 3  # words of a question or an answer that is no sentence

_TO_YOU = re.compile(
    r"^\W*(and |so |but |well |then )*((what|how|why|where|when|who|which)\b.{0,25} )?"
    r"(did|do|have|had|are|were|would|could|can|will|is|was)(n't)? (you|your)\b",
    re.I,
)
_OPEN = re.compile(r"^\W*(and |so |but |well |then )*(what|how|why|where|when|who|which|all|since|until)\b", re.I)
_OWN = re.compile(r"\b(i|my|me|i'm|i've|i'd)\b", re.I)
_ANSWER = re.compile(
    r"^\W*((yes|no|yeah|aye|honestly|because|straight away|nothing|nobody|not really)\b|an? \w+( \w+)?\W*$|"
    r"i (did|do|was|am|had|felt|couldn't|didn't|don't|wasn't|just|never|went|only wanted|thought|put|told)\b)",
    re.I,
)
_THANKS = re.compile(
    r"^\W*(i see\b|you're welcome|thank you for (telling|sharing|saying)|thanks for (telling|sharing)|granted\b)", re.I
)


def talks_to_itself(sentences: Sequence[str]) -> bool:
    """Whether the sentences of a reply are two people's."""
    turns = 0
    asked = False
    for i, (question, answer) in enumerate(pairwise(sentences)):
        if not _asks(question):
            continue
        asked = True
        if _asks(answer):
            continue
        to_you, cut = bool(_TO_YOU.search(question)), _brief(question) and _brief(answer)
        open_ = bool(_OPEN.search(question)) and not _OWN.search(question)
        if i and ((to_you and _ANSWER.search(answer)) or (open_ and cut)):
            return True
        turns += to_you or open_
    return turns >= TURNS or (asked and any(_THANKS.search(sentence) for sentence in sentences[2:]))


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"' ").endswith("?")


def _brief(sentence: str) -> bool:
    return len(sentence.split()) <= FRAGMENT
