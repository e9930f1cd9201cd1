"""Two runs compared by the ids of their recordings: what changed, and what got worse."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from coach.errors import InputError
from coach.evaluation.score import Line

_ENGINE = ("model", "coder", "content", "prompts", "version")


class Was(NamedTuple):
    """What is compared of a result line."""

    overall: int | None
    levels: dict[str, int | None]
    reason: str


@dataclass(frozen=True)
class Baseline:
    """An earlier run."""

    lines: dict[str, Was]
    engines: frozenset[str]


@dataclass(frozen=True)
class Change:
    """How a recording differs between two runs; ``worse`` is a regression.

    A regression is a recording that was scored and now fails, or whose overall level is lower. A single principle's
    level moves too easily to be one.
    """

    id: str
    before: str
    now: str
    levels: str
    worse: bool


def read_baseline(folder: Path) -> Baseline:
    """Read the result lines of an earlier run.

    Raises:
        InputError: if there are none, or a line is not one.
    """
    path = folder / "critiques.jsonl"
    found: dict[str, Was] = {}
    engines: set[str] = set()
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                try:
                    line = json.loads(text)
                    found[line["id"]] = _was(line)
                    engines |= engine(line)
                except (ValueError, KeyError, TypeError, AttributeError):
                    told = f"{path}:{number}: this is no line of results; name a folder of results."
                    raise InputError(told) from None
    except (OSError, UnicodeDecodeError) as error:
        told = str(error.strerror if isinstance(error, OSError) else "it is not UTF-8 text")
        raise InputError(f"The baseline {path} cannot be read ({told}); name a folder of results.") from None
    return Baseline(found, frozenset(engines))


def engine(line: Line) -> set[str]:
    """What judged a scored line, as one text; nothing for a failed one."""
    if line["status"] != "scored":
        return set()
    made = line.get("provenance") or {}
    return {", ".join(f"{name} {_short(made[name])}" for name in _ENGINE if made.get(name))}


def changes(baseline: Baseline, lines: Iterable[Line], whole: bool) -> Iterator[Change]:
    """Compare line by line.

    Args:
        baseline: the earlier run.
        lines: the lines of this one.
        whole: whether this run took every recording, so that what is not in it is gone.

    Yields:
        What differs, in the order of the lines; then what is gone.
    """
    gone = dict(baseline.lines)
    for line in lines:
        now, before = _was(line), gone.pop(line["id"], None)
        if before is None:
            yield Change(line["id"], "not there", _told(now), "", False)
        elif (now.overall, now.levels) != (before.overall, before.levels):
            worse = before.overall is not None and (now.overall is None or now.overall < before.overall)
            yield Change(line["id"], _told(before), _told(now), _moved(before, now), worse)
    for name, before in gone.items() if whole else ():
        yield Change(name, _told(before), "not there", "", False)


def _was(line: Line) -> Was:
    overall, levels = line["overall"], line["levels"]
    if line["status"] != "scored":
        return Was(None, {}, str(line["reason"]))
    if not isinstance(overall, int) or not isinstance(levels, dict):
        raise ValueError("overall or levels are missing")
    return Was(overall, levels, "")


def _told(was: Was) -> str:
    return f"failed: {was.reason}" if was.overall is None else f"overall {was.overall}"


def _moved(before: Was, now: Was) -> str:
    if before.overall is None or now.overall is None:
        return ""
    names = [name for name in now.levels if now.levels[name] != before.levels.get(name)]
    return ", ".join(f"{name} {before.levels.get(name) or '-'} to {now.levels[name] or '-'}" for name in names)


def _short(value: object) -> str:
    return "+".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
