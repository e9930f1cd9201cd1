"""Levels of the thirteen principles from coded turns, by the published rubric.

Only heard codes count: small talk, plain information and length move nothing. A repeated behaviour
counts less each time, a slip less once it was repaired, an unsure reading less than a sure one.
Strengths never lower and slips never raise any level.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from coach.critique.rubric import Call, Hearing, Rubric, Scale
from coach.domain import CODES, PRINCIPLES, SLIPS, STRENGTHS, Code, Level, PrincipleId, Reading, Turn

Evidence = Mapping[Code, float]


def levels(turns: Sequence[Turn], rubric: Rubric) -> dict[PrincipleId, Level | None]:
    """Rate every principle 1 to 5, or None where nothing called for it and nothing was done."""
    heard = evidence(turns, rubric.hearing)
    called = openings(turns, rubric.hearing)
    result: dict[PrincipleId, Level | None] = {}
    for principle in PRINCIPLES:
        rules = rubric.principles[principle]
        rated = points(rules.call, heard, called.get(principle, 0.0)) >= 1.0
        result[principle] = to_level(rules.scale, heard, rubric.cuts, rubric.five) if rated else None
    return result


def evidence(turns: Sequence[Turn], hearing: Hearing) -> dict[Code, float]:
    """How strongly each code was shown over the conversation; codes never heard are left out."""
    readings = [turn.reading for turn in turns if turn.speaker == "manager" and turn.reading and turn.reading.codes]
    shown: dict[Code, list[float]] = {}
    repair = 0.0
    for reading in reversed(readings):
        for code in set(reading.codes):
            sure = certainty(reading, code, hearing.floor)
            if code in SLIPS:
                sure *= 1.0 - (1.0 - hearing.repaired) * repair
            shown.setdefault(code, []).append(sure)
        repair = max([repair, *(certainty(reading, code, hearing.floor) for code in hearing.repairs)])
    return {code: _fading(shown[code], hearing.repeat) for code in CODES if code in shown}


def certainty(reading: Reading, code: Code, floor: float) -> float:
    """How much one heard code counts: the floor plus the rest by its probability; 0 if not heard."""
    return floor + (1.0 - floor) * reading.sure(code) if code in reading.codes else 0.0


def openings(turns: Sequence[Turn], hearing: Hearing) -> dict[PrincipleId, float]:
    """How probable it is that the rep called for each principle: any of the strongest openings is real."""
    found: dict[PrincipleId, list[float]] = {}
    for turn in turns:
        if turn.speaker == "rep" and turn.reading:
            for principle, probability in turn.reading.openings.items():
                found.setdefault(principle, []).append(probability)
    return {p: any_of(sorted(values, reverse=True)[: hearing.openings]) for p, values in found.items()}


def any_of(probabilities: Iterable[float]) -> float:
    """Probability that at least one of several independent things is so (noisy or)."""
    none = 1.0
    for probability in probabilities:
        none *= 1.0 - probability
    return 1.0 - none


def points(call: Call, heard: Evidence, opening: float) -> float:
    """Points towards rating a principle; it is rated from 1 upwards."""
    return (
        call.always + call.opening * opening + sum(w * min(1.0, heard.get(code, 0.0)) for code, w in call.codes.items())
    )


def value(scale: Scale, heard: Evidence) -> float:
    """The value that evidence gives on a scale, before it is cut into levels."""
    support = sum(weight * heard.get(code, 0.0) for code, weight in scale.support.items())
    against = sum(weight * heard.get(code, 0.0) for code, weight in scale.against.items())
    return scale.start + (scale.up * support - scale.down * against) / (1.0 + support + against)


def to_level(scale: Scale, heard: Evidence, cuts: Sequence[float], five: int) -> Level:
    """Cut a value into a level; a 5 needs ``five`` different strengths."""
    level = 1 + bisect_right(cuts, value(scale, heard))
    if level == 5 and kinds(scale, heard) < five:
        return 4
    return level


def kinds(scale: Scale, heard: Evidence) -> int:
    """How many different strengths of a scale were heard."""
    return sum(code in heard for code in STRENGTHS if scale.support.get(code, 0.0) > 0)


def _fading(values: Iterable[float], repeat: float) -> float:
    """Sum in which each further showing, from the surest down, counts a fixed share of the last."""
    return sum(value * repeat**rank for rank, value in enumerate(sorted(values, reverse=True)))
