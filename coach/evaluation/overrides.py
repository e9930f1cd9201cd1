"""Levels that a trainer set for recordings, in a file beside the results; what the engine said stays as it is.

They are given with the engine's level in sight, so they are no blind labels and never enter agreement figures.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from coach.domain import Level, Override, PrincipleId
from coach.errors import InputError
from coach.reports.files import whole
from coach.reports.overrides import OVERRIDES, newest, read_overrides
from coach.reports.results import read_lines, results_file

__all__ = ["OVERRIDES", "Moved", "add_override", "moved", "read_overrides"]


@dataclass(frozen=True)
class Moved:
    """What overrides come to: how many raise, lower, or give or take away a level, and by whom."""

    levels: int
    higher: int
    lower: int
    called: int
    people: tuple[tuple[str, int], ...]


def add_override(
    folder: Path, recording: str, principle: PrincipleId, level: Level | None, reason: str, by: str
) -> Override:
    """Add a line to the folder's overrides.

    Raises:
        InputError: if there is no such scored recording, or no reason or name, or the file cannot be written.
    """
    line = next((line for _, line in read_lines(results_file(folder)) if line.id == recording), None)
    if line is None or line.status != "scored":
        raise InputError(f"There is no scored recording {recording[:80]!r} in {folder}; its ids stand in the report.")
    known, was = read_overrides(folder), line.levels.get(principle)
    try:
        made = Override(
            id=recording, principle=principle, level=level, was=was, reason=reason, by=by, at=datetime.now(UTC)
        )
    except ValidationError as error:
        details = error.errors()[0]
        raise InputError(f"The {details['loc'][0]} cannot be kept: {details['msg'].lower()}; change it.") from None
    path = folder / OVERRIDES
    with whole(path) as part:
        text = "".join(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) + "\n" for one in [*known, made])
        part.write_text(text, encoding="utf-8")
    return made


def moved(overrides: Iterable[Override]) -> Moved:
    """What overrides come to; only the newest of a recording and principle counts."""
    held = newest(overrides)
    both = [(one.level, one.was) for one in held if one.level is not None and one.was is not None]
    return Moved(
        levels=len(held),
        higher=sum(level > was for level, was in both),
        lower=sum(level < was for level, was in both),
        called=sum((one.level is None) != (one.was is None) for one in held),
        people=tuple(Counter(one.by for one in held).most_common()),
    )
