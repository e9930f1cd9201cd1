"""How far a folder of results can be trusted, in sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from coach.reports.results import Row

NO_ASSESSMENT = (
    "This is not an assessment of a person. It shows what was said in recordings, to help decide what to practise; "
    "nothing here belongs in a personnel decision."
)
MOST_REASONS = 3
MANY = 20
"""Conversations below which even a share of all of them is wide open: the 95% interval of 10 of 20 is 30 to 70%."""


def trust(rows: Sequence[Row], agreement: Path) -> list[str]:
    """What is known of how far the scores can be trusted, most important first.

    Args:
        rows: all results.
        agreement: the file with the agreement of these very results with reference labels, if there is one.
    """
    scored = [row for row in rows if row.scored]
    told = [_plainly(len(scored))] if scored else []
    told += _each(row.reliability for row in scored)
    told += _of_these(agreement)
    dropped = sum(row.dropped for row in scored)
    if dropped:
        told.append(f"{_count(dropped, 'observation')} left out because the quotes did not check.")
    fell_back = Counter(row.reason for row in scored if row.reason)
    told += [f"In {_count(n, 'recording')}: {reason}" for reason, n in fell_back.most_common(MOST_REASONS)]
    if len(fell_back) > MOST_REASONS:
        told.append(f"{len(fell_back) - MOST_REASONS} more such remarks stand in the tables.")
    return told + _each(f"Read by {row.engine}." for row in scored)


def _plainly(n: int) -> str:
    told = "A program read these recordings and is sometimes wrong: rely on the quotes, and on what comes again."
    return f"{told} With {_count(n, 'conversation')}, much of what follows may be chance." if n < MANY else told


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _each(texts: Iterable[str]) -> list[str]:
    """Each different text; where there are several, with the number of recordings it holds for."""
    counts = Counter(texts)
    if len(counts) == 1:
        return list(counts)
    return [f"For {_count(n, 'recording')}: {text}" for text, n in counts.most_common()]


def _of_these(path: Path) -> list[str]:
    """The agreement that was measured on these recordings themselves; nothing if it was not."""
    try:
        figures: Any = json.loads(path.read_text(encoding="utf-8"))
        n, kappa = int(figures["n"]), float(figures["levels"]["weighted_kappa"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [
        f"{n:,} of these recordings came with reference labels: the levels agree with them "
        f"at {kappa:.2f} (weighted kappa; 0 is chance, 1 is full agreement)."
    ]
