"""The line that other people's tools read: one JSON object for each conversation."""

from __future__ import annotations

from typing import Literal

from coach.domain import (
    PRINCIPLES,
    About,
    AspectLean,
    Code,
    Critique,
    Finding,
    Frozen,
    Level,
    Practice,
    PrincipleId,
    Provenance,
    Speaker,
    Transcript,
)


class Said(Frozen):
    """One utterance, so that a report can show the conversation without its recording."""

    speaker: Speaker
    text: str
    seconds: float | None = None


class CritiqueLine(Frozen):
    """A line of ``critiques.jsonl``: a scored conversation, or one that failed; the reason also says what fell back."""

    id: str
    codes: dict[str, tuple[Code, ...]]
    levels: dict[PrincipleId, Level | None]
    overall: Level | None
    lean: int | None
    best: int | None
    worst: int | None
    findings: tuple[Finding, ...]
    status: Literal["scored", "failed"]
    reason: str
    model: str
    keep: int | None
    change: int | None
    profile: tuple[AspectLean, ...]
    plan: tuple[Practice, ...]
    dropped: int
    reliability: str
    provenance: Provenance
    about: About = About()
    turns: tuple[Said, ...] = ()

    @property
    def said(self) -> list[int]:
        """Indices of what the manager said; ``codes`` names them where the line does not hold the words."""
        if self.turns:
            return [i for i, turn in enumerate(self.turns) if turn.speaker == "manager"]
        return sorted(int(i) for i in self.codes)


def critique_line(transcript: Transcript, critique: Critique) -> dict[str, object]:
    """A scored conversation; ``codes`` has an entry for every manager turn."""
    codes = {
        str(turn.i): turn.reading.codes if turn.reading else ()
        for turn in transcript.turns
        if turn.speaker == "manager"
    }
    judged = {name: getattr(critique, name) for name in Critique.model_fields}
    notes = dict.fromkeys(turn.reading.note for turn in transcript.turns if turn.reading and turn.reading.note)
    line = CritiqueLine(
        id=transcript.id,
        codes=codes,
        status="scored",
        reason="; ".join(notes),
        model=critique.provenance.model,
        about=transcript.about,
        turns=tuple(Said(speaker=turn.speaker, text=turn.text, seconds=turn.seconds) for turn in transcript.turns),
        **judged,
    )
    return line.model_dump(mode="json")


def failed_line(
    transcript_id: str, reason: str, provenance: Provenance, about: About | None = None
) -> dict[str, object]:
    """A conversation that could not be judged: nothing in it may be taken for a score."""
    nothing = CritiqueLine(
        id=transcript_id,
        codes={},
        levels=dict.fromkeys(PRINCIPLES),
        overall=None,
        lean=None,
        best=None,
        worst=None,
        findings=(),
        status="failed",
        reason=reason,
        model=provenance.model,
        keep=None,
        change=None,
        profile=(),
        plan=(),
        dropped=0,
        reliability="not measured",
        provenance=provenance,
        about=about or About(),
    )
    return nothing.model_dump(mode="json")
