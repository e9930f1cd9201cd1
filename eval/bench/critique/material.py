"""What the benchmark works with: the labelled recordings, lines that are no leadership, slips and their repairs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, TypeAdapter

from coach.domain import Code, Frozen, Slip, Speaker, Transcript
from coach.evaluation import read_labels
from coach.transcripts import read_transcripts

EVAL = Path(__file__).parents[2]
SUITE = EVAL / "suite"
DATA = EVAL / "critique"

Few = Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Said:
    """One utterance."""

    speaker: Speaker
    text: str


Talk = tuple[Said, ...]


class Lines(Frozen):
    """Lines that are put into recordings; see ``eval/critique/lines.yaml``."""

    fillers: Few
    self_praise: Few
    recited: Few
    injections: Few
    small_talk: tuple[tuple[str, str], ...]
    plain: Few
    closed_questions: Few
    stacked_questions: Few
    rep_rewrites: tuple[tuple[str, str], ...]
    names: dict[str, str]


class Repair(Frozen):
    """Words of one labelled turn that carry a slip, and what a mentor would have said in their place."""

    id: str
    turn: int
    code: Slip
    slip: str = Field(description="verbatim in the turn")
    repair: str


@dataclass(frozen=True)
class Recording:
    """A labelled one-on-one."""

    id: str
    talk: Talk
    codes: Mapping[int, tuple[Code, ...]]


def lines() -> Lines:
    """The lines that are put into recordings."""
    return Lines.model_validate(yaml.safe_load((DATA / "lines.yaml").read_text("utf-8")))


def repairs() -> list[Repair]:
    """The pairs of slip and repair."""
    rows = [json.loads(line) for line in (DATA / "repairs.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return TypeAdapter(list[Repair]).validate_python(rows)


def recordings(limit: int | None = None) -> list[Recording]:
    """The labelled suite, or its first conversations."""
    labels = {label["id"]: label["codes"] for label in read_labels(SUITE / "labels.jsonl")}
    read = [t for t in read_transcripts([SUITE / "transcripts.jsonl"]) if isinstance(t, Transcript)]
    return [_recording(transcript, labels[transcript.id]) for transcript in read[:limit]]


def _recording(transcript: Transcript, codes: Mapping[str, Sequence[Code]]) -> Recording:
    talk = tuple(Said(turn.speaker, turn.text) for turn in transcript.turns)
    return Recording(transcript.id, talk, {int(turn): tuple(shown) for turn, shown in codes.items()})
