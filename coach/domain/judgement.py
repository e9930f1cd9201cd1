"""What the critique says, every judgement with its two quotes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coach.domain.conversation import Provenance
from coach.domain.vocabulary import AspectId, Code, Frozen, Level, PrincipleId

PassageKind = Literal["guidance", "warning", "reference"]
"""What to do, what goes wrong, or what is there to look up and not quoted at anybody."""


class Passage(Frozen):
    """A passage of the knowledge base as a search returned it."""

    source: str
    section: str
    text: str
    score: float = 0.0
    principles: tuple[PrincipleId, ...] = ()
    title: str = ""
    kind: PassageKind = "guidance"


class Evidence(Frozen):
    """The manager's own words, verbatim in the cited turn."""

    turn: int
    quote: str


class Citation(Frozen):
    """Words of the knowledge base, verbatim in the cited section of the cited source."""

    source: str
    section: str
    quote: str
    title: str = ""


class Finding(Frozen):
    """One judgement with its two quotes: what was said and why it matters."""

    principle: PrincipleId
    kind: Literal["strength", "slip", "missed"]
    code: Code | None = Field(None, description="None for an opening that was let pass")
    level: Level
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    passages: Annotated[tuple[Citation, ...], Field(min_length=1)]
    effect: str = ""
    advice: str
    asks_for: Code | None = Field(None, description="the behaviour that the advice asks for, of what went wrong")
    better_words: str = ""
    better_words_from: str = Field("", description="where the example words come from")
    worded_by: str = Field("", description="the writer whose words these are; not always the one that was chosen")


class AspectLean(Frozen):
    """Where a conversation stood on one aspect, -2 (managing) to +2 (leading); None: not shown."""

    aspect: AspectId
    lean: float | None
    evidence: int = Field(description="number of coded behaviours it rests on")


class Practice(Frozen):
    """A step to practise next."""

    principle: PrincipleId
    tip: str
    exercise: str


class Critique(Frozen):
    """The judgement of one conversation."""

    levels: dict[PrincipleId, Level | None]
    overall: Level
    lean: Annotated[int, Field(ge=-2, le=2)]
    best: int | None
    worst: int | None
    findings: tuple[Finding, ...]
    keep: int | None = Field(None, description="index of the finding to keep doing")
    change: int | None = Field(None, description="index of the finding to change first")
    profile: tuple[AspectLean, ...] = ()
    plan: tuple[Practice, ...] = ()
    dropped: int = Field(0, description="findings whose quotes did not check and were left out")
    reliability: str = "not measured"
    provenance: Provenance = Provenance()
