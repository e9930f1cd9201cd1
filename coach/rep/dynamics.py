"""How the rep's state moves with what the manager did: a pure function of (state, reading).

The numbers are authored, not fitted: losses outweigh gains, asking and listening earn most, a move
that is repeated earns less each time, and everything is weighted by how sure the reading is, so that
one false alarm cannot wreck a conversation. ``docs/dynamics.md`` explains them to trainers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain import SLIPS, Code, Difficulty, Mood, Reading, RepState, Scenario

LISTENING: frozenset[Code] = frozenset({"ASK", "REFLECT", "EMPATHY", "SAFETY"})


@dataclass(frozen=True)
class Move:
    """What one sure showing of a behaviour does, in points of 0-100."""

    trust: float
    strain: float
    openness: float


MOVES: dict[Code, Move] = {
    "ASK": Move(3.2, -0.5, 3.5),
    "REFLECT": Move(3.2, -2.0, 4.0),
    "EMPATHY": Move(2.6, -3.0, 3.0),
    "SAFETY": Move(2.6, -2.0, 4.5),
    "OWN": Move(3.0, -2.0, 3.0),
    "CHOICE": Move(2.2, -1.5, 2.0),
    "SUPPORT": Move(2.2, -4.0, 2.0),
    "MOTIVE": Move(2.4, -1.0, 3.0),
    "CREDIT": Move(2.0, -1.0, 1.5),
    "DEVELOP": Move(1.5, -0.5, 1.0),
    "TRY": Move(1.5, -0.5, 1.0),
    "INSIGHT": Move(1.2, 0.0, 0.5),
    "STANDARD": Move(1.0, 0.5, 0.0),
    "PURPOSE": Move(0.8, 0.0, 0.3),
    "ALIGN": Move(0.8, 0.0, 0.3),
    "OVERPROMISE": Move(-4.0, 0.5, -2.0),
    "SHORTCUT": Move(-5.0, 4.0, -3.0),
    "COMMAND": Move(-5.0, 3.0, -5.0),
    "DEFLECT": Move(-6.0, 2.0, -5.0),
    "DISMISS": Move(-7.0, 4.0, -8.0),
    "CONTROL": Move(-8.0, 5.0, -7.0),
    "WEAPON": Move(-9.0, 6.0, -8.0),
    "BLAME": Move(-9.0, 6.0, -9.0),
    "THREAT": Move(-12.0, 8.0, -10.0),
}
MAX_GAIN, MAX_LOSS = 7.0, 16.0
REPEAT = 0.85  # each repetition of a strength earns this share of the one before
APOLOGY = 2.75  # owning up counts so much for trust as long as slips outnumber it
REPAIR = 0.8  # the turn after a loss regains at most this share of it: repair is slower than damage
SURE_SLIP = (
    0.5  # a slip heard with at least this probability hurts: it slows repair, and keeps every gate shut in its turn
)
RESERVE = 110.0  # above a trust of 60 gains shrink: the last stretch is slow
LEAST = 0.3  # but never less than this share of the first


@dataclass(frozen=True)
class Temper:
    """How a difficulty bends the dynamics."""

    gain: float
    loss: float
    gate: float
    start: float
    visits: int  # turns of listening on a topic before anything hidden in it can open


TEMPERS: dict[Difficulty, Temper] = {
    Difficulty.EASY: Temper(gain=1.2, loss=0.8, gate=-2, start=3, visits=1),
    Difficulty.STANDARD: Temper(gain=1.0, loss=1.0, gate=0, start=0, visits=2),
    Difficulty.HARD: Temper(gain=0.98, loss=1.06, gate=5, start=-1, visits=2),
}


def begin(scenario: Scenario, difficulty: Difficulty) -> RepState:
    """The rep's state before anyone has spoken."""
    trust = bounded(scenario.start.trust + TEMPERS[difficulty].start)
    openness = scenario.start.openness
    return RepState(trust=trust, strain=scenario.start.strain, openness=openness, mood=mood_of(trust, openness))


def mood_of(trust: float, openness: float) -> Mood:
    """The mood that a trust and an openness make; trust counts twice."""
    warmth = (2 * trust + openness) / 3
    if warmth < 38:
        return "guarded"
    return "wary" if warmth < 56 else "open"


def touched(state: RepState, reading: Reading, scenario: Scenario) -> tuple[str, ...]:
    """Topics this turn is about.

    The topics it names; else, when it listens, the topic of the rep's last hint or the one already
    under discussion, or the presenting problem at the start.
    """
    if reading.topics:
        return reading.topics
    if not LISTENING & set(reading.codes):
        return ()
    hinted = next((fact.topic for fact in scenario.facts if fact.id == state.hinted), "")
    presenting = next(topic.id for topic in scenario.topics if topic.presenting)
    return (hinted or state.topic or presenting,)


def update(state: RepState, reading: Reading, topics: Sequence[str], difficulty: Difficulty) -> RepState:
    """The state after a manager's turn; bounded per turn, losses faster than gains."""
    temper = TEMPERS[difficulty]
    gains = [_scaled(code, state, reading) for code in reading.codes if code not in SLIPS]
    losses = [_scaled(code, state, reading) for code in reading.codes if code in SLIPS]
    reserve = min(1.0, (RESERVE - state.trust) / 50)
    gained = min(MAX_GAIN, temper.gain * sum(m.trust for m in gains)) * reserve
    if state.lost:
        gained = min(gained, REPAIR * state.lost)
    lost = min(MAX_LOSS, -temper.loss * sum(m.trust for m in losses))
    strain = temper.gain * sum(m.strain for m in gains) + temper.loss * sum(m.strain for m in losses)
    openness = temper.gain * sum(m.openness for m in gains) + temper.loss * sum(m.openness for m in losses)
    new_trust, new_openness = bounded(state.trust + gained - lost), bounded(state.openness + _clip(openness))
    return state.model_copy(
        update={
            "trust": new_trust,
            "strain": bounded(state.strain + _clip(strain)),
            "openness": new_openness,
            "mood": mood_of(new_trust, new_openness),
            "lost": round(lost, 2) if hurts(reading) else 0.0,
            "topic": topics[0] if topics else state.topic,
            "hinted": "",
            "moves": {**state.moves, **{code: state.moves.get(code, 0) + 1 for code in reading.codes}},
            "shown_on": _shown_on(state, reading, topics),
            "visits": _visits(state, reading, topics),
        }
    )


def hurts(reading: Reading) -> bool:
    """Whether a turn holds a slip that is more than suspected; one that is only suspected just costs some trust."""
    return any(reading.sure(code) >= SURE_SLIP for code in reading.codes if code in SLIPS)


def _scaled(code: Code, state: RepState, reading: Reading) -> Move:
    """A behaviour's move, weighted by certainty and, for strengths, by how often it came before."""
    move, sure = MOVES[code], reading.sure(code)
    weight = sure if code in SLIPS else (0.5 + 0.5 * sure) * max(LEAST, REPEAT ** state.moves.get(code, 0))
    slips = sum(state.moves.get(slip, 0) for slip in SLIPS)
    mends = APOLOGY if code == "OWN" and slips > state.moves.get("OWN", 0) else 1.0
    return Move(move.trust * weight * mends, move.strain * weight, move.openness * weight)


def _shown_on(state: RepState, reading: Reading, topics: Sequence[str]) -> dict[str, tuple[Code, ...]]:
    shown = dict(state.shown_on)
    for topic in topics:
        shown[topic] = tuple(dict.fromkeys((*shown.get(topic, ()), *reading.codes)))
    return shown


def _visits(state: RepState, reading: Reading, topics: Sequence[str]) -> dict[str, int]:
    """Listening once to a subject is a question; coming back to it is interest."""
    listened = bool(LISTENING & set(reading.codes)) and not reading.slipped
    return {**state.visits, **{topic: state.visits.get(topic, 0) + 1 for topic in topics if listened}}


def _clip(change: float) -> float:
    return max(-MAX_LOSS, min(MAX_GAIN, change))


def bounded(value: float) -> float:
    """A value of the state within 0 to 100, kept to three decimals."""
    return round(max(0.0, min(100.0, value)), 3)
