"""From answers to a scenario without a model: sound, in the manager's words, and of no other trade."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.content import keep, lint, read_yaml
from coach.domain import Difficulty, Scenario
from coach.errors import ContentError, InputError
from coach.rep import unreachable
from coach.tailoring import Choices, named
from coach.tailoring.fitting import Fit, Worlds
from coach.tailoring.names import names, sentences
from tests.tailoring.conftest import NEAREST, OFFERED, WORN

CASES = [(base, answers, whole) for base, answers in NEAREST.items() for whole in (False, True)]


@pytest.mark.parametrize(("base", "answers", "whole"), CASES)
def test_what_is_made_is_sound_and_every_gate_can_open(tailor, base, answers, whole):
    made = tailor.tailor(answers, Choices(whole=whole))
    assert made.base == base
    assert lint(made.scenario, Path("none.yaml")) == []
    assert not any(unreachable(made.scenario, level) for level in Difficulty)


@pytest.mark.parametrize(("base", "answers", "whole"), CASES)
def test_no_name_of_the_built_in_is_left(tailor, library, base, answers, whole):
    text = "\n".join(sentences(tailor.tailor(answers, Choices(whole=whole)).scenario))
    told = " ".join((answers.who, answers.happened))
    left = {name.old for name in names(library.scenarios[base], {}) if re.search(rf"\b{re.escape(name.old)}\b", text)}
    assert {old for old in left if old not in told} == set()
    assert not re.search(rf"\b{library.scenarios[base].persona.name.split()[0]}\b", text)


@pytest.mark.parametrize("answers", NEAREST.values())
def test_the_managers_own_words_stand_whole_and_fear_and_wish_are_not_for_the_rep(tailor, answers):
    scenario = tailor.tailor(answers).scenario
    assert answers.happened in scenario.brief
    assert answers.fear.rstrip(".") in scenario.stakes
    assert answers.want.rstrip(".") in scenario.goal
    assert answers.talks.rstrip(".") in scenario.persona.voice
    assert answers.fear.rstrip(".") not in scenario.brief
    assert answers.want.rstrip(".") not in scenario.brief


def test_lines_of_another_trade_are_left_out(tailor, library):
    lines = " ".join(line for _, line in tailor.tailor(WORN).scenario.all_lines()).casefold()
    worn = " ".join(line for _, line in library.scenarios["burnout"].all_lines()).casefold()
    for word in ("linen", " wards", "towel", "menna", "tunnel"):
        assert word in worn
        assert word not in lines


def test_the_notes_say_what_it_is_made_of(tailor):
    notes = " ".join(tailor.tailor(WORN).notes)
    assert "'burnout'" in notes
    assert "your words: " in notes
    assert "pronouns: he/him" in notes
    assert "only a guess" in notes


def test_what_both_know_already_is_no_hidden_fact(tailor):
    assert "elsewhere" not in {fact.id for fact in tailor.tailor(OFFERED).scenario.facts}


def test_facts_are_kept_dropped_or_said_in_the_managers_words(tailor):
    said = "I have bought a bakery in Colin's street."
    choices = Choices(facts={"slip": "drop", "carrying": said, "linenroom": "KEEP"})
    scenario = tailor.tailor(WORN, choices).scenario
    facts = {fact.id: fact for fact in scenario.facts}
    assert "slip" not in facts
    assert facts["carrying"].lines == (said,)
    assert any("baker*" in one for one in facts["carrying"].giveaways)
    assert facts["linenroom"].gate.after == ()
    assert facts["linenroom"].topic in {topic.id for topic in scenario.topics}


def test_a_whole_scenario_without_a_fact_has_another_example(tailor, library):
    made = tailor.tailor(WORN, Choices(whole=True, facts={"nights": "drop"}, names={"Merrin General": "Globex"}))
    told = library.scenarios["burnout"].facts[0].lines
    assert not {turn.text for turn in made.scenario.example} & set(told)
    assert "globex" in {topic.id for topic in made.scenario.topics}
    assert any("Merrin General is now Globex" in note for note in made.notes)


def test_small_answers_of_the_built_in_stay_behind(tailor):
    assert tailor.tailor(WORN, Choices(whole=True)).scenario.particulars == ()
    assert tailor.tailor(WORN).scenario.particulars == ()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (Choices(facts={"no": "drop"}), "There is no fact 'no'"),
        (Choices(names={"Bob": "Rob"}), "There is no name 'Bob'"),
    ],
)
def test_choices_that_were_not_offered_are_told(tailor, choices, message):
    with pytest.raises(InputError, match=message):
        tailor.tailor(WORN, choices)


def test_one_hidden_fact_has_to_be_left(tailor):
    every = {fact.id: "drop" for fact in tailor.offer(WORN).facts}
    with pytest.raises(InputError, match="Every hidden fact was dropped"):
        tailor.tailor(WORN, Choices(facts=every))


def test_another_built_in_can_be_asked_for(tailor):
    assert tailor.tailor(WORN, base="new-rep").base == "new-rep"
    assert "as you asked" in tailor.tailor(WORN, base="new-rep").notes[0]
    with pytest.raises(InputError, match="no built-in scenario 'nothing'"):
        tailor.offer(WORN, "nothing")


def test_the_offer_gives_a_reason_and_the_next_best(tailor):
    offered = tailor.offer(OFFERED)
    assert offered.base == "counter-offer"
    assert "competitor" in offered.why
    assert len(offered.others) == 3
    assert {fact.default for fact in offered.facts} == {"keep", "drop"}


def test_words_of_a_world_are_those_of_its_trade(library):
    own = Worlds(library.scenarios).own(library.scenarios["burnout"], ["a story of linen"])
    assert {"ward", "sheet"} <= own
    assert not {"linen", "what", "custom", "week"} & own
    fit = Fit(Worlds(library.scenarios), library.scenarios["burnout"], (), True)
    assert fit("That may be so.") == 0
    assert fit("Merrin wants it by April.") > fit("By April.") > 0
    assert fit.best(["By April.", "Fine."], 2) == ["Fine.", "By April."]


class TestKept:
    def test_it_is_private_never_overwritten_and_the_same_when_read(self, tailor, tmp_path):
        made = named(tailor.tailor(WORN), ["marco-bianchi"])
        path = tmp_path / "deep" / "mine.yaml"
        keep(made.scenario, made.notes, path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert read_yaml(path, Scenario) == made.scenario
        assert made.scenario.id == "marco-bianchi-2"
        assert path.read_text("utf-8").startswith("# Made from your five answers")
        with pytest.raises(InputError, match="is not overwritten"):
            keep(made.scenario, (), path)

    def test_what_is_not_sound_leaves_no_file(self, tailor, tmp_path):
        scenario = tailor.tailor(WORN).scenario
        broken = scenario.model_copy(update={"tests": scenario.openings})
        with pytest.raises(ContentError, match="repeats nothing"):
            keep(broken, (), tmp_path / "mine.yaml")
        assert list(tmp_path.iterdir()) == []

    def test_a_place_that_cannot_be_written_is_told(self, tailor, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(InputError, match=r"exists already|cannot be written"):
            keep(tailor.tailor(WORN).scenario, (), tmp_path / "file" / "mine.yaml")
