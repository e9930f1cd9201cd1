"""Blind calibration: conversations in an order of one's own, labels without a sight of scores, then the agreement.

A collection is a set of conversations to label. ``suite`` ships; others lie in ``COACH_HOME/calibration/NAME``:
``transcripts.jsonl``, ``labels.jsonl`` if there are reference labels, and one file in ``engines/`` for the results of
each engine that scored them.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from coach.domain import PRINCIPLES, Code, Frozen, Level, PrincipleId, Transcript
from coach.errors import InputError
from coach.evaluation.agreement import agreement
from coach.evaluation.labels import Label, read_labels
from coach.evaluation.score import Line
from coach.reports.files import whole
from coach.reports.results import read_lines, results_file
from coach.transcripts import Unreadable, read_transcripts

SUITE = "suite"
FOLDER = "calibration"
ENOUGH = 10
"""Conversations below which agreement is an anecdote."""
COMPARED = ("id", "status", "codes", "levels", "overall", "lean", "best", "worst")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Draft(Frozen):
    """What was marked so far. A principle that is missing is undecided; null says that nothing called for it."""

    levels: dict[PrincipleId, Level | None] = {}
    overall: Level | None = None
    lean: Annotated[int, Field(ge=-2, le=2)] | None = None
    best: int | None = None
    worst: int | None = None
    coded: bool = Field(False, description="whether the behaviours of every manager turn were marked")
    codes: dict[str, tuple[Code, ...]] = {}

    def missing(self) -> list[str]:
        """What has to be decided before this is a label: ids of principles, overall, lean."""
        left: list[str] = [principle for principle in PRINCIPLES if principle not in self.levels]
        return left + [name for name in ("overall", "lean") if getattr(self, name) is None]

    def label(self, transcript: Transcript) -> Label:
        """The finished label; without behaviours it has no codes, and agreement on them is not counted.

        Raises:
            InputError: if something is undecided.
        """
        if left := self.missing():
            raise InputError(f"Still to be decided: {', '.join(left)}. Your marks are kept.")
        turns = [str(turn.i) for turn in transcript.turns if turn.speaker == "manager"] if self.coded else []
        fields = {name: getattr(self, name) for name in ("levels", "overall", "lean", "best", "worst")}
        codes = {turn: self.codes.get(turn, ()) for turn in turns}
        return Label.model_validate({"id": transcript.id, "codes": codes, **fields})


@dataclass(frozen=True)
class Collection:
    """Conversations to label, and what others found in them."""

    name: str
    transcripts: Mapping[str, Transcript]
    references: Path | None
    engines: Path

    def order(self, owner: str) -> list[str]:
        """The conversations in this person's order, always the same."""
        return random.Random(f"{self.name}/{owner}").sample(sorted(self.transcripts), len(self.transcripts))  # noqa: S311 - an order is no secret

    def results(self) -> dict[str, list[Line]]:
        """Stored results by engine."""
        found: dict[str, list[Line]] = {}
        for path in sorted(self.engines.glob("*.jsonl")):
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
            for line in lines:
                found.setdefault(str(line.get("engine", path.stem)), []).append(line)
        return found


@dataclass(frozen=True)
class Compared:
    """How far one's labels agree with somebody else's."""

    name: str
    n: int
    figures: Mapping[str, Any]

    @property
    def few(self) -> bool:
        """Whether there are too few conversations to rely on it."""
        return self.n < ENOUGH


def collections(home: Path, suite: Path) -> dict[str, Path]:
    """Files of conversations by the name of their collection; the suite first, if it is there."""
    own = {path.parent.name: path for path in sorted((home / FOLDER).glob("*/transcripts.jsonl"))}
    return ({SUITE: suite} if suite.is_file() else {}) | {name: path for name, path in own.items() if name != SUITE}


def collection(name: str, home: Path, suite: Path) -> Collection:
    """A collection by name.

    Raises:
        InputError: if there is none.
    """
    known = collections(home, suite)
    if name not in known:
        raise InputError(f"There is no collection {name[:40]!r} to label; there are: {', '.join(known) or 'none'}.")
    path = known[name]
    read = {one.id: one for one in read_transcripts([path]) if not isinstance(one, Unreadable)}
    labels = path.with_name("labels.jsonl")
    return Collection(name, read, labels if labels.is_file() else None, home / FOLDER / name / "engines")


def add_collection(name: str, transcripts: Iterable[Transcript], home: Path, labels: Path | None = None) -> int:
    """Make a collection of recordings; returns how many it has.

    Raises:
        InputError: if the name cannot be used or is taken, there is nothing in it, or it cannot be written.
    """
    folder = home / FOLDER / name
    if not _NAME.fullmatch(name) or name == SUITE:
        raise InputError(f"{name[:60]!r} cannot name a collection; use up to 40 small letters, digits, - and _.")
    if (folder / "transcripts.jsonl").exists():
        raise InputError(f"There is a collection {name!r} already; choose another name or delete {folder}.")
    references = read_labels(labels) if labels else []
    lines = [
        {"id": one.id, "turns": [{"speaker": turn.speaker, "text": turn.text} for turn in one.turns]}
        for one in transcripts
    ]
    if not lines:
        raise InputError("There is no conversation in these files that could be labelled.")
    folder.mkdir(parents=True, exist_ok=True)
    if references:
        _write(references, folder / "labels.jsonl")
    _write(lines, folder / "transcripts.jsonl")
    return len(lines)


def add_results(to: Collection, results: Path) -> tuple[str, int]:
    """Keep the results of an engine for conversations of a collection; returns its name and how many they are.

    Raises:
        InputError: if the folder has no results for any of them, or several engines made them.
    """
    lines, engines = [], set()
    for _, line in read_lines(results_file(results)):
        if line.id in to.transcripts and line.status == "scored":
            made = line.provenance
            engine = ", ".join(part for part in (line.model, made.coder, made.basis) if part)
            engines.add(engine)
            full = line.model_dump(mode="json")
            lines.append({"engine": engine, **{name: full[name] for name in COMPARED}})
    if len(engines) != 1:
        told = "by several engines" if engines else f"for no conversation of {to.name!r}"
        raise InputError(f"The results in {results} are {told}; name a folder that one engine scored.")
    engine = engines.pop()
    to.engines.mkdir(parents=True, exist_ok=True)
    _write(lines, to.engines / f"{hashlib.sha256(engine.encode()).hexdigest()[:12]}.jsonl")
    return engine, len(lines)


def compare(labels: Sequence[Label], engines: Mapping[str, Sequence[Line]]) -> list[Compared]:
    """Agreement of somebody's labels with what each of the others found in the same conversations."""
    mine = [label.model_dump(mode="json") for label in labels]
    found = []
    for name, lines in engines.items():
        figures = agreement(lines, mine)
        if figures["n"]:
            found.append(Compared(name, figures["n"], figures))
    return found


def _write(lines: Iterable[Mapping[str, Any]], path: Path) -> None:
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
