"""What many talks show together: only what is larger than chance and the engine's own error is called a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import library

from coach.critique import Measured
from coach.critique.reliability import Figure
from coach.domain import (
    PRINCIPLES,
    Citation,
    Code,
    Contest,
    Critique,
    Difficulty,
    Evidence,
    Finding,
    Provenance,
    Reading,
    Session,
    Turn,
)
from coach.programme import Talk, progress, reasons
from coach.programme.next_step import Next, choices, next_step
from coach.programme.progress import change

FIGURE = Figure(value=0.6, low=0.5, high=0.7)
ENGINE = Measured(
    coder="local-1", basis="rules", conversations=42, level_error=0.9,
    code_kappa=FIGURE, level_weighted_kappa=FIGURE, overall_spearman=FIGURE,
)  # fmt: skip
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)


def talk(
    n: int, coaching: int | None = 3, codes: Sequence[Code] = (), coder: str = "local-1", **fields: object
) -> Talk:
    at = FIRST + timedelta(days=n)
    made = {
        "id": f"s{n}", "talk": f"s{n}", "owner": "ana", "scenario_id": "burnout", "difficulty": Difficulty.STANDARD,
        "seed": 1, "started_at": at, "ended_at": at, "head": "t",
    }  # fmt: skip
    session = Session.model_validate(made | fields)
    critique = Critique(
        levels={**dict.fromkeys(PRINCIPLES), "coaching": coaching}, overall=3, lean=0, best=None, worst=None,
        findings=(), provenance=Provenance(coder=coder, basis="rules", version="0.1.0", content="abc"),
    )  # fmt: skip
    reading = Reading(codes=tuple(codes), quotes={code: f"{code} {n}" for code in codes})
    return Talk(session, critique, (Turn(i=1, speaker="manager", text="Well.", reading=reading),))


def course(levels: Sequence[int | None], measured: Measured | None = ENGINE):
    found = progress([talk(n, level) for n, level in enumerate(levels)], measured)
    return next(one for one in found.courses if one.principle == "coaching")


def test_a_large_lasting_change_is_one() -> None:
    better = course([1, 1, 2, 1, None, 4, 5, 4, 4])
    assert (better.change.verdict, better.early.helped, better.late.helped) == ("better", 0, 4)
    assert better.change.low > 0 and better.change.difference > better.change.noise
    assert course([5, 4, 5, 4, 1, 1, 2, 1]).change.verdict == "worse"


def test_a_change_within_the_engines_own_error_is_none() -> None:
    small = [2, 2, 2, 3, 3, 3]
    assert course(small).change.verdict == "no clear change"
    exact = ENGINE.model_copy(update={"level_error": 0.0})
    assert course(small, exact).change.verdict == "better"


def test_few_talks_or_an_engine_that_nobody_measured_say_nothing() -> None:
    assert course([1, 1, 5, 5, 5]).change.verdict == "too few"
    assert course([1, 1, 1, 5, 5, 5], None).change.verdict == "not measured"
    assert course([1, 5]).tally.helps is None


@settings(max_examples=30)
@given(levels=st.lists(st.integers(1, 5), min_size=6, max_size=12))
def test_turned_round_a_change_is_the_other_way(levels: list[int]) -> None:
    even = levels[: len(levels) // 2 * 2]
    one, other = change(even, ENGINE), change(even[::-1], ENGINE)
    assert one.difference == pytest.approx(-other.difference)
    assert {one.verdict, other.verdict} in ({"better", "worse"}, {"no clear change"})


def test_talks_that_another_engine_read_are_named_and_left_out() -> None:
    found = progress([talk(0, 1, coder="local-0"), *(talk(n, 4, ["BLAME"]) for n in (1, 2))], ENGINE)
    assert (len(found.talks), len(found.counted)) == (3, 2)
    assert [(engine.coder, engine.talks) for engine in found.engines] == [("local-1", 2), ("local-0", 1)]
    assert found.slips[0].of == 2


def test_a_slip_that_keeps_coming_back_stands_first_with_its_last_words() -> None:
    heard: list[list[Code]] = [["THREAT", "THREAT"], ["THREAT", "BLAME"], ["THREAT"], ["THREAT"], [], ["BLAME"], [], []]
    contested = Contest(session="s5", principle="integrity", code="BLAME", turn=1, at=FIRST)
    found = progress([talk(n, codes=codes) for n, codes in enumerate(heard)][::-1], ENGINE, [contested])
    blame, threat = found.slips
    assert (blame.code, blame.talks, blame.since, blame.back, blame.last.quote) == ("BLAME", 2, 2, True, "BLAME 5")
    assert blame.last.contested and not threat.last.contested
    assert (threat.talks, threat.since, threat.back, threat.verdict) == (4, 4, False, "better")
    assert found.rarer == (threat,)


def test_strengths_are_no_slips() -> None:
    assert progress([talk(0, codes=["ASK"])], ENGINE).slips == ()


def test_nothing_practised_shows_nothing() -> None:
    found = progress([], None)
    assert (found.talks, found.engines, found.slips, found.better, found.worse) == ((), (), (), (), ())


def why(*done: Talk) -> tuple[str, ...]:
    practised = [(one.session, one.critique) for one in done]
    return reasons(next_step(practised, library().scenarios), practised, library())


def test_the_reason_names_what_in_the_managers_own_talks_speaks_for_it() -> None:
    assert why() == ("No talk of yours has been judged so far; this is a good one to begin with.",)
    weak = [talk(n, 2) for n in range(3)]
    said = Evidence(turn=1, quote="Make the calls.")
    found = weak[2].critique.model_copy(
        update={
            "findings": (
                Finding(
                    principle="coaching", kind="missed", code=None, level=2, effect="", advice="Ask.", evidence=(said,),
                    passages=(Citation(source="a", section="b", quote="c"),),
                ),
            )
        }
    )  # fmt: skip
    counted, moment, held = why(*weak[:2], replace(weak[2], critique=found))
    assert counted == f"3 of your talks called for {library().acts['coaching']}; it helped in none of them yet."
    assert moment.startswith(f"In “{library().scenarios[weak[2].session.scenario_id].title}” on ")
    assert moment.endswith(" you answered: “Make the calls.”")
    assert held.startswith("This conversation calls for it; you have")


@pytest.mark.parametrize("levels", [[2], [4, 4, 4], [2, 4]])
def test_where_little_speaks_for_any_talk_it_is_said_and_there_is_a_choice(levels: list[int]) -> None:
    done = [talk(n, level) for n, level in enumerate(levels)]
    (told,) = why(*done)
    assert told.startswith("There is too little to go by yet")
    practised = [(one.session, one.critique) for one in done]
    following = next_step(practised, library().scenarios)
    offered = choices(following, practised, library().scenarios)
    assert len({scenario.id for scenario in offered}) == len(offered) == 3
    assert done[0].session.scenario_id not in {scenario.id for scenario in offered}
    assert following.principle in offered[0].focus


@pytest.mark.parametrize(
    ("overall", "was", "now", "told"),
    [
        (4, "easy", "standard", "held it once, and it went well, so it is one step harder now: medium."),
        (5, "hard", "hard", "held it once, and it went well at its hardest."),
        (2, "standard", "standard", "held it once, and it was not easy, so it stays medium."),
        (None, "easy", "standard", "not held it yet, so it begins medium, as it was written."),
    ],
)
def test_the_reason_names_the_difficulty(overall: int | None, was: str, now: str, told: str) -> None:
    done = talk(0, difficulty=was)
    practised = [(done.session, done.critique.model_copy(update={"overall": overall}))] if overall else []
    following = Next(library().scenarios["burnout"], Difficulty(now), "strategy", sure=True)
    found = reasons(following, practised, library())
    assert found[-1].endswith(told)
    assert found[-1].startswith("No conversation is made for it alone")
