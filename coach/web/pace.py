"""The rep takes a moment before answering, as a person would; the words themselves are stored by then."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

LEAST_S = 0.5
READ_S = 0.012  # for each character of what the rep says first
MOST_S = 1.8


def paced(parts: Iterable[str], pace: float) -> Iterator[str]:
    """Hold the first words of a reply back for a moment; what it took to make them counts.

    Args:
        parts: the reply as it grows.
        pace: 1 is the pace of a person, 0 holds nothing back.
    """
    begun = time.monotonic()
    for n, part in enumerate(parts):
        if n == 0:
            moment = pace * min(MOST_S, LEAST_S + READ_S * len(part))
            time.sleep(max(0.0, begun + moment - time.monotonic()))
        yield part
