"""What happens in a conversation: turns, what was heard in them, where the rep stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from coach.domain.authored import Difficulty
from coach.domain.vocabulary import SLIPS, Code, Frozen, Mood, Percent, PrincipleId, Probability, Speaker

Aside = Literal["greeting", "small_talk", "thanks", "unclear", "meta", "personal", "closing"]


class Reading(Frozen):
    """What a coder heard in one turn, given only that turn and the ones before it.

    For a manager's turn: the behaviour codes. For a rep's turn: the openings and danger.
    """

    probabilities: dict[Code, Probability] = {}
    codes: tuple[Code, ...] = ()
    quotes: dict[Code, str] = Field({}, description="the words that carry each code, verbatim in the turn")
    topics: tuple[str, ...] = ()
    promises: tuple[str, ...] = Field((), description="dated or specific commitments, verbatim in the turn")
    aside: Aside | None = Field(None, description="what the turn is about when it is about no topic")
    openings: dict[PrincipleId, Probability] = Field({}, description="principles that the rep's words call for")
    danger: bool = Field(False, description="the words point to danger to a person")
    coder: str = Field("", description="engine and version that read it")
    note: str = Field("", description="why another engine than the chosen one read it")

    def sure(self, code: Code) -> float:
        """Probability of a code that was heard, 0 if it was not."""
        return self.probabilities.get(code, 1.0) if code in self.codes else 0.0

    def outweighed(self, slip: Code) -> bool:
        """Whether something good was heard in the same turn, and more surely than a slip."""
        return any(self.sure(code) > self.sure(slip) for code in self.codes if code not in SLIPS)

    @property
    def slipped(self) -> bool:
        """Whether a slip was heard, however surely."""
        return any(code in SLIPS for code in self.codes)


Since = Literal["kept", "broken", "better", "worse", "quiet"]
"""What has happened since the one-on-one before: a promise kept or broken, things got better or worse, or nothing."""
SINCE: tuple[Since, ...] = Since.__args__  # type: ignore[attr-defined]


class RepState(Frozen):
    """Where the rep stands after a turn; everything the dynamics need to take the next step."""

    trust: Percent
    strain: Percent
    openness: Percent
    mood: Mood
    open_facts: tuple[str, ...] = ()
    topic: str = Field("", description="what the conversation is about now")
    hinted: str = Field("", description="the fact the rep's last line hinted at")
    lost: float = Field(
        0.0, ge=0, description="trust lost in the last manager turn, which the next cannot fully repair"
    )
    moves: dict[Code, int] = Field({}, description="how often each behaviour was shown so far")
    shown_on: dict[str, tuple[Code, ...]] = Field({}, description="topic id -> behaviours shown while it was touched")
    visits: dict[str, int] = Field({}, description="topic id -> manager turns that listened while it was touched")


class Usage(Frozen):
    """What calls to a model cost."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def plus(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class Turn(Frozen):
    """One utterance. ``i`` is 0-based over the turns of its path; ``parent`` is a stored turn's id."""

    i: Annotated[int, Field(ge=0)]
    speaker: Speaker
    text: str
    id: str = ""
    parent: str | None = None
    reading: Reading | None = None
    state: RepState | None = Field(None, description="the rep's state after this turn, in practice only")
    lines: tuple[str, ...] = Field((), description="ids of the authored lines the text is made of")
    opened: tuple[str, ...] = Field((), description="facts whose gate this turn opened")
    notice: bool = Field(False, description="not the rep's words: the coach stepped out of the play")
    notes: tuple[str, ...] = Field((), description="what was decided on the way to these words, for the log")
    hint: str = Field("", description="what the coach whispered when the manager asked for a hint after this turn")
    usage: Usage = Usage()
    at: dt.datetime | None = None
    seconds: float | None = Field(None, ge=0, description="when it begins in a recording, counted from its start")


def rep_before(turns: Sequence[Turn], i: int) -> str:
    """The rep's words that the turn at ``i`` answers: the nearest before it; empty if there are none."""
    return next((turn.text for turn in reversed(turns[:i]) if turn.speaker == "rep" and not turn.notice), "")


class Promise(Frozen):
    """Something the manager committed to in a one-on-one, in the manager's own words."""

    words: str
    at: dt.datetime | None = Field(None, description="when it was said")


class Provenance(Frozen):
    """What produced a result, so that it can be repeated and compared."""

    model: str = "offline"
    coder: str = ""
    content: str = Field("", description="hash of the authored content")
    basis: str = Field("", description="hash of what levels rest on: rules, and what a model is shown to code by")
    prompts: dict[str, str] = Field({}, description="prompt name -> hash")
    version: str = ""
    seed: int | None = None
    usage: Usage = Field(Usage(), description="calls and tokens this result took")


class About(Frozen):
    """Whose recording it is; empty where nobody said."""

    manager: str = ""
    rep: str = ""
    team: str = ""
    date: dt.date | None = None
    file: str = Field("", description="name of the file it was read from")
    roles: str = Field("", description="how manager and rep were told apart")

    @property
    def guessed(self) -> bool:
        """Whether nobody said who leads."""
        return self.roles.startswith("guessed")


class Transcript(Frozen):
    """One path of turns, practised or recorded."""

    id: str
    about: About = About()
    turns: tuple[Turn, ...]
    scenario_id: str | None = None
    provenance: Provenance = Provenance()


class Session(Frozen):
    """A practice session: one branch of a tree of turns, of which the path up to ``head`` is the conversation.

    A talk that was never rewound has one branch. Rewinding begins another one, with a session of its own.
    """

    id: str
    owner: str
    talk: str = Field(description="id of the session in which the talk began; branches of one talk share it")
    branch_of: str | None = Field(None, description="id of the session that was rewound to begin this one")
    scenario_id: str
    difficulty: Difficulty
    seed: int
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    reflection: str = Field("", description="how the manager thinks it went, before the critique is shown")
    head: str = Field(description="id of the last turn of the current path")
    after: str | None = Field(None, description="id of the session that this one follows, with the same rep")
    since: Since | None = Field(None, description="what has happened since that session")
