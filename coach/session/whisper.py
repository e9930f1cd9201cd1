"""The whisper: one short hint for the present moment, on demand, from what the session knows.

It tells no fact, no number and no line to copy. What the manager may know already is said again: how the rep seems,
what the rep's last words call for, what the manager did a lot, and which behaviours the scenario's author would try
on the subject under discussion.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from coach.content import Library
from coach.domain import SLIPS, STRENGTHS, Code, RepState, Scenario, Strength, Turn
from coach.session.demeanour import Demeanour, demeanour

STANDS_OUT = 0.15  # rise in probability from which the rep's last words call for a principle more than those before
SURE = 0.6  # and from which a slip is spoken of: a false alarm in the middle of a talk would confuse
OFTEN = 3  # times a strength was shown from which another one is worth trying
SEEMS: dict[Demeanour, str] = {
    "guarded": "{rep} is on guard, so go gently.",
    "wary": "{rep} is listening and not sure of you yet.",
    "open": "{rep} is ready to talk, so leave room for it.",
    "strained": "{rep} is under strain, so slow down first.",
}
DO: dict[Strength, str] = {
    "ASK": "ask one open question and wait for the answer",
    "REFLECT": "say back what you heard before you go on",
    "EMPATHY": "say that you can see how this feels",
    "SAFETY": "make it safe to tell you, whatever it is",
    "PURPOSE": "say what the work is good for, and for whom",
    "MOTIVE": "find out what matters to this one person",
    "CHOICE": "leave the how to them",
    "SUPPORT": "offer one concrete thing that you will do",
    "CREDIT": "name something that was done well, exactly",
    "OWN": "own your part in it, without a reason behind it",
    "INSIGHT": "look at the figure together, as a question",
    "TRY": "suggest something small to try out",
    "STANDARD": "say plainly what you expect, and why",
    "DEVELOP": "speak of one thing to learn next",
    "ALIGN": "bring in the others whom it concerns",
}


def whisper(path: Sequence[Turn], scenario: Scenario, library: Library) -> str:
    """The hint for the moment after the last turn of a path, which is the rep's; the same each time."""
    state = next((turn.state for turn in reversed(path) if turn.state), None)
    seems = SEEMS[demeanour(state)].format(rep=scenario.persona.name.split()[0])
    advice = _mend(path, library) or _vary(path, state) or _called_for(path, library)
    return " ".join(filter(None, (seems, advice or _idea(state, scenario))))


def hinted(path: Sequence[Turn]) -> tuple[int, ...]:
    """The turns that were answered with a hint in mind: each the one after the turn that a hint was asked for."""
    return tuple(turn.i + 1 for turn in path if turn.hint)


def _mend(path: Sequence[Turn], library: Library) -> str:
    """What to do about a slip in the manager's last words."""
    said = next((turn.reading for turn in reversed(path) if turn.speaker == "manager"), None)
    slip = max(((said.sure(code), code) for code in said.codes if code in SLIPS), default=None) if said else None
    if slip is None or slip[0] < SURE:
        return ""
    behaviour = library.behaviours[slip[1]]
    better: Strength = next(iter(behaviour.instead))
    return f"What you said last may have come across as {library.acts[slip[1]]}. You can still {DO[better]}."


def _vary(path: Sequence[Turn], state: RepState | None) -> str:
    """Another way where the same one was taken often, and was taken again just now."""
    said = next((turn.reading for turn in reversed(path) if turn.speaker == "manager"), None)
    if said is None or state is None:
        return ""
    again: list[Code] = [code for code in said.codes if code not in SLIPS and state.moves.get(code, 0) >= OFTEN]
    if not again:
        return ""
    listening: tuple[Strength, ...] = ("REFLECT", "ASK", "EMPATHY")
    fresh = min(listening, key=lambda code: state.moves.get(code, 0))
    if again[0] == "ASK":
        return f"You have asked several questions by now. Before the next one, {DO['REFLECT']}."
    return f"You have gone the same way a few times. Try another: {DO[fresh]}."


def _called_for(path: Sequence[Turn], library: Library) -> str:
    """Advice on the principle that the rep's last words call for, compared with what the rep said before.

    Only the comparison tells: some principles are likely to be called for in any talk, whatever the words.
    """
    *before, last = [turn.reading.openings for turn in path if turn.speaker == "rep" and turn.reading] or [{}]
    if not before:
        return ""
    rise = {p: last[p] - fmean(openings.get(p, 0.0) for openings in before) for p in last}
    called = max(rise, key=lambda principle: rise[principle], default=None)
    if called is None or rise[called] < STANDS_OUT:
        return ""
    advice = library.principles[called].missed
    return advice[len(path) % len(advice)]


def _idea(state: RepState | None, scenario: Scenario) -> str:
    """The first behaviour that the author suggests on the subject under discussion and that was not shown there.

    A suggestion's own words are not shown: they are there to learn from afterwards, and may touch what is hidden.
    """
    presenting = next(topic.id for topic in scenario.topics if topic.presenting)
    topic = (state.topic if state else "") or presenting
    shown = state.shown_on.get(topic, ()) if state else ()
    suggested: list[Strength] = [s.codes[0] for s in scenario.suggestions if s.topic == topic]
    idea = next((code for code in (*suggested, *STRENGTHS) if code not in shown), STRENGTHS[0])
    return f"One idea for this subject: {DO[idea]}."
