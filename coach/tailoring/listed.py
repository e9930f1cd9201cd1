"""Word lists that are data, from ``words.txt``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def listed(name: str, between: str = " ") -> frozenset[str]:
    """The words under a heading."""
    return frozenset(in_order(name, between))


@cache
def in_order(name: str, between: str = " ") -> tuple[str, ...]:
    """The entries under a heading as they stand there."""
    text = files("coach.tailoring").joinpath("words.txt").read_text(encoding="utf-8")
    found = re.search(rf"^\[{re.escape(name)}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(name)
    return tuple(
        word.strip() for word in re.split(r"\s+" if between == " " else r",\s*", found[1].strip()) if word.strip()
    )
