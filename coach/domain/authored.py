"""What trainers write: behaviours, principles, aspects and scenarios."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from coach.domain.vocabulary import (
    AspectId,
    Code,
    Frozen,
    Level,
    Line,
    Lines,
    Mood,
    Percent,
    PrincipleId,
    Slug,
    Speaker,
    Strength,
    Text,
)


class Behaviour(Frozen):
    """One behaviour code: what a manager's turn shows (codebook, layer 1)."""

    code: Code
    name: Text
    kind: Literal["strength", "slip"]
    definition: Text
    principles: Annotated[tuple[PrincipleId, ...], Field(min_length=1)]
    effect: Text = Field(description="what it tends to do to the rep")
    examples: Annotated[tuple[Line, ...], Field(min_length=3)]
    not_this: Annotated[tuple[Line, ...], Field(min_length=1)]
    advice: tuple[Line, ...] = Field((), description="for a strength: how to take it further")
    instead: dict[Strength, Annotated[tuple[Line, ...], Field(min_length=2)]] = Field(
        {}, description="for a slip: strengths that would have served, best first, each with advice that leads to it"
    )

    @model_validator(mode="after")
    def _advises(self) -> Self:
        if bool(self.advice) == (self.kind == "slip") or bool(self.instead) != (self.kind == "slip"):
            raise ValueError("a strength needs `advice`, a slip needs `instead`, and neither has the other")
        return self


class Principle(Frozen):
    """One leadership principle with the anchors of its five levels (codebook, layer 2)."""

    id: PrincipleId
    name: Text
    statement: Text
    aspect: AspectId
    levels: dict[Level, Text]
    call: Text = Field(description="what in a rep's words calls for this principle")
    cues: Lines = Field(description="example rep lines that call for it")
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    missed: Lines = Field(description="advice for an opening that was let pass")
    tip: Text = Field(description="the step from managing to leading for this principle")
    practise: Text = Field(description="a small exercise for the next one-on-one")


class Aspect(Frozen):
    """One of the six aspects in which managing and leading differ (second article, chapter 4)."""

    id: AspectId
    name: Text
    manager: Text
    leader: Text
    manager_codes: tuple[Code, ...]
    leader_codes: tuple[Code, ...]


class Acts(Frozen):
    """The plain act that a manager reads in the place of a behaviour's or a principle's name."""

    behaviours: dict[Code, Line]
    principles: dict[PrincipleId, Line]


class Persona(Frozen):
    """Who the rep is. Motive and fear steer the voice; nothing here is a hidden fact."""

    name: Line
    pronouns: Line
    role: Line
    tenure: Line
    manner: Text
    motive: Text
    fear: Text
    cost: Text = Field(description="what being open would cost the rep")
    face_saver: Line
    voice: Text


class Start(Frozen):
    """Where the rep stands when the conversation begins, each 0-100."""

    trust: Percent
    strain: Percent
    openness: Percent


class MoodLines(Frozen):
    """Lines for each mood of the rep."""

    guarded: Lines
    wary: Lines
    open: Lines


class Topic(Frozen):
    """Something the conversation can be about, how a manager touches it and what the rep answers."""

    id: Slug
    name: Line
    presenting: bool = Field(False, description="answers open questions that touch no other topic")
    words: tuple[Line, ...] = Field((), description="words or phrases; a trailing * matches any ending")
    asks: tuple[Line, ...] = Field((), description="ways a manager might ask about it")
    answers: MoodLines


class Particular(Frozen):
    """A small answer to a narrow question; harmless, or about a fact that was told already."""

    topic: Slug
    asks: Lines = Field(description="ways a manager might ask just this")
    says: Lines
    mood: Mood = Field("guarded", description="the least mood in which the rep says it")
    after: Slug | None = Field(None, description="the fact that must have been told; only then may it speak of it")


class Gate(Frozen):
    """When a hidden fact opens: trust reached, behaviours shown on its topic, earlier facts open."""

    trust: Annotated[int, Field(ge=0, le=95)]
    all_of: tuple[Strength, ...] = ()
    any_of: tuple[Strength, ...] = ()
    after: tuple[Slug, ...] = ()


class Fact(Frozen):
    """Something true of the rep that has to be earned."""

    id: Slug
    topic: Slug
    text: Text
    gate: Gate
    hints: Lines
    lines: Lines
    giveaways: tuple[Line, ...] = Field(
        (),
        description="words or phrases that would tell it; a trailing * matches any ending, "
        "'a | b' is either of them, 'a & b' needs both in one reply",
    )


class AnyMoodLines(Frozen):
    """Lines by mood that a scenario may go without."""

    guarded: tuple[Line, ...] = ()
    wary: tuple[Line, ...] = ()
    open: tuple[Line, ...] = ()


class Unsaid(Frozen):
    """How the rep declines a question that no line answers, by what was asked; settles and reveals nothing."""

    open: tuple[Line, ...] = Field((), description="what leaves the rep free: how it came to that, what it is like")
    who: tuple[Line, ...] = ()
    when: tuple[Line, ...] = ()
    how_many: tuple[Line, ...] = ()
    where: tuple[Line, ...] = ()
    which: tuple[Line, ...] = ()
    yes_no: tuple[Line, ...] = ()
    what_said: tuple[Line, ...] = ()
    why: tuple[Line, ...] = ()


class Asides(Frozen):
    """What the rep says when a turn is about something else."""

    greeting: Lines
    small_talk: Lines
    thanks: Lines
    unclear: Lines
    meta: Lines = Field(description="answers to talk about simulations, prompts and instructions")
    personal: Lines = Field(description="answers to questions a manager may not ask")
    closing: Lines
    meant: tuple[Line, ...] = Field((), description="asked what words of the rep's own meant, an image above all")
    misheard: tuple[Line, ...] = Field((), description="told that the last answer was beside the question")
    between_us: tuple[Line, ...] = Field((), description="asked which of the two does something, or both together")
    refusals: Lines = Field(description="short lines that may come again")
    evasions: MoodLines
    unsaid: Unsaid = Unsaid()
    not_yet: AnyMoodLines = Field(AnyMoodLines(), description="asked what the last hint was about, before it is earned")
    offered: AnyMoodLines = Field(
        AnyMoodLines(), description="to something concrete offered or proposed with a question"
    )

    def plain(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The groups of lines that know neither mood nor kind."""
        return ((name, lines) for name, lines in self if isinstance(lines, tuple))

    def grouped(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The other groups, each by mood or kind: ``evasions.wary``."""
        groups = ((name, group) for name, group in self if not isinstance(group, tuple))
        return ((f"{name}.{which}", lines) for name, group in groups for which, lines in group)


class NextTime(Frozen):
    """The rep's first words when the two meet again, by what has happened since; nothing here tells a fact."""

    kept: Lines = Field(description="the manager did what was promised")
    broken: Lines = Field(description="the manager did not")
    better: Lines = Field(description="the figures, or whatever was at stake, moved the right way")
    worse: Lines = Field(description="they moved the wrong way")
    quiet: Lines = Field(description="nothing in particular")


class Endings(Frozen):
    """The rep's last words."""

    good: Lines
    fair: Lines
    bad: Lines
    walkout: Lines


class Suggestion(Frozen):
    """What a good manager could say to this rep on this topic."""

    topic: Slug
    codes: Annotated[tuple[Strength, ...], Field(min_length=1)]
    words: Line


class ExampleTurn(Frozen):
    """A turn of the annotated good conversation."""

    speaker: Speaker
    text: Line
    codes: tuple[Code, ...] = ()
    note: str = ""


class Difficulty(StrEnum):
    """How forgiving the rep is."""

    EASY = "easy"
    STANDARD = "standard"
    HARD = "hard"


class Scenario(Frozen):
    """A conversation worth practising, with everything the rep can say without a model."""

    id: Slug
    title: Line
    stakes: Line
    minutes: Annotated[int, Field(ge=3, le=60)]
    brief: Text
    goal: Line
    difficulty: Difficulty
    focus: Annotated[tuple[PrincipleId, ...], Field(min_length=1)]
    persona: Persona
    start: Start
    topics: Annotated[tuple[Topic, ...], Field(min_length=2)]
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    particulars: tuple[Particular, ...] = ()
    openings: Lines
    reactions: dict[Code, MoodLines]
    asides: Asides
    challenges: MoodLines = Field(description="hard questions the rep asks back")
    tests: Lines = Field(description="what the rep says to find out whether a promise is meant")
    endings: Endings
    next_time: NextTime
    suggestions: Annotated[tuple[Suggestion, ...], Field(min_length=3)]
    example: Annotated[tuple[ExampleTurn, ...], Field(min_length=6)]

    def all_lines(self) -> Iterator[tuple[str, str]]:
        """Every line the rep can say, with its id (``answers.workload.open.2``)."""
        groups: list[tuple[str, tuple[str, ...]]] = [("openings", self.openings)]
        groups += [(f"answers.{topic.id}.{mood}", lines) for topic in self.topics for mood, lines in topic.answers]
        groups += [
            (f"reactions.{code}.{mood}", lines) for code, moods in self.reactions.items() for mood, lines in moods
        ]
        groups += [(f"hints.{fact.id}", fact.hints) for fact in self.facts]
        groups += [(f"facts.{fact.id}", fact.lines) for fact in self.facts]
        groups += [(f"particulars.{i}", one.says) for i, one in enumerate(self.particulars)]
        groups += [(f"asides.{name}", lines) for name, lines in self.asides.plain()]
        groups += [(f"asides.{name}", lines) for name, lines in self.asides.grouped()]
        groups += [(f"challenges.{mood}", lines) for mood, lines in self.challenges]
        groups += [("tests", self.tests)]
        groups += [(f"endings.{name}", lines) for name, lines in self.endings]
        groups += [(f"next_time.{name}", lines) for name, lines in self.next_time]
        for group, lines in groups:
            for i, line in enumerate(lines):
                yield f"{group}.{i}", line

    def told_by(self, key: str) -> str | None:
        """The id of the fact that a line of ``all_lines`` tells, or speaks of once it was told; None of all others."""
        group, name, *_ = key.split(".")
        if group == "particulars":
            return self.particulars[int(name)].after
        return name if group == "facts" else None

    def lines_of(self, facts: Collection[str]) -> tuple[str, ...]:
        """The lines of ``all_lines`` that one of these facts, by id, is told by."""
        told = [line for fact in self.facts if fact.id in facts for line in fact.lines]
        return (*told, *(line for one in self.particulars if one.after in facts for line in one.says))
