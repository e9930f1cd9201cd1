"""The fidelity benchmark finds what it is there to find: every measure is shown a planted fault."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from coach.app import App
from coach.domain import Code, Difficulty, Reading, Scenario, Turn
from coach.rep import begin
from eval.bench import fidelity
from eval.fidelity import measures
from eval.fidelity.measures import Contest, contests, count, repair, same, won
from eval.fidelity.plays import HOLLOW, LEADING, REPAIR, Played, RememberingCoder, frozen, load_scripts, perform
from eval.fidelity.questions import Question, ask, load_questions

LEVEL = Difficulty.STANDARD
REGISTERS = Path(measures.__file__).with_name("registers")


def played(
    scenario: Scenario, *said: tuple[str, tuple[str, ...]], script: str = "mine", trust: float = 50, **heard: object
) -> Played:
    """A talk of rep lines (text and line ids), each after a manager's turn; ``heard`` goes into the last of these."""
    state = begin(scenario, LEVEL).model_copy(update={"trust": trust})
    path = [Turn(i=0, speaker="rep", text="So.", state=state)]
    for text, lines in said:
        reading = Reading(codes=heard.get("codes", ()), topics=heard.get("topics", ()))
        opened = heard.get("opened", ())
        after = state.model_copy(update={"open_facts": opened})
        path.append(Turn(i=len(path), speaker="manager", text="And?", reading=reading, state=after, opened=opened))
        path.append(Turn(i=len(path), speaker="rep", text=text, lines=lines, state=after))
    return Played(script, scenario, LEVEL, tuple(path))


def missed(measure, one: Played) -> int:
    return len(count([one], measure).misses)


def test_a_fact_told_before_it_opened_is_found(burnout):
    fact = burnout.facts[0]
    told = (fact.lines[0], (f"facts.{fact.id}.0",))
    assert missed(measures.told_secrets, played(burnout, told)) == 1
    assert missed(measures.told_secrets, played(burnout, told, opened=(fact.id,))) == 0
    words = " ".join(fact.lines[0].split()[:12])
    assert missed(measures.told_secrets, played(burnout, (f"Well. {words}", ("answers.home.open.0",)))) == 1
    assert missed(measures.told_secrets, played(burnout, ("Busy, that's all.", ("answers.home.open.0",)))) == 0


def test_a_gate_that_a_hollow_manager_opened_is_found(burnout):
    fact = burnout.facts[0].id
    assert missed(measures.hollow_gates, played(burnout, ("Yes.", ()), script=HOLLOW[0], opened=(fact,))) == 1
    assert missed(measures.hollow_gates, played(burnout, ("Yes.", ()), script="coach", opened=(fact,))) == 0


@pytest.mark.parametrize("short", ["codes", "topics", ""])
def test_a_fact_that_opened_without_its_gate_is_found(burnout, short):
    fact = next(fact for fact in burnout.facts if not fact.gate.after)
    codes: tuple[Code, ...] = (*fact.gate.all_of, *fact.gate.any_of[:1])
    heard = {"codes": codes, "topics": (fact.topic,), "opened": (fact.id,)} | ({short: ("OWN",)} if short else {})
    if short == "topics":
        heard["topics"] = tuple(topic.id for topic in burnout.topics if topic.id != fact.topic)[:1]
    if short == "codes":
        heard["codes"] = tuple({"OWN", "ALIGN"} - set(codes))
    assert missed(measures.gates_followed, played(burnout, ("Yes.", ()), **heard)) == bool(short)


def test_a_line_said_twice_is_found_and_a_refusal_may_come_again(burnout):
    twice = [("Yes.", ("answers.home.open.0",))] * 2
    again = [("No.", ("asides.refusals.0",))] * 2
    assert missed(measures.repeated, played(burnout, *twice)) == 1
    assert missed(measures.repeated, played(burnout, *again)) == 0
    assert missed(measures.refusals, played(burnout, *again)) == 1


def test_talks_that_differ_are_found(burnout):
    one, other = played(burnout, ("Yes.", ())), played(burnout, ("No.", ()))
    assert same([one, one], [one, other]).misses == (one.where,)


def test_a_contest_is_the_worst_leader_against_the_best_other(burnout):
    ends = {"coach": 70.0, "patient-leader": 80.0, "gruff-but-fair": 60.0, "fixer": 50.0, "silent": 20.0}
    plays = [played(burnout, ("Yes.", ()), script=name, trust=trust) for name, trust in ends.items()]
    (contest,) = contests(plays, ["fixer", "silent"])
    assert (contest.worst, contest.low, contest.best, contest.high) == ("gruff-but-fair", 60, "fixer", 50)
    assert len(won([contest]).misses) == 1
    assert won([Contest("here", "coach", 65, "fixer", 50)]).misses == ()


def test_repair_has_to_end_above_the_middle(burnout):
    low, high = (played(burnout, ("Yes.", ()), script=REPAIR, trust=trust) for trust in (50, 51))
    assert len(repair([low, high]).misses) == 1


def test_the_remembered_reading_is_the_coders_own(app: App, burnout):
    script = load_scripts()["silent"]
    assert perform(app, RememberingCoder(app.coder), script, burnout, LEVEL) == perform(
        app, app.coder, script, burnout, LEVEL
    )


def test_an_answer_on_another_topic_is_found(app: App, burnout):
    questions = [
        Question(ask="What are your targets this quarter?", topics=("numbers",)),
        Question(ask="What are your targets this quarter?", topics=("home",)),
    ]
    found = ask(app, app.coder, burnout, questions, LEVEL)
    assert (found.cases, len(found.misses)) == (2, 1)
    assert found.misses[0].startswith("home: ")


def test_questions_are_about_topics_that_there_are(library):
    for name, questions in load_questions().items():
        topics = {topic.id for topic in library.scenarios[name].topics}
        assert {topic for question in questions for topic in question.topics} <= topics
        assert len(questions) == 8


def test_half_of_the_scripts_are_frozen_and_all_that_are_named_exist():
    names = list(load_scripts())
    assert {*LEADING, *HOLLOW, REPAIR} <= set(names)
    assert len(names) >= 14
    assert len(frozen(names)) == len(names) // 2
    assert frozen(names) == frozen(names[::-1])


def test_every_register_has_the_same_managers_in_other_words():
    ours = load_scripts()
    said = {line for script in ours.values() for line in script.manager}
    for folder in REGISTERS.iterdir():
        others = load_scripts(folder)
        assert set(others) == set(ours)
        words = [line for script in others.values() for line in script.manager if len(line.split()) > 3]
        assert not said & set(words)
        said |= set(words)


def test_the_benchmark_prints_its_tables(capsys, tmp_path: Path):
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for name in ("coach", "silent", REPAIR):
        script = {"id": name, "manager": ["What would help you most?", "..."]}
        (scripts / f"{name}.yaml").write_text(yaml.safe_dump(script))
    code = fidelity.main(["--scripts", str(scripts), "--scenario", "burnout", "--difficulty", "easy"])
    shown = capsys.readouterr().out
    assert code == 0
    assert shown.startswith("3 talks: 3 scripts x 1 scenarios x 1 difficulties")
    assert "burnout (easy)" in shown
    assert "facts told before they opened" in shown
