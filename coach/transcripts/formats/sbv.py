"""SBV, as YouTube and Meet recordings write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.transcripts.files import File
from coach.transcripts.recording import Recording

SUFFIXES = (".sbv",)
_OPENS = re.compile(r"\d+:\d+:\d+\.\d+,\d+:\d+:\d+\.\d+[ \t]*\n")


def knows(head: str) -> bool:
    """Whether the text opens like SBV."""
    return _OPENS.match(head.lstrip("\ufeff \n")) is not None


def read(file: File) -> Iterator[Recording]:
    """Yield the one conversation of the file; raises ``InputError`` if it is not in this form."""
    from coach.transcripts.captions import captions

    return captions(file, "sbv")
