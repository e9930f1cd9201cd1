"""An adapted scenario: a built-in one with the manager's own person, story and choices, and what is left to read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from coach.domain import Difficulty, Fact, Frozen, Scenario
from coach.rep import unreachable
from coach.tailoring import pieces
from coach.tailoring.answers import Answers, Person, ended
from coach.tailoring.choices import KEEP, Choices, Offer, decided
from coach.tailoring.cleaning import cleaned, untold
from coach.tailoring.common import Common
from coach.tailoring.fitting import Fit, Worlds
from coach.tailoring.names import Pairs
from coach.tailoring.pronouns import swapped

STEP, STEPS = 6, 12  # by how much a gate that cannot open is lowered, and how often
LEAST = 2  # lines that every list should have


class Tailored(Frozen):
    """A scenario made from answers; ``notes`` say what it is made of and what should still be read."""

    scenario: Scenario
    base: str
    notes: tuple[str, ...]


def adapted(
    base: Scenario,
    offered: Offer,
    choices: Choices,
    answers: Answers,
    common: Common,
    worlds: Worlds,
    donors: pieces.Donors,
) -> Tailored:
    """Make the scenario; its id is that of the built-in until it is kept.

    Args:
        base: The built-in one.
        offered: What was offered for it.
        choices: What the manager decided.
        answers: The five answers.
        common: What fits everywhere.
        worlds: The words of all built-ins.
        donors: Scenarios whose lines may fill gaps, each with how its lines fit; the built-in first.

    Raises:
        InputError: if the choices do not belong to the offer.
    """
    chosen, who = decided(offered, choices), offered.person
    pairs = Pairs.of(
        {n.old: choices.names.get(n.old, n.new) for n in offered.names}, {n.old: n.kind for n in offered.names}, base
    )
    kept = pieces.facts(base, common, offered, chosen, worlds)
    if choices.whole:
        data = _whole(base, kept, who, common)
    else:
        data = _fitting(base, kept, answers, who, common, donors, worlds)
    data = _renamed(data, pairs)
    for fact, made in zip(data["facts"], kept, strict=True):
        if chosen[made.id] != KEEP:  # the manager's own words
            fact |= {"text": made.text, "lines": list(made.lines)}
    data["persona"] |= _person(who, answers)
    data |= _story(answers, who, base.minutes)
    scenario = cleaned(Scenario.model_validate(data))
    if not choices.whole:
        scenario = scenario.model_copy(update={"example": pieces.example(scenario, common)})
    scenario = reachable(scenario)
    return Tailored(scenario=scenario, base=base.id, notes=tuple(_notes(offered, choices, chosen, scenario)))


def reachable(scenario: Scenario) -> Scenario:
    """The scenario with gates that an ideal manager can open at every difficulty."""
    for _ in range(STEPS):
        shut = {fact for level in Difficulty for fact in unreachable(scenario, level)}
        if not shut:
            break
        facts = [_easier(fact) if fact.id in shut else fact for fact in scenario.facts]
        scenario = scenario.model_copy(update={"facts": tuple(facts)})
    return scenario


def _easier(fact: Fact) -> Fact:
    gate = fact.gate.model_copy(update={"trust": max(0, fact.gate.trust - STEP)})
    return fact.model_copy(update={"gate": gate})


def _story(answers: Answers, who: Person, minutes: int) -> dict[str, str]:
    """The manager's own words, whole; what is feared and wanted is not for the rep to know."""
    told = "" if answers.who.strip(" .") == who.name else f" Who that is, in your own words: “{ended(answers.who)}”"
    brief = (
        f"You are about to sit down with {who.name}.{told} What happened, in your own words: "
        f"“{ended(answers.happened)}” You have {minutes} minutes with {who.first} now."
    )
    return {
        "title": answers.title or f"My conversation with {who.first}",
        "brief": brief,
        "stakes": f"What you fear, in your own words: “{ended(answers.fear)}”",
        "goal": f"In your own words: “{ended(answers.want)}”",
    }


def _person(who: Person, answers: Answers) -> dict[str, str]:
    return {
        "name": who.name,
        "pronouns": who.pronouns,
        "role": who.role,
        "tenure": who.tenure,
        "manner": f"As the person who leads this rep hears it: {ended(answers.talks)}",
        "voice": ended(answers.talks),
    }


def _whole(base: Scenario, kept: Sequence[Fact], who: Person, common: Common) -> dict[str, Any]:
    """Everything of the built-in, about a person with other pronouns."""
    data = base.model_dump(mode="json")
    there = {fact.id for fact in kept}
    data["facts"] = [fact.model_dump(mode="json") for fact in kept]
    told = [line for fact in base.facts if fact.id not in there for line in fact.lines]
    turns = data["example"]
    data["example"] = [turn for turn in turns if turn["text"] not in told]
    if who.family != base.persona.pronouns.partition("/")[0]:
        for key in ("motive", "fear", "cost"):
            data["persona"][key] = swapped(data["persona"][key], who.family)
        for topic in data["topics"]:
            topic["name"] = swapped(topic["name"], who.family)
        for fact in data["facts"]:
            fact["text"] = swapped(fact["text"], who.family)
        for turn in data["example"]:
            turn["note"] = swapped(turn["note"], who.family)
    if len(data["example"]) < len(turns):
        rest = Scenario.model_validate(data | {"example": turns})
        data["example"] = [turn.model_dump(mode="json") for turn in pieces.example(rest, common)]
    return data


def _fitting(
    base: Scenario,
    kept: Sequence[Fact],
    answers: Answers,
    who: Person,
    common: Common,
    donors: pieces.Donors,
    worlds: Worlds,
) -> dict[str, Any]:
    """What of the built-in would sound right in the manager's own story, filled up from what fits everywhere."""
    fit, data = donors[0][1], base.model_dump(mode="json")
    topics = pieces.topics(base, common, kept, answers.happened, who, donors, worlds)
    there = {topic.id for topic in topics}
    data["topics"] = [topic.model_dump(mode="json") for topic in topics]
    data["facts"] = [_told(fact, fit, who).model_dump(mode="json") for fact in kept]
    data["suggestions"] = [one.model_dump(mode="json") for one in pieces.suggestions(base, common, there, fit)]
    used = {line for topic in topics for _, lines in topic.answers for line in lines}
    used |= {line for fact in data["facts"] for line in (*fact["lines"], *fact["hints"])}
    others = [(other.model_dump(mode="json"), like) for other, like in donors[1:]]
    for key in ("openings", "reactions", "asides", "challenges", "tests", "endings", "next_time"):
        data[key] = _lines(data[key], [(other.get(key), like) for other, like in others], fit, kept, used)
    data["openings"] = list(dict.fromkeys([*data["openings"], *common.topic.openings]))
    persona = common.persona.model_dump()
    for key, neutral in persona.items():
        own = data["persona"][key]
        data["persona"][key] = swapped(own, who.family) if fit(own) == 0 else neutral
    return data


def _told(fact: Fact, fit: Fit, who: Person) -> Fact:
    """A kept fact with the hints that fit."""
    return fact.model_copy(update={"hints": tuple(fit.best(fact.hints, LEAST)), "text": swapped(fact.text, who.family)})


def _lines(value: Any, others: Sequence[tuple[Any, Fit]], fit: Fit, kept: Sequence[Fact], used: set[str]) -> Any:  # noqa: ANN401
    """Lists of lines, however deep they stand: those that fit, then others' for the same place, then the nearest."""
    if isinstance(value, Mapping):
        return {
            key: _lines(inner, [((o or {}).get(key), like) for o, like in others], fit, kept, used)
            for key, inner in value.items()
        }
    found = [line for line in untold(fit.best(value), kept) if line not in used]
    for lines, like in others:
        if len(found) >= LEAST:
            break
        found += [line for line in untold(like.best(lines or []), kept) if line not in used and line not in found][:1]
    found = found or fit.best(value, 1)
    used |= set(found)
    return found


def _renamed(data: dict[str, Any], pairs: Pairs) -> dict[str, Any]:
    """The same with other names: in sentences, in search words, in giveaways and in ids."""

    def turn(value: Any, key: str) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {name: turn(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [turn(inner, key) for inner in value]
        if not isinstance(value, str) or key in ("codes", "code", "speaker", "difficulty", "focus", "all_of", "any_of"):
            return value
        if key in ("id", "topic", "after"):
            return pairs.id(value)
        return pairs.words(value) if key in ("giveaways", "words") and value == value.casefold() else pairs.text(value)

    return {key: turn(value, key) for key, value in data.items()}


def _notes(offered: Offer, choices: Choices, chosen: Mapping[str, str], scenario: Scenario) -> list[str]:
    who = offered.person
    kept = [fact for fact in offered.facts if chosen[fact.id] == KEEP]
    own = [fact.id for fact in offered.facts if chosen[fact.id] not in (KEEP, "drop")]
    built_in = [fact.id for fact in kept if fact.built_in]
    common = [fact.id for fact in kept if not fact.built_in]
    told = [
        f"Made from your five answers and the built-in scenario {offered.base!r} ({offered.title})"
        f"{f', chosen because {offered.why}' if offered.why else ', as you asked'}.",
        "Your own words stand whole in brief, stakes, goal and voice.",
    ]
    if who.assumed:
        told.append(f"Assumed: {'; '.join(who.assumed)}.")
    if choices.whole:
        told.append(
            "Every line is the built-in's, with other names. Read them all: they speak of its trade and its story, and "
            "call everybody but the rep he or she as before."
        )
    else:
        told.append(
            "The rep's lines are those of the built-in that speak of no trade, name or date, with a few of its "
            f"neighbours'. They do not yet sound like {who.first}: change the openings and the first topic's answers."
        )
    if common:
        told.append(
            f"Hidden facts that are only a guess, common to many such conversations: {', '.join(common)}. "
            "Read and change them."
        )
    if built_in:
        told.append(
            f"Hidden facts of the built-in, with other names: {', '.join(built_in)}. Read them: pronouns and details "
            "may be off."
        )
    if own:
        told.append(f"Hidden facts in your words: {', '.join(own)}. The rep says them exactly so.")
    text = " ".join(line for _, line in scenario.all_lines())
    left = [
        name
        for name in offered.names
        if re.search(rf"\b{re.escape(choices.names.get(name.old, name.new).split()[0])}\b", text)
        and name.kind not in ("rep", "firm")
    ]
    if left:
        pairs = ", ".join(f"{n.old} is now {choices.names.get(n.old, n.new)}" for n in left)
        told.append(f"Names put in place of others: {pairs}.")
    return told
