"""Scripted managers: what is played, what is skipped, and which expectations do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from coach.app import App
from coach.critique import Critic, Measured, Reliability
from coach.critique.reliability import Figure
from coach.domain import Code, Difficulty, Provenance, Reading, Topic, Turn
from coach.errors import InputError, ModelError
from coach.rep import AuthoredVoice, begin
from coach.session import Run, Script, play
from coach.session.expectations import Played
from coach.session.script import Range

NEEDED = 0.6
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


def critic(app: App, low: float, overall: float) -> Critic:
    """A critic whose levels agree with the labels at least so well, when the plain coder reads."""
    figure, whole = (Figure(value=least + 0.1, low=least, high=1) for least in (low, overall))
    measured = Measured(
        coder="plain", basis="", conversations=9, code_kappa=figure, level_weighted_kappa=figure, overall_spearman=whole
    )
    known = Reliability(needed=NEEDED, engines=(measured,))
    return Critic(app.library, app.critic.rubric, app.knowledge, app.writer, known)


class Listener:
    """A manager who keeps what was heard, and fails when there is nothing left to say."""

    id = "listener"

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.heard: list[str] = []

    def next_line(self, path: Sequence[Turn]) -> str | None:
        self.heard.append(path[-1].text)
        if not self.lines:
            raise ModelError("The model is gone.", "unreachable")
        return self.lines.pop(0) or None


@pytest.fixture
def run(app: App):
    def play_it(*manager: str, low: float = NEEDED, overall: float = NEEDED, **fields: Any) -> Run:  # noqa: ANN401
        written = Script.model_validate({"id": "mine", "manager": manager, **fields})
        scenario = app.library.scenarios["burnout"]
        made = Provenance(coder="plain")
        return play(written, scenario, PlainCoder(), AuthoredVoice(), critic(app, low, overall), made)

    return play_it


@pytest.fixture
def meet(app: App):
    def play_it(manager: Listener, **fields: Any) -> Run:  # noqa: ANN401
        written = Script.model_validate({"id": "mine", "profile": "Somebody.", **fields})
        scenario, made = app.library.scenarios["burnout"], Provenance(coder="plain")
        return play(written, scenario, PlainCoder(), AuthoredVoice(), app.critic, made, manager)

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


def test_a_played_path_without_a_state_is_a_fault(burnout):
    with pytest.raises(ValueError, match="always ends with a state"):
        Played([Turn(i=0, speaker="rep", text="Hi.")], {}, burnout).state(1)


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
        ({"opened_count": {"at_least": 1}}, "the number of opened facts is 0, expected at least 1"),
        ({"opened": ["picnic"]}, "the fact 'picnic' did not open"),
        ({"closed": ["picnic"]}, "there is no fact 'picnic' in burnout; its facts are nights, "),
        ({"at": [{"line": 0, "trust": {"at_least": 100}}]}, "manager[0]: trust is "),
        ({"at": [{"line": 0, "closed": ["picnic"]}]}, "there is no fact 'picnic' in burnout"),
        ({"at": [{"line": 0, "codes": ["OWN"]}]}, "manager[0] was not read as OWN (read as ASK, EMPATHY)"),
        ({"at": [{"line": 0, "levels": {"data": {"at_least": 5.5}}}]}, "manager[0]: the level of data is "),
        ({"at": [{"line": 1}]}, "manager[1] was not said, so nothing can be checked there"),
    ],
)
def test_an_expectation_that_does_not_hold_says_what_was_found(run, expect, failure):
    result = run("Ask.", expect=expect)
    assert not result.passed
    assert any(failure in found for found in result.failures)
    assert len(result.failures) == 1 + (expect.get("opened") == ["picnic"])


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


def test_a_moment_is_judged_by_what_was_so_then(run):
    turns = run("Ask.", "Threat.", "Threat.").transcript.turns
    after = {line: turns[2 * line + 2].state.trust for line in range(3)}
    assert after[0] > after[1] > after[2]
    at = [{"line": n, "trust": {"at_least": t, "at_most": t}} for n, t in after.items()]
    expect = {"at": at, "trust": {"at_most": after[2]}}
    assert run("Ask.", "Threat.", "Threat.", expect=expect).failures == ()
    (failure,) = run("Ask.", "Threat.", "Threat.", expect={"at": [{**at[0], "line": 2}]}).failures
    assert failure.startswith(f"manager[2]: trust is {after[2]:g}, expected at least {after[0]:g} and")


def test_a_fact_is_closed_before_the_line_that_opens_it(run):
    turns = run(*["Ask."] * 30).transcript.turns
    line, fact = next((n, turn.opened[0]) for n, turn in enumerate(turns[1::2]) if turn.opened)
    expect = {"at": [{"line": line - 1, "closed": [fact]}, {"line": line, "opened": [fact]}], "opened": [fact]}
    assert run(*["Ask."] * 30, expect=expect).passed
    assert not run(*["Ask."] * 30, expect={"at": [{"line": line, "closed": [fact]}]}).passed


def test_lines_that_were_skipped_keep_their_number_in_a_moment(run):
    result = run("", "Ask.", expect={"at": [{"line": 1, "codes": ["ASK"]}]})
    assert [failure.split(":")[0] for failure in result.failures] == ["manager[0]"]


def test_levels_that_are_not_measured_well_enough_decide_nothing(run):
    expect = {"levels": {"data": {"at_least": 5.5}}, "at": [{"line": 0, "levels": {"data": {"at_least": 1}}}]}
    result = run("Ask.", "Ask.", low=NEEDED - 0.01, expect=expect)
    assert (result.passed, result.failures) == (True, ())
    first, second = result.unscored
    assert first.startswith("manager[0]: the level of data is ")
    assert second.startswith("the level of data is ")
    assert "expected at least 5.5 (not scored: levels by this engine agree" in second
    sure = run("Ask.", "Ask.", expect=expect)
    assert not sure.passed
    assert sure.unscored == ()


def test_an_overall_judgement_that_is_not_measured_well_enough_decides_nothing(run):
    expect = {"overall": {"at_least": 5.5}}
    result = run("Ask.", overall=NEEDED - 0.01, expect=expect)
    assert result.passed
    assert result.unscored[0].startswith("overall is ") and "0.60 is needed" in result.unscored[0]
    assert not run("Ask.", expect=expect).passed


def test_levels_by_an_engine_that_was_never_measured_decide_nothing(meet):
    result = meet(Listener("Ask.", ""), expect={"levels": {"data": {"at_least": 5}}, "trust": {"at_most": 0}})
    assert len(result.failures) == len(result.unscored) == 1
    assert "has not been measured" in result.unscored[0]


def test_a_manager_hears_the_rep_and_may_end_the_talk(meet):
    manager = Listener("Ask.", "Well.", "")
    result = meet(manager)
    turns = result.transcript.turns
    assert manager.heard == [turn.text for turn in turns if turn.speaker == "rep"]
    assert (result.manager, result.passed, len(turns)) == ("listener", True, 5)


def test_a_manager_who_fails_ends_the_talk_with_what_was_said(meet):
    result = meet(Listener("Ask.", "Well."))
    assert result.failures == ("manager[2]: The model is gone.",)
    assert len(result.transcript.turns) == 5
    with pytest.raises(ModelError, match="gone"):
        meet(Listener())


def test_what_is_said_is_told_as_it_is_said(app, burnout):
    told: list[Turn] = []
    script = Script(id="mine", manager=("Ask.", "Well."))
    made = Provenance(coder="plain")
    result = play(script, burnout, PlainCoder(), AuthoredVoice(), app.critic, made, told=told.append)
    assert [turn.text for turn in told] == [turn.text for turn in result.transcript.turns]


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
        {"manager": ["a"], "profile": "Somebody."},
        {"turns": 101},
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


def test_a_second_one_on_one_remembers_the_first(app):
    lines = ("How are you really doing?", "I will take the weekly report off you by Friday.")
    second = {"manager": ["Good to see you again. How has the week been?"], "earlier": lines}
    ends = {}
    for since in ("kept", "broken"):
        script = Script.model_validate({"id": since, "since": since, **second})
        run = play(script, app.library.scenarios["burnout"], app.coder, app.voice, app.critic, app.provenance(1))
        first = run.transcript.turns[0]
        assert first.lines[0].startswith(f"next_time.{since}.")
        ends[since] = first.state.trust
    assert ends["kept"] > ends["broken"]
    with pytest.raises(ValidationError, match="since"):
        Script.model_validate({"id": "x", **second})
