"""``coach ask``: a question about a talk, answered in words or as JSON."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from coach.app import OWNER, App
from coach.settings import Settings


@pytest.fixture
def talk(coach, own_home):
    """A talk that has ended, in the command's own home."""
    with closing(App(Settings(home=own_home))) as own:
        talk = own.practice.start(OWNER, "burnout", None, 5)
        return own.practice.end(own.practice.reply(talk, "Stop moaning. You will do the list that I send you.")).id


def test_the_answer_names_its_words_and_what_could_be_asked_next(coach, talk):
    result = coach("ask", talk, "what happened at turn 1")
    assert (result.code, result.err) == (0, "")
    assert '"Stop moaning. You will do the list that I send you."\n    - you, in your 1st reply' in result.out
    assert "- Carys, after your 1st reply" in result.out
    assert "You could also ask:" in result.out
    found = json.loads(coach("ask", talk, "what should I have said instead at turn 1", "--json").out)
    assert found["kind"] == "words"
    assert found["examples"]


@pytest.mark.parametrize(("question", "told"), [("?", "no question yet"), ("why" * 200, "600 characters")])
def test_a_question_that_cannot_be_answered_is_one_sentence(coach, talk, question, told):
    result = coach("ask", talk, question)
    assert (result.code, result.out) == (2, "")
    assert told in result.err


def test_a_talk_that_is_not_there_is_one_sentence(coach):
    result = coach("ask", "none", "why?")
    assert result.code == 2
    assert "no practice session 'none'" in result.err
