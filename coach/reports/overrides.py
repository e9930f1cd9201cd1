"""Levels that trainers set for recordings, in a file beside the results: shown apart, and in no figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from coach.domain import Level, Override
from coach.errors import InputError
from coach.reports.authored import Authored
from coach.reports.figures import day, outcome
from coach.reports.render import upfirst

OVERRIDES = "overrides.jsonl"
BEST: Level = 5


@dataclass(frozen=True)
class Changed:
    """An override in words: a principle, what it was and what it is to the trainer, and why."""

    principle: str
    was: str
    now: str
    reason: str
    by: str
    day: str


def read_overrides(folder: Path) -> list[Override]:
    """All overrides of a folder of results, the oldest first; none if there is no file.

    Raises:
        InputError: naming the first line that is wrong.
    """
    path, found = folder / OVERRIDES, []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path} cannot be read; check that it is a UTF-8 file.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(Override.model_validate_json(line))
            except ValidationError as error:
                details = error.errors()[0]
                field = ".".join(str(part) for part in details["loc"]) or "line"
                raise InputError(f"{path}:{number}: {field}: {details['msg']}; mend or remove the line.") from None
    return found


def newest(overrides: Iterable[Override]) -> list[Override]:
    """The overrides that hold: of a recording and principle only the newest counts."""
    return list({(one.id, one.principle): one for one in overrides}.values())


def changed(overrides: Iterable[Override], library: Authored) -> list[Changed]:
    """Overrides of one recording in words, in the order of the principles."""
    held = {one.principle: one for one in overrides}
    return [
        Changed(
            upfirst(library.acts[principle]), _word(one.was), _word(one.level), one.reason, one.by, day(one.at.date())
        )
        for principle in library.principles
        if (one := held.get(principle))
    ]


def _word(level: Level | None) -> str:
    """A level without its number; a trainer who raises what helped to the best has changed something."""
    return "helped, as one would wish" if level == BEST else outcome(level) or "not called for"
