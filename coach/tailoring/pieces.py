"""The parts of an adapted scenario that need more than other names: facts, topics, suggestions, the example."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

from coach.domain import MOODS, ExampleTurn, Fact, Gate, MoodLines, Scenario, Suggestion, Topic
from coach.tailoring.answers import Person
from coach.tailoring.choices import DROP, KEEP, Offer
from coach.tailoring.cleaning import untold
from coach.tailoring.common import Common
from coach.tailoring.fitting import Fit, Worlds, stem
from coach.tailoring.listed import listed
from coach.tailoring.pronouns import swapped

LEAST = 3  # lines of a mood that a topic should have, so that the rep does not run dry
ANYWHERE = frozenset(("ASK", "SAFETY", "CHOICE", "SUPPORT", "STANDARD", "TRY"))
"""What can be said to anybody; the others take up what this rep said or did."""
TELLING = 4  # words of a fact said in other words that together give it away
_STOP = listed("words that tell nothing")

Donors = Sequence[tuple[Scenario, Fit]]


def facts(
    base: Scenario, common: Common, offered: Offer, chosen: Mapping[str, str], worlds: Worlds
) -> tuple[Fact, ...]:
    """The hidden facts as the manager decided; one said in other words keeps its gate, and hints that fit."""
    topics = {topic.id for topic in base.topics}
    start = next(topic.id for topic in base.topics if topic.presenting)
    ours = dict(zip((fact.id for fact in offered.facts if not fact.built_in), common.facts, strict=True))
    made = []
    for name, word in chosen.items():
        if word == DROP:
            continue
        own = next((fact for fact in base.facts if fact.id == name), None)
        if own is None:
            place = next((topic for topic in ours[name].topics if topic in topics), start)
            own = ours[name].fact(name, place, offered.person.first)
        made.append(own if word == KEEP else _said(own, word, worlds))
    there = {fact.id for fact in made}
    return tuple(_gated(fact, tuple(one for one in fact.gate.after if one in there)) for fact in made)


def _said(fact: Fact, word: str, worlds: Worlds) -> Fact:
    """A fact in the manager's own words, which the rep says as they stand."""
    line = word[:600]
    telling = sorted(
        {stem(w) for w in re.findall(r"[^\W\d_]{4,}", line.casefold()) if w not in _STOP and worlds.rare(w)}
    )
    pairs = tuple(f"{a}* & {b}*" for a, b in combinations(telling[:TELLING], 2))
    return fact.model_copy(
        update={"text": f"In the rep's own words: “{word}”"[:4000], "lines": (line,), "giveaways": pairs}
    )


def _gated(fact: Fact, after: tuple[str, ...]) -> Fact:
    return fact.model_copy(update={"gate": Gate(**{**fact.gate.model_dump(), "after": after})})


def topics(
    base: Scenario, common: Common, kept: Sequence[Fact], story: str, who: Person, donors: Donors, worlds: Worlds
) -> tuple[Topic, ...]:
    """Topics that another story has too, with the lines that fit; the first is about what happened."""
    fit, needed = donors[0][1], {fact.topic for fact in kept}
    taken = {word for topic in base.topics if not topic.presenting for word in topic.words}
    made = []
    for topic in base.topics:
        answers = {mood: _answers(topic, mood, kept, donors) for mood in MOODS}
        thin = topic.id not in common.topics or min(map(len, answers.values())) < 2
        if thin and not topic.presenting and topic.id not in needed:
            continue
        asks, searched = [a for a in topic.asks if fit(a) == 0], [w for w in topic.words if fit.welcome(w)]
        name = common.topics.get(topic.id, swapped(topic.name, who.family))
        if topic.presenting:
            name, asks = common.topic.name, list(dict.fromkeys([*common.topic.asks, *asks]))
            searched = list(dict.fromkeys([*searched, *_searched(story, who, taken, worlds)]))
            answers = {mood: [*getattr(common.topic.answers, mood), *answers[mood]] for mood in MOODS}
        filled = {mood: tuple(answers[mood] or fit.best(getattr(topic.answers, mood), 1)) for mood in MOODS}
        new = {
            "name": name,
            "words": tuple(searched),
            "asks": tuple(asks or topic.asks),
            "answers": MoodLines(**filled),
        }
        made.append(topic.model_copy(update=new))
    return tuple(made)


def _answers(topic: Topic, mood: str, kept: Sequence[Fact], donors: Donors) -> list[str]:
    """What the rep answers in a mood: lines of the built-in that fit, then those others have on the same topic."""
    found: list[str] = []
    for scenario, fit in donors:
        if scenario is not donors[0][0] and (len(found) >= LEAST or topic.presenting):
            break
        for one in (one for one in scenario.topics if one.id == topic.id):
            found += untold([line for line in getattr(one.answers, mood) if fit(line) == 0 and line not in found], kept)
    return found


def _searched(story: str, who: Person, taken: Collection[str], worlds: Worlds) -> list[str]:
    """Words of what happened, so that naming it touches it; none that say nothing, or belong to another topic."""
    found = dict.fromkeys(word for word in re.findall(r"[^\W\d_]{4,}", story.casefold()) if word not in _STOP)
    names, roots = set(who.name.casefold().split()), {word.rstrip("*") for word in taken}
    telling = [
        word for word in found if word not in names and not worlds.usual(word) and not {word, stem(word)} & roots
    ]
    return [f"{stem(word)}*" if len(stem(word)) >= 4 else word for word in telling][:20]


def suggestions(base: Scenario, common: Common, there: Collection[str], fit: Fit) -> tuple[Suggestion, ...]:
    """What a good manager could say: what fits of the built-in, and what fits everywhere."""
    start = next(topic.id for topic in base.topics if topic.presenting)
    ours = [Suggestion(topic=start, codes=one.codes, words=one.words) for one in common.suggestions]
    fitting = (one for one in base.suggestions if one.topic in there and one.topic != start and fit(one.words) == 0)
    kept = [one for one in fitting if set(one.codes) <= ANYWHERE]
    return (*ours, *kept)


def example(scenario: Scenario, common: Common) -> tuple[ExampleTurn, ...]:
    """The annotated conversation, told with this rep's own lines."""
    start = next(topic for topic in scenario.topics if topic.presenting)
    answers: dict[str, Callable[[str], str]] = {
        "presenting": lambda mood: str(getattr(start.answers, mood)[0]),
        "fact": lambda _: scenario.facts[0].lines[0],
        "ending": lambda kind: str(getattr(scenario.endings, kind)[0]),
    }
    turns = [ExampleTurn(speaker="rep", text=scenario.openings[0])]
    for one in common.example:
        where, which = one.answer
        said = answers[where](which) if where in answers else getattr(scenario.reactions[where], which)[0]  # type: ignore[index]
        turns += [
            ExampleTurn(speaker="manager", text=one.words, codes=one.codes, note=one.note),
            ExampleTurn(speaker="rep", text=said),
        ]
    return tuple(turns)
