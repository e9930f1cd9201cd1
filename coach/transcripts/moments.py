"""Times within a recording and days in the calendar, as people and programs write them."""

from __future__ import annotations

import datetime as dt
import re

CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
"""``0:03``, ``00:01:02``, ``01:02.500``, ``0:0:5.1``."""
_NUMBER = re.compile(r"\d{1,7}(?:\.\d{1,6})?")
_DIGITS = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_DOTTED = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(20\d\d)(?!\d)")
_WORDS = re.compile(
    r"(?P<d>\d{1,2})\.? (?P<m>[a-z]{3,9}) (?P<y>20\d\d)|(?P<M>[a-z]{3,9}) (?P<D>\d{1,2}),? (?P<Y>20\d\d)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def seconds(text: str) -> float | None:
    """Read a clock (``1:02:03.5``) or a plain number of seconds; None for anything else."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    if not re.fullmatch(CLOCK, text):
        return None
    total = 0.0
    for part in text.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def day(text: str) -> dt.date | None:
    """Find the day a text names: ``2026-05-14``, ``20260514``, ``14.05.2026``, ``14 May 2026`` or ``May 14, 2026``.

    ``05/06/2026`` is left alone: it is two different days on two sides of an ocean.
    """
    if found := _DIGITS.search(text):
        year, month, number = found[1], int(found[3]), found[4]
    elif found := _DOTTED.search(text):
        year, month, number = found[3], int(found[2]), found[1]
    elif found := _WORDS.search(text.lower()):
        name = (found["m"] or found["M"])[:3]
        month = _MONTHS.index(name) + 1 if name in _MONTHS else 0
        year, number = found["y"] or found["Y"], found["d"] or found["D"]
    else:
        return None
    try:
        return dt.date(int(year), month, int(number))
    except ValueError:
        return None
