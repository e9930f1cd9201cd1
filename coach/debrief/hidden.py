"""What the rep kept back: how near it was to coming out, and what brings it out."""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain import Code, Difficulty, Fact, Frozen, RepState, Scenario, Turn
from coach.rep import Lacking, lacking

TRUST = ((3, "a little more"), (12, "more"))  # points that are missing, in words
MOST_NEAR = 2  # of what stayed hidden, as many are spoken of; the rest is counted
NEAR = 20  # steps of ``away`` up to which a second one is spoken of, too
VISIT, ACT, BEFORE = 5, 7, 15  # points of trust that a further question, a further act and another fact first weigh
# What opens a fact, as one would tell it of somebody.
DOES: dict[Code, str] = {
    "ALIGN": "brings in the others it concerns",
    "ASK": "asks an open question about it",
    "CHOICE": "leaves the how to {them}",
    "CREDIT": "names what {they} did well",
    "DEVELOP": "speaks of what {they} could learn",
    "EMPATHY": "says that they see how it feels",
    "INSIGHT": "looks at a figure together with {them}",
    "MOTIVE": "wants to know what matters to {them}",
    "OWN": "says where they went wrong themselves",
    "PURPOSE": "says what it is for",
    "REFLECT": "says back what they heard",
    "SAFETY": "makes it easy to say",
    "STANDARD": "says plainly what holds",
    "SUPPORT": "offers help that can be counted on",
    "TRY": "suggests something small to try",
}


class Secret(Frozen):
    """A hidden fact: when it came out, or what brings it out."""

    topic: str
    text: str
    opened_at: int | None
    needed: tuple[str, ...]
    """What was still missing at the end, as what somebody does whom the rep tells it."""
    before: bool = False
    """Whether it came out in an earlier talk."""
    away: int = 0
    """How far it was from coming out, in points of trust or what weighs as much."""
    way: str = ""
    """What brings it out, in one warm sentence; empty where it came out."""

    @property
    def hidden(self) -> bool:
        """Whether it never came out."""
        return self.opened_at is None and not self.before


def secret(fact: Fact, scenario: Scenario, end: RepState, turns: Sequence[Turn], difficulty: Difficulty) -> Secret:
    """What became of a fact in a talk that ended in this state."""
    opened_at = next((turn.i for turn in turns if fact.id in turn.opened), None)
    before = turns[0].state is not None and fact.id in turns[0].state.open_facts
    topic = next(topic.name for topic in scenario.topics if topic.id == fact.topic).partition(",")[0]
    found = Secret(topic=topic, text=fact.text, opened_at=opened_at, needed=(), before=before)
    if not found.hidden:
        return found
    missing, rep = lacking(fact, end, difficulty), scenario.persona
    they, them = rep.pronouns.split("/")[:2]
    needed = _needed(missing, they, them)
    away = missing.trust + VISIT * missing.visits + BEFORE * len(missing.after)
    away += ACT * (len(missing.all_of) + bool(missing.any_of))
    way = f"{rep.name.split()[0]} keeps back one thing about “{topic}”; {they} tells it to somebody who {_way(needed)}."
    return found.model_copy(update={"needed": needed, "away": away, "way": way})


def kept(secrets: Sequence[Secret]) -> list[Secret]:
    """What never came out, the closest to it first."""
    return sorted((one for one in secrets if one.hidden), key=lambda one: one.away)


def nearest(secrets: Sequence[Secret]) -> tuple[Secret, ...]:
    """What was closest to coming out: one, or two where the second was close as well."""
    return tuple(one for n, one in enumerate(kept(secrets)[:MOST_NEAR]) if n == 0 or one.away <= NEAR)


def _needed(missing: Lacking, they: str, them: str) -> tuple[str, ...]:
    """What was still missing, in plain words; of acts that serve as well as each other all are named."""

    def does(code: Code) -> str:
        return DOES[code].format(they=they, them=them)

    twice = missing.visits > 1  # which says already that one asks
    often = {0: "", 1: "comes back to it and listens"}.get(missing.visits, "asks about it twice and listens")
    needed = [does(code) for code in missing.all_of if not (code == "ASK" and twice)]
    if missing.any_of and not ("ASK" in missing.any_of and twice):
        needed.append(" or ".join(does(code) for code in missing.any_of))
    needed += [often] if often else []
    if missing.after:
        needed.append(f"has heard something else from {them} first")
    if missing.trust:
        much = next((words for most, words in TRUST if missing.trust <= most), "a good deal more")
        needed.append(f"has won {much} trust by asking and listening")
    return tuple(needed) or ("stays with it for one more question",)


def _way(needed: Sequence[str]) -> str:
    """The same in a sentence that stays short: where several acts serve, the first."""
    *most, last = (words.partition(" or ")[0] for words in needed)
    return f"{', '.join(most)} and {last}" if most else last
