"""The fixed ids: behaviour codes, principles, aspects; and the bounded types built on them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Speaker = Literal["manager", "rep"]
Strength = Literal[
    "ASK", "REFLECT", "EMPATHY", "SAFETY", "PURPOSE", "MOTIVE", "CHOICE", "SUPPORT", "CREDIT",
    "OWN", "INSIGHT", "TRY", "STANDARD", "DEVELOP", "ALIGN",
]  # fmt: skip
Slip = Literal[
    "COMMAND", "THREAT", "BLAME", "DISMISS", "CONTROL", "WEAPON", "DEFLECT", "OVERPROMISE", "SHORTCUT"
]  # fmt: skip
Code = Literal[
    "ASK", "REFLECT", "EMPATHY", "SAFETY", "PURPOSE", "MOTIVE", "CHOICE", "SUPPORT", "CREDIT",
    "OWN", "INSIGHT", "TRY", "STANDARD", "DEVELOP", "ALIGN",
    "COMMAND", "THREAT", "BLAME", "DISMISS", "CONTROL", "WEAPON", "DEFLECT", "OVERPROMISE", "SHORTCUT",
]  # fmt: skip
PrincipleId = Literal[
    "vision", "coaching", "motivation", "wellbeing", "trust", "psychological_safety", "integrity",
    "data", "change", "accountability", "recognition", "strategy", "developing",
]  # fmt: skip
Mood = Literal["guarded", "wary", "open"]
AspectId = Literal["focus", "approach", "time_horizon", "relationship", "decision_making", "motivation_style"]

STRENGTHS: tuple[Strength, ...] = Strength.__args__  # type: ignore[attr-defined]
SLIPS: tuple[Slip, ...] = Slip.__args__  # type: ignore[attr-defined]
CODES: tuple[Code, ...] = Code.__args__  # type: ignore[attr-defined]
PRINCIPLES: tuple[PrincipleId, ...] = PrincipleId.__args__  # type: ignore[attr-defined]
MOODS: tuple[Mood, ...] = Mood.__args__  # type: ignore[attr-defined]
ASPECTS: tuple[AspectId, ...] = AspectId.__args__  # type: ignore[attr-defined]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
Level = Annotated[int, Field(ge=1, le=5)]
Percent = Annotated[float, Field(ge=0, le=100)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Frozen(BaseModel):
    """Base of every value object: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
