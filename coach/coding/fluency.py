"""Spoken words without what speech puts between them.

A recording says "um, you know, I mean" where a typed line does not. None of it is leadership, so the readers of turns
do not see it: the same words get the same codes, spoken or typed. Quotes are always taken from the words as they stand.
"""

from __future__ import annotations

import re

_SOUNDS = r"(?:u+m+|u+h+|e+r+m*|h+m+|mm+)"
_MARKERS = r"(?:you know|i mean|like|so|well|sort of|kind of|basically|actually|right|okay|ok|yeah|look|listen|anyway)"
_FILLED = re.compile(
    rf"(?:^|(?<=[.!?…,;:\-–—]\s))(?:(?:{_SOUNDS}|{_MARKERS}),\s+|{_SOUNDS}[.…\s]+)+(?=\w)"
    rf"|(?<=\s){_SOUNDS},?\s+(?=\w)",
    re.IGNORECASE,
)


def fluent(text: str) -> str:
    """The text without fillers: sounds anywhere, discourse markers only where a comma sets them off from a clause."""
    return _FILLED.sub("", text)
