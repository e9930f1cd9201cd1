"""What the coach answers about one talk: sentences, and under them the words and passages they rest on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coach.domain import Citation, Frozen, Speaker

Kind = Literal["level", "turn", "words", "hidden", "agreed", "knowledge", "other"]
"""What a question is about: a judgement, what happened, other words, what stayed hidden, what was agreed, the
knowledge base, or something that the coach cannot answer."""


class Said(Frozen):
    """Words of the talk, verbatim in the cited turn."""

    turn: int
    speaker: Speaker
    quote: str


class Example(Frozen):
    """Words that could be said. They are an example, not the answer."""

    words: str
    origin: str = Field(description="where they come from, for people")


class Answer(Frozen):
    """An answer with what it rests on."""

    kind: Kind
    text: tuple[str, ...] = Field(description="paragraphs")
    said: tuple[Said, ...] = ()
    passages: tuple[Citation, ...] = ()
    examples: tuple[Example, ...] = ()
    suggestions: tuple[str, ...] = Field((), description="questions that can be answered about this talk")
    by: str = Field("offline", description="the model and prompt that put it together; offline: no model did")
