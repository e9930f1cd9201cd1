"""The published rules and weights from which levels, overall, lean and moments follow.

``knowledge/rubric.yaml`` is what a person reads; ``python -m eval.fit_rubric`` fits and writes it.
Strengths can only count for and slips only against: the form refuses anything else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from coach.content import read_yaml
from coach.content.places import shipped
from coach.domain import PRINCIPLES, Code, Frozen, Level, PrincipleId, Probability, Slip, Strength

Weight = Annotated[float, Field(ge=0, le=10)]


class Hearing(Frozen):
    """How the codes of the turns become evidence."""

    floor: Probability = Field(description="a heard code counts this much plus the rest by its probability")
    repeat: Probability = Field(description="each further showing of a code counts this share of the one before")
    repairs: tuple[Strength, ...] = Field(description="behaviours that repair a slip heard before them")
    repaired: Probability = Field(description="share of a slip that still counts after a certain repair")
    openings: Annotated[int, Field(ge=1)] = Field(description="how many of the rep's strongest openings count")


class Scale(Frozen):
    """A value from evidence: ``start + (up * F - down * A) / (1 + F + A)``.

    F and A are the weighted sums of the evidence for and against, so the first clear showing moves
    most, and a value never leaves ``start - down`` to ``start + up``.
    """

    start: float
    up: Annotated[float, Field(ge=0)]
    down: Annotated[float, Field(ge=0)]
    support: dict[Strength, Weight] = Field(description="strengths that count for, and how much")
    against: dict[Slip, Weight] = Field(description="slips that count against, and how much")


class Call(Frozen):
    """Whether a principle is rated at all: when its points reach 1.

    Points are ``always``, plus ``opening`` times the strength of the rep's openings, plus each heard
    code's points times its evidence (at most 1).
    """

    always: Weight
    opening: Weight
    codes: dict[Code, Weight]


class PrincipleRules(Frozen):
    """How one principle is rated."""

    call: Call
    scale: Scale


class Cap(Frozen):
    """The most the overall can be without any of these behaviours."""

    name: str
    without: Annotated[tuple[Strength, ...], Field(min_length=1)]
    most: Level


class Moments(Frozen):
    """Points of a turn: what helped and what hurt."""

    faint: Probability = Field(description="codes less probable than this count nothing, others by their root")
    helps: dict[Strength, Weight]
    spoils: dict[Slip, Weight] = Field(description="what a slip takes from a turn that also helped")
    hurts: dict[Slip, Weight]
    softens: dict[Strength, Weight] = Field(description="what a strength takes from a turn that also hurt")
    least_help: Weight
    least_hurt: Weight


class Rubric(Frozen):
    """Everything the ratings are computed from."""

    version: str
    hearing: Hearing
    cuts: Annotated[tuple[float, float, float, float], Field(description="values at which the level rises")]
    five: Annotated[int, Field(ge=1)] = Field(description="different strengths of a principle that a 5 needs")
    overall_five: Annotated[int, Field(ge=1)] = Field(description="different strengths that an overall 5 needs")
    principles: dict[PrincipleId, PrincipleRules]
    overall: Scale
    caps: tuple[Cap, ...]
    lean: Scale
    lean_cuts: tuple[float, float, float, float]
    moments: Moments

    @model_validator(mode="after")
    def _complete(self) -> Rubric:
        missing = [p for p in PRINCIPLES if p not in self.principles]
        if missing:
            raise ValueError(f"principles without rules: {', '.join(missing)}")
        for cuts in (self.cuts, self.lean_cuts):
            if list(cuts) != sorted(cuts):
                raise ValueError("cuts have to rise")
        return self

    @classmethod
    def load(cls, path: Path | None = None) -> Rubric:
        """Read a rubric, by default the one that ships.

        Raises:
            ContentError: if it breaks the form.
            ConfigError: if the shipped one is missing.
        """
        return read_yaml(path or shipped() / "knowledge" / "rubric.yaml", cls)
