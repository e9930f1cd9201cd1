"""A folder of results, read line by line: what a report needs of each conversation, and where the rest stands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import ValidationError

from coach.domain import STRENGTHS, About, Code, Finding, Level, PrincipleId
from coach.errors import InputError
from coach.reports.lines import CritiqueLine

CRITIQUES = "critiques.jsonl"
QUOTE_MAX = 400
REASON_MAX = 400


@dataclass(frozen=True, slots=True)
class Moment:
    """The turn of one conversation that helped most, or the one that cost or missed most."""

    kind: Literal["strength", "slip", "missed"]
    turn: int
    quote: str
    principle: PrincipleId
    code: Code | None
    finding: int
    weight: tuple[int, ...]
    """Larger stands out more: how far the principle's level is from the middle, behaviours heard, overall."""

    @property
    def clear(self) -> bool:
        """Whether the conversation as a whole bears it out: the principle helped, or was missed or acted against."""
        return self.weight[0] > 0


@dataclass(frozen=True, slots=True)
class Row:
    """What figures need of one line; ``at`` is where the line begins in its file, in bytes."""

    n: int
    at: int
    id: str
    scored: bool
    reason: str
    about: About
    levels: Mapping[PrincipleId, Level | None]
    overall: Level | None
    codes: Mapping[Code, int]
    best: Moment | None
    worst: Moment | None
    reliability: str
    engine: str
    dropped: int


def results_file(folder: Path) -> Path:
    """The folder's result lines.

    Raises:
        InputError: if there are none.
    """
    path = folder / CRITIQUES
    if not path.is_file():
        raise InputError(f"There are no results in {folder}: it has no {CRITIQUES}; run coach evaluate first.")
    return path


def read_lines(path: Path) -> Iterator[tuple[int, CritiqueLine]]:
    """Yield each line with the place where it begins; lines of other versions may have fields more or fewer.

    Raises:
        InputError: at the first line that is no result.
    """
    try:
        with path.open("rb") as file:
            at = 0
            for number, raw in enumerate(file, start=1):
                if raw.strip():
                    yield at, _line(raw, path, number)
                at += len(raw)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from None


def line_at(file: BinaryIO, row: Row) -> CritiqueLine:
    """The whole line of a row, from the open file it was read from."""
    file.seek(row.at)
    return _line(file.readline(), Path(file.name), row.n + 1)


def row_of(n: int, at: int, line: CritiqueLine) -> Row:
    """What figures need of a line."""
    heard = Counter(code for codes in line.codes.values() for code in codes)
    return Row(
        n=n,
        at=at,
        id=line.id,
        scored=line.status == "scored",
        reason=line.reason[:REASON_MAX],
        about=line.about,
        levels=line.levels,
        overall=line.overall,
        codes=heard,
        best=_moment(line, line.best, line.keep, {"strength"}),
        worst=_moment(line, line.worst, line.change, {"slip", "missed"}),
        reliability=line.reliability,
        engine=engine(line),
        dropped=line.dropped,
    )


def engine(line: CritiqueLine) -> str:
    """What read a conversation: the model, and the engine that heard the behaviours."""
    return f"{line.model}, {line.provenance.coder or 'an unknown coder'}"


def _line(raw: bytes, path: Path, number: int) -> CritiqueLine:
    try:
        data = json.loads(raw)
        known = {name: data[name] for name in CritiqueLine.model_fields if name in data}
        return CritiqueLine.model_validate(known)
    except (ValueError, TypeError) as error:
        detail = ""
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            detail = f" ({'.'.join(str(part) for part in first['loc']) or 'line'}: {first['msg']})"
        raise InputError(
            f"{path}:{number}: this is no result line{detail}; run coach evaluate again into a new folder."
        ) from None


def _moment(line: CritiqueLine, turn: int | None, index: int | None, kinds: set[str]) -> Moment | None:
    """The finding at that turn, else the one that the critique puts first; None if there is neither."""
    at_turn = (n for n, f in enumerate(line.findings) if f.kind in kinds and f.evidence[0].turn == turn)
    chosen = next(at_turn, index)
    if chosen is None or not 0 <= chosen < len(line.findings):
        return None
    finding = line.findings[chosen]
    evidence = finding.evidence[0]
    return Moment(
        kind=finding.kind,
        turn=evidence.turn,
        quote=evidence.quote[:QUOTE_MAX],
        principle=finding.principle,
        code=finding.code,
        finding=chosen,
        weight=_weight(line, finding, evidence.turn),
    )


def _weight(line: CritiqueLine, finding: Finding, turn: int) -> tuple[int, ...]:
    codes, good = line.codes.get(str(turn), ()), finding.kind == "strength"
    same = sum((code in STRENGTHS) == good for code in codes)
    sign, overall = (1 if good else -1), line.overall or 3
    return sign * (finding.level - 3), 2 * same - len(codes), sign * (overall - 3), len(finding.evidence[0].quote)
