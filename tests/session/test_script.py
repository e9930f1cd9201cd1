"""Scripted managers: what is played, what is skipped, and which expectations do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from coach.app import App
from coach.domain import Code, Difficulty, Provenance, Reading, Topic, Turn
from coach.errors import InputError
from coach.rep import AuthoredVoice, begin
from coach.session import Run, Script, play, script
from coach.session.script import Range

CODES: dict[str, tuple[Code, ...]] = {"ask": ("ASK", "EMPATHY"), "threat": ("THREAT", "BLAME")}


class PlainCoder:
    """Hears the codes that a turn's first word stands for."""

    id = "plain"

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        about = tuple(topic.id for topic in topics)
        return {t: self._reading(turns[t], about) for t in targets}

    def _reading(self, turn: Turn, about: tuple[str, ...]) -> Reading:
        codes = CODES.get(turn.text.split()[0].lower().strip(".,"), ()) if turn.speaker == "manager" else ()
        return Reading(codes=codes, topics=about if codes else (), coder=self.id)


@pytest.fixture
def run(app: App):
    def play_it(*manager: str, **fields: Any) -> Run:  # noqa: ANN401
        written = Script.model_validate({"id": "mine", "manager": manager, **fields})
        scenario = app.library.scenarios["burnout"]
        return play(written, scenario, PlainCoder(), AuthoredVoice(), app.critic, Provenance(coder="plain"))

    return play_it


def test_a_script_is_played_to_its_end(run, burnout):
    result = run("Ask one.", "Well.", "Ask two.")
    turns = result.transcript.turns
    assert (result.script, result.scenario, result.passed, result.failures) == ("mine", "burnout", True, ())
    assert [turn.speaker for turn in turns] == ["rep", *["manager", "rep"] * 3]
    assert [turn.text for turn in turns if turn.speaker == "manager"] == ["Ask one.", "Well.", "Ask two."]
    assert result.transcript.id == "mine/burnout"
    assert result.transcript.scenario_id == "burnout"
    assert turns[0].state == begin(burnout, burnout.difficulty)
    assert result.critique.provenance.coder == "plain"


def test_the_same_seed_repeats_the_run(run):
    assert run("Ask.", "Well.", seed=4) == run("Ask.", "Well.", seed=4)


def test_the_difficulty_is_the_scripts(run, burnout):
    hard = run("Ask.", difficulty="hard").transcript.turns[0].state
    assert hard == begin(burnout, Difficulty.HARD)
    assert hard.trust < begin(burnout, burnout.difficulty).trust


def test_a_rep_who_walks_out_ends_the_run(run, burnout):
    turns = run(*["Threat."] * 50).transcript.turns
    assert len(turns) < 101
    assert turns[-1].text in burnout.endings.walkout


def test_lines_after_a_walkout_were_never_said(run):
    result = run(*["Threat."] * 50, expect={"codes": {"0": ["THREAT"], "49": ["THREAT"]}})
    assert result.failures == ("manager[49] was not read as THREAT (read as nothing)",)


def test_lines_that_cannot_be_said_fail_and_the_numbering_holds(run):
    result = run("", "Ask.", "😀", "Threat.", expect={"codes": {"1": ["ASK"], "3": ["THREAT"], "0": ["ASK"]}})
    assert [failure.split(":")[0] for failure in result.failures[:2]] == ["manager[0]", "manager[2]"]
    assert result.failures[2:] == ("manager[0] was not read as ASK (read as nothing)",)
    assert [turn.text for turn in result.transcript.turns if turn.speaker == "manager"] == ["Ask.", "Threat."]


def test_a_script_without_a_sayable_line_is_refused(run):
    with pytest.raises(InputError, match="'mine' has no line that can be said"):
        run("", "<p></p>")


def test_a_played_path_without_a_state_is_a_fault(run, monkeypatch):
    monkeypatch.setattr(
        script, "_bounds", lambda _bounds: pytest.fail("there is nothing to compare")
    )  # fmt: skip
    with pytest.raises(ValueError, match="always ends with a state"):
        script._unmet(script.Expectation(), [Turn(i=0, speaker="rep", text="Hi.")], run("Ask.").critique, {})


@pytest.mark.parametrize(
    ("expect", "failure"),
    [
        ({"trust": {"at_least": 100}}, "expected at least 100"),
        ({"trust": {"at_most": 0}}, "expected at most 0"),
        ({"strain": {"at_least": 99.5, "at_most": 100}}, "expected at least 99.5 and at most 100"),
        ({"overall": {"at_least": 5.5}}, "expected at least 5.5"),
        ({"opened": ["nights"]}, "the fact 'nights' did not open"),
        ({"codes": {"0": ["ASK", "OWN", "TRY"]}}, "manager[0] was not read as OWN, TRY (read as ASK, EMPATHY)"),
        ({"codes": {"7": ["ASK"]}}, "manager[7] was not read as ASK (read as nothing)"),
        ({"levels": {"data": {"at_least": 5.5}}}, "the level of data is "),
    ],
)
def test_an_expectation_that_does_not_hold_says_what_was_found(run, expect, failure):
    result = run("Ask.", expect=expect)
    assert not result.passed
    (found,) = result.failures
    assert failure in found


def test_expectations_that_hold_are_silent(run):
    expect = {
        "trust": {"at_least": 0, "at_most": 100},
        "strain": {"at_most": 100},
        "overall": {"at_least": 1},
        "closed": ["nights"],
        "codes": {"0": ["ASK"]},
    }
    assert run("Ask.", expect=expect).passed


def test_a_level_is_compared_with_what_was_found(run):
    levels = run("Ask.").critique.levels
    principle, level = next((name, level) for name, level in levels.items() if level is not None)
    assert run("Ask.", expect={"levels": {principle: {"at_least": level, "at_most": level}}}).passed
    (failure,) = run("Ask.", expect={"levels": {principle: {"at_least": level + 0.5}}}).failures
    assert failure == f"the level of {principle} is {level}, expected at least {level + 0.5:g}"


def test_a_fact_that_opened_is_told_when_it_should_not_have(run, burnout):
    result = run(*["Ask."] * 30)
    opened = result.transcript.turns[-1].state.open_facts
    told = [fact for turn in result.transcript.turns for fact in turn.opened]
    assert list(opened) == told
    everything = {"closed": [fact.id for fact in burnout.facts]}
    failures = run(*["Ask."] * 30, expect=everything).failures
    assert sorted(failures) == sorted(f"the fact {fact!r} opened" for fact in opened)


def test_bounds_are_inclusive_and_may_be_left_out():
    assert Range().holds(3)
    assert Range(at_least=3, at_most=3).holds(3)
    assert not Range(at_least=3).holds(2.9)
    assert not Range(at_most=3).holds(3.1)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": ""},
        {"id": "x" * 81},
        {"manager": []},
        {"manager": ["a"] * 101},
        {"manager": ["x" * 100_001]},
        {"difficulty": "brutal"},
        {"expect": {"trust": {"atleast": 3}}},
        {"expect": {"levels": {"kindness": {}}}},
        {"expect": {"codes": {"0": ["SING"]}}},
        {"surprise": 1},
    ],
    ids=str,
)
def test_a_script_of_another_form_is_refused(fields):
    with pytest.raises(ValidationError):
        Script.model_validate({"id": "mine", "manager": ["Hello."], **fields})
