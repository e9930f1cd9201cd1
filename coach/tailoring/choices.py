"""The form between the built-in scenario and the manager's own: its names, and its hidden facts one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from coach.domain import Fact, Frozen, Line, Scenario, Text
from coach.errors import InputError
from coach.rep.giveaways import Giveaway
from coach.tailoring.answers import Answers, Person
from coach.tailoring.cleaning import tells
from coach.tailoring.common import Common
from coach.tailoring.fitting import Fit
from coach.tailoring.names import Kind, Name, mentioned, names
from coach.tailoring.nearest import Embeds, Near, alike

KEEP, DROP = "keep", "drop"
COMMON_FACTS = 4  # as many secrets as a conversation of a quarter of an hour can bring to light


class Choices(Frozen):
    """What the manager decides; what is not here stays as it was offered."""

    names: dict[Line, Line] = Field(default_factory=dict, description="old name -> new name")
    facts: dict[Line, Text] = Field(
        default_factory=dict, description="fact id -> keep, drop, or what the rep would say instead"
    )
    whole: bool = Field(False, description="keep every line and fact of the built-in, also those of its own trade")


class OfferedFact(Frozen):
    """A hidden fact to keep, drop or say in other words."""

    id: str
    text: str
    says: str
    built_in: bool
    default: str


class Offer(Frozen):
    """What there is to choose, each with a default that needs no decision."""

    base: str
    title: str
    why: str
    others: tuple[str, ...]
    person: Person
    names: tuple[Name, ...]
    facts: tuple[OfferedFact, ...]


def offer(near: Sequence[Near], answers: Answers, who: Person, common: Common, fit: Fit, embedding: Embeds) -> Offer:
    """The form for the first of these scenarios."""
    base = near[0].scenario
    return Offer(
        base=base.id,
        title=base.title,
        why=near[0].why,
        others=tuple(other.scenario.id for other in near[1:4]),
        person=who,
        names=offered_names(base, answers, who),
        facts=tuple(_facts(base, answers, common, fit, embedding)),
    )


def offered_names(base: Scenario, answers: Answers, who: Person) -> tuple[Name, ...]:
    """Every name of the built-in, with neutral ones and those of the answers to put in its place."""
    taken: dict[Kind, str] = {"rep": who.name}
    if who.firm:
        taken["firm"] = who.firm
    told = " ".join((answers.happened, answers.want, answers.fear))
    return names(base, taken, mentioned(told, taken.values()))


def _facts(base: Scenario, answers: Answers, common: Common, fit: Fit, embedding: Embeds) -> Iterable[OfferedFact]:
    kept = [fact.id for fact in base.facts if fits(fact, fit)]
    story = " ".join((answers.happened, answers.fear, answers.want))
    near = dict(
        zip(
            (f.id for f in common.facts),
            alike(story, [_told(f.text, f.lines) for f in common.facts], embedding),
            strict=True,
        )
    )
    # What both know is no secret.
    untold = [f.id for f in common.facts if not tells(answers.happened, map(Giveaway.of, f.giveaways))]
    wanted = sorted(untold or near, key=lambda name: (name != common.facts[-1].id, -near[name]))[
        : max(1, COMMON_FACTS - len(kept))
    ]
    for fact in base.facts:
        default = KEEP if fact.id in kept else DROP
        yield OfferedFact(id=fact.id, text=fact.text, says=fact.lines[0], built_in=True, default=default)
    for one in common.facts:
        default = KEEP if one.id in wanted else DROP
        yield OfferedFact(id=_apart(one.id, base), text=one.text, says=one.lines[0], built_in=False, default=default)


def fits(fact: Fact, fit: Fit) -> bool:
    """Whether a fact of a built-in could be true of somebody in another trade."""
    return fit(fact.text) == 0 and any(fit(line) == 0 for line in fact.lines)


def decided(offered: Offer, choices: Choices) -> Mapping[str, str]:
    """What becomes of each fact.

    Raises:
        InputError: if a fact or a name is decided on that was not offered, or no fact is left.
    """
    known = {fact.id for fact in offered.facts}
    for kind, given, there in (
        ("fact", choices.facts, known),
        ("name", choices.names, {name.old for name in offered.names}),
    ):
        if odd := sorted(set(given) - there):
            raise InputError(
                f"There is no {kind} {odd[0][:60]!r} in {offered.base}; there are: {', '.join(sorted(there))}."
            )
    whole = {fact.id: KEEP if fact.built_in else DROP for fact in offered.facts}
    default = whole if choices.whole else {fact.id: fact.default for fact in offered.facts}
    chosen = {name: _word(choices.facts.get(name, default[name])) for name in default}
    if all(word == DROP for word in chosen.values()):
        raise InputError("Every hidden fact was dropped; keep one, or say one in the rep's own words.")
    return chosen


def _word(chosen: str) -> str:
    return chosen.casefold() if chosen.casefold() in (KEEP, DROP) else chosen


def _told(text: str, lines: Iterable[str]) -> str:
    return " ".join((text, *lines))


def _apart(name: str, base: Scenario) -> str:
    """The id of a common fact beside those of the built-in."""
    return f"{name}-common" if any(fact.id == name for fact in base.facts) else name
