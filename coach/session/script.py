"""Scripted managers: what they say, or who they are, and what should come of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from coach.domain import Code, Difficulty, Frozen, PrincipleId, Since, Text

ScriptLine = Annotated[str, StringConstraints(max_length=100_000)]
ManagerLine = Annotated[int, Field(ge=0)]
MOST_TURNS = 100


class Range(Frozen):
    """Bounds on a number, both inclusive, either may be left out."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value lies within the bounds."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        """The bounds in words."""
        parts = [("at least", self.at_least), ("at most", self.at_most)]
        return " and ".join(f"{words} {value:g}" for words, value in parts if value is not None)


class Moment(Frozen):
    """What should be true at some point of a scripted conversation."""

    trust: Range | None = None
    strain: Range | None = None
    opened: tuple[str, ...] = Field((), description="facts that must have opened by then")
    closed: tuple[str, ...] = Field((), description="facts that must not have opened by then")
    opened_count: Range | None = Field(None, description="how many facts have opened, whichever they are")
    levels: dict[PrincipleId, Range] = Field(
        {}, description="told as unscored where levels are not measured well enough"
    )


class AtLine(Moment):
    """What should be true once the rep has answered a line of the manager."""

    line: ManagerLine = Field(description="manager line (0-based)")
    codes: tuple[Code, ...] = Field((), description="codes the line must show")


class Expectation(Moment):
    """What should be true at the end of a scripted conversation, and on the way there."""

    codes: dict[ManagerLine, tuple[Code, ...]] = Field({}, description="manager line (0-based) -> codes it must show")
    overall: Range | None = None
    at: tuple[AtLine, ...] = Field((), description="what should be true after single lines")


class Script(Frozen):
    """A manager's lines (or who a model plays), what they play against and what should come of it."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["manager"]}, {"required": ["profile"]}]})

    id: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    about: str = ""
    scenario: str | None = None
    difficulty: Difficulty | None = None
    seed: int = 1
    manager: Annotated[tuple[ScriptLine, ...], Field(min_length=1, max_length=MOST_TURNS)] = ()
    profile: Text | None = Field(None, description="instead of lines: the manager a model plays")
    turns: Annotated[int, Field(ge=1, le=MOST_TURNS)] = Field(12, description="the most that a profile's manager says")
    earlier: Annotated[tuple[ScriptLine, ...], Field(max_length=MOST_TURNS)] = Field(
        (), description="what the manager said in the one-on-one before; it is played first and judged by nobody"
    )
    since: Since | None = Field(None, description="what has happened since that one-on-one")
    expect: Expectation = Expectation()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.earlier) != (self.since is not None):
            raise ValueError("earlier lines need since (what has happened since then), and since needs earlier lines")
        if bool(self.manager) == (self.profile is not None):
            raise ValueError("a script has either lines (manager) or a profile")
        return self
