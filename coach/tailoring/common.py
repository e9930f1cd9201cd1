"""What ships for tailoring: what each built-in is about, and what may stand where it speaks of its own trade."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from coach.domain import Code, Fact, Frozen, Gate, Line, Lines, MoodLines, Slug, Strength, Text


class CommonFact(Frozen):
    """A hidden fact that may lie behind many conversations."""

    id: Slug
    topics: tuple[Slug, ...] = Field(description="built-in topics it goes to, best first")
    text: Text
    gate: Gate
    hints: Lines
    lines: Lines
    giveaways: tuple[Line, ...] = ()

    def fact(self, name: str, topic: str, first: str) -> Fact:
        """The fact on a topic of a scenario, said of somebody by their first name."""
        text = self.text.replace("The rep", first).replace("the rep", first)
        return Fact(**self.model_dump(exclude={"topics"}) | {"id": name, "topic": topic, "text": text})


class CommonPersona(Frozen):
    """What moves many a rep."""

    motive: Text
    fear: Text
    cost: Text
    face_saver: Line


class CommonTopic(Frozen):
    """The topic that the conversation begins with."""

    name: Line
    asks: Lines
    openings: Lines
    answers: MoodLines


class CommonSuggestion(Frozen):
    """What a good manager could say about anything."""

    codes: Annotated[tuple[Strength, ...], Field(min_length=1)]
    words: Line


class CommonTurn(Frozen):
    """A manager's turn of the example, and which of the rep's lines answers it."""

    words: Line
    codes: tuple[Code, ...]
    answer: tuple[str, str]
    note: Line


class Common(Frozen):
    """All of ``knowledge/tailoring.yaml``; ``situations`` end with a line of words."""

    situations: dict[Slug, Annotated[tuple[Line, ...], Field(min_length=2)]]
    persona: CommonPersona
    topic: CommonTopic
    topics: dict[Slug, Line]
    facts: Annotated[tuple[CommonFact, ...], Field(min_length=3)]
    suggestions: Annotated[tuple[CommonSuggestion, ...], Field(min_length=3)]
    example: Annotated[tuple[CommonTurn, ...], Field(min_length=3)]
