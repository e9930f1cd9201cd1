"""A scenario drafted by a model over an adapted one: what is sound is taken, the rest stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, WrapValidator

from coach.content import Prompt, lint
from coach.domain import CODES, Behaviour, Code, Fact, Gate, Scenario, Strength, Topic
from coach.errors import CoachError
from coach.models import Message, Structured
from coach.tailoring.adapt import Tailored, reachable
from coach.tailoring.answers import Answers, Person
from coach.tailoring.cleaning import cleaned, untold
from coach.tailoring.common import Common
from coach.tailoring.pieces import example

FREQUENT: tuple[Code, ...] = (
    "ASK", "REFLECT", "EMPATHY", "SAFETY", "OWN", "SUPPORT", "CHOICE", "STANDARD", "CREDIT",
    "COMMAND", "DISMISS", "BLAME", "THREAT",
)  # fmt: skip
TRUST = (46, 52, 58, 64, 70)  # the gates of drafted facts, the easiest first
EARNED: tuple[tuple[Strength, ...], ...] = (
    ("ASK", "REFLECT", "EMPATHY"), ("ASK", "OWN", "REFLECT", "SAFETY"), ("ASK", "CHOICE", "SUPPORT", "EMPATHY"),
    ("SAFETY", "OWN", "EMPATHY"), ("EMPATHY", "REFLECT", "MOTIVE", "SAFETY"),
)  # fmt: skip
PARTS = ("brief", "stakes", "goal", "persona", "topics", "facts", "openings", "endings", "suggestions")
NOWHERE = Path("draft.yaml")

T = TypeVar("T")
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=600)]
Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1500)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]


def _or_nothing(value: Any, handler: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """A part that does not validate is left out; the rest of the answer stays."""
    try:
        return handler(value)
    except ValidationError:
        return None


def _listed(value: object) -> object:
    return value if isinstance(value, list) else []


Maybe = Annotated[T | None, WrapValidator(_or_nothing)]
Some = Annotated[tuple[Maybe[T], ...], BeforeValidator(_listed), Field(max_length=24)]
Spoken = Annotated[tuple[Said, ...], Field(min_length=1, max_length=12)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Persona(_Part):
    manner: Told
    motive: Told
    fear: Told
    cost: Told
    face_saver: Said
    voice: Told


class _Moods(_Part):
    guarded: Spoken
    wary: Spoken
    open: Spoken


class _Topic(_Part):
    id: Name
    name: Said
    words: tuple[Said, ...] = ()
    asks: Spoken
    answers: _Moods


class _Fact(_Part):
    id: Name
    topic: Name
    text: Told
    hints: Spoken
    lines: Spoken
    giveaways: tuple[Said, ...] = ()


class _Reaction(_Moods):
    code: Code


class _Endings(_Part):
    good: Spoken
    fair: Spoken
    bad: Spoken
    walkout: Spoken


class _Suggestion(_Part):
    topic: Name
    codes: Annotated[tuple[Strength, ...], Field(min_length=1)]
    words: Said


class DraftedScenario(_Part):
    """What a model wrote; every part may be missing."""

    brief: Maybe[Told] = None
    stakes: Maybe[Said] = None
    goal: Maybe[Said] = None
    persona: Maybe[_Persona] = None
    openings: Maybe[Spoken] = None
    topics: Some[_Topic] = ()
    facts: Some[_Fact] = ()
    reactions: Some[_Reaction] = ()
    endings: Maybe[_Endings] = None
    suggestions: Some[_Suggestion] = ()


def drafted(
    floor: Tailored,
    answers: Answers,
    who: Person,
    common: Common,
    behaviours: Mapping[Code, Behaviour],
    structured: Structured,
    prompt: Prompt,
    deadline: float,
) -> Tailored:
    """Ask a model, and lay what is sound over the adapted scenario.

    Raises:
        ModelError: if the model gives no usable answer.
    """
    system, user = prompt.render(_values(floor.scenario, answers, who, common, behaviours))
    answer = structured.ask([Message("system", system), Message("user", user)], DraftedScenario, deadline)
    scenario, taken, left = _laid_over(floor.scenario, answer, who)
    if not taken:
        note = f"The model {structured.name} was asked; nothing it wrote could be used, so all comes from the built-in."
        return floor.model_copy(update={"notes": (*floor.notes, note)})
    if {"facts", "topics"} & set(taken):
        scenario = scenario.model_copy(update={"example": example(scenario, common)})
    rest = f" From the built-in come: {', '.join(left)}." if left else ""
    notes = (
        f"Drafted by {structured.name} (prompt scenario-{prompt.hash}) from your five answers. Read all of it before "
        "you practise: nothing in it is known to be true of anybody.",
        f"The model wrote: {', '.join(taken)}.{rest} Lines for rarer moments are the built-in's ({floor.base}).",
        *(f"Assumed: {'; '.join(who.assumed)}." for _ in (1,) if who.assumed),
    )
    facts_left = () if "facts" in taken else floor.notes[1:]
    return Tailored(scenario=reachable(scenario), base=floor.base, notes=(*notes, *facts_left))


def _values(
    floor: Scenario, answers: Answers, who: Person, common: Common, behaviours: Mapping[Code, Behaviour]
) -> dict[str, str]:
    """Everything the manager typed goes in as JSON."""
    told = answers.model_dump(include={"who", "happened", "fear", "want", "talks"})
    codes = {"react": FREQUENT, "all": {code: behaviour.name for code, behaviour in behaviours.items()}}
    shown = [fact.model_dump(include={"id", "text", "hints", "lines"}, mode="json") for fact in common.facts[:2]]
    values = {
        "answers": told,
        "person": who.model_dump(include={"name", "pronouns", "role", "tenure"}),
        "topics": [{"id": topic.id, "name": topic.name} for topic in floor.topics],
        "codes": codes,
        "common": shown,
    }
    return {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}


def _laid_over(floor: Scenario, answer: DraftedScenario, who: Person) -> tuple[Scenario, list[str], list[str]]:
    """Take each part in turn if the whole is sound with it; returns what was taken and what was not."""
    scenario = floor
    taken: list[str] = []
    left: list[str] = []
    for name in PARTS:
        tried = _sound(scenario, name, answer, who)
        (taken if tried else left).append(name)
        scenario = tried or scenario
    reacted = [part.code for part in answer.reactions if part]
    for code in reacted:
        scenario = _sound(scenario, code, answer, who) or scenario
    if reacted:
        taken.append(f"reactions to {', '.join(reacted)}")
    return scenario, taken, left


def _sound(scenario: Scenario, name: str, answer: DraftedScenario, who: Person) -> Scenario | None:
    """The scenario with a part, if there is one, its form holds and lint finds nothing."""
    try:
        update = _update(scenario, name, answer, who)
        tried = cleaned(Scenario.model_validate({**dict(scenario), **update}), first=tuple(update))
        return tried if update and not lint(tried, NOWHERE) else None
    except (ValidationError, CoachError):
        return None


def _update(scenario: Scenario, name: str, answer: DraftedScenario, who: Person) -> dict[str, Any]:
    """What a part of the answer changes; nothing if it is missing."""
    if name in CODES:
        drafted_moods = next(part for part in answer.reactions if part and part.code == name)
        moods = _untold_all(scenario.reactions[drafted_moods.code], drafted_moods, scenario)
        return {"reactions": {**scenario.reactions, name: moods}}
    part: Any = getattr(answer, name)
    part = tuple(one for one in part if one is not None) if isinstance(part, tuple) else part
    if not part or (name == "brief" and who.first not in part):
        return {}
    match name:
        case "persona":
            return {name: scenario.persona.model_copy(update=part.model_dump())}
        case "topics":
            return {name: _topics(scenario, part)}
        case "facts":
            return {name: _facts(scenario, part)}
        case "openings":
            return {name: tuple(untold(part, scenario.facts))}
        case "endings":
            return {name: _untold_all(scenario.endings, part, scenario)}
        case "suggestions":
            return {name: _suggestions(scenario, part)}
    return {name: part}


def _topics(scenario: Scenario, drafted_topics: Sequence[_Topic]) -> tuple[Topic, ...]:
    """Drafted topics in the place of those with the same id; the first drafted is what the talk begins with."""
    start = next(topic for topic in scenario.topics if topic.presenting)
    made = {topic.id: topic for topic in scenario.topics}
    for i, one in enumerate(drafted_topics):
        own = start if i == 0 else made.get(one.id)
        words = tuple(dict.fromkeys([*(own.words if own else ()), *(word.casefold() for word in one.words)]))
        data = {
            "id": start.id if i == 0 else one.id,
            "name": one.name,
            "presenting": i == 0,
            "words": words,
            "asks": one.asks,
        }
        topic = Topic(**data, answers=_untold_all(None, one.answers, scenario))
        if i == 0 or one.id != start.id:
            made[topic.id] = topic
    return tuple(made.values())


def _facts(scenario: Scenario, drafted_facts: Sequence[_Fact]) -> tuple[Fact, ...]:
    ids = {topic.id for topic in scenario.topics}
    start = next(topic.id for topic in scenario.topics if topic.presenting)
    made: dict[str, Fact] = {}
    for one, trust, earned in zip(drafted_facts, TRUST, EARNED, strict=False):
        topic = one.topic if one.topic in ids else start
        made[one.id] = Fact(**one.model_dump() | {"topic": topic}, gate=Gate(trust=trust, any_of=earned))
    return tuple(made.values())


def _suggestions(scenario: Scenario, suggested: Sequence[_Suggestion]) -> tuple[Any, ...]:
    ids = {topic.id for topic in scenario.topics}
    fresh = [one.model_dump() for one in suggested if one.topic in ids]
    return (*fresh, *scenario.suggestions)


def _untold_all(own: Any, new: BaseModel, scenario: Scenario) -> dict[str, tuple[str, ...]]:  # noqa: ANN401
    """Groups of drafted lines without those that give a fact away; an empty group stays as it was."""
    groups = {name: tuple(untold(lines, scenario.facts)) for name, lines in new if name != "code"}
    return {name: lines or (getattr(own, name) if own else ()) for name, lines in groups.items()}
