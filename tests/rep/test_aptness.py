"""The rep gives the line that most likely answers, and declines a narrow question that no line answers."""

from __future__ import annotations

import re

import pytest
from shipped import burnout

from coach.errors import ConfigError
from coach.rep import aptness
from coach.rep.aptness import Rated, answers, least, telling

TOPICS = burnout().topics


def rate(question: str, mood: str = "wary", named: tuple[str, ...] = ()) -> list[Rated]:
    return answers(TOPICS).rate(question, named, mood)


def test_every_line_of_the_mood_is_rated_and_the_best_comes_first() -> None:
    rated = rate("What happened to the pub quiz on Tuesdays?")
    assert {one.key for one in rated} == {
        f"answers.{topic.id}.wary.{i}" for topic in TOPICS for i in range(len(topic.answers.wary))
    }
    assert [one.rating for one in rated] == sorted((one.rating for one in rated), reverse=True)
    assert rated[0].topic == "home"
    assert rated[0].rating >= least() > rate("What percentage of that was margin?")[0].rating


def test_the_subject_that_was_heard_makes_its_lines_likelier() -> None:
    heard = {one.key: one.rating for one in rate("And then?", named=("hours",))}
    assert all(one.rating < heard[one.key] for one in rate("And then?") if one.topic == "hours")


def test_words_of_no_meaning_of_their_own_are_near_to_no_line() -> None:
    """Else "How so?" would pull any line from any subject."""
    for _, _, _, signs in answers(TOPICS).signs("How so?", (), "wary"):
        assert signs["meaning"] == 0


def test_a_line_is_found_that_shares_no_telling_word_with_the_question() -> None:
    asked = "Do you ever manage to switch off once you are back in your own four walls?"
    best = rate(asked)[0]
    assert best.topic == "home"
    assert not telling(asked) & telling(best.line)


@pytest.mark.parametrize("question", ["", "?", "x" * 50_000, "\u202e\U0001f4a9"])
def test_anything_can_be_rated(question: str) -> None:
    assert all(0 <= one.rating <= 1 for one in rate(question))


def test_function_words_tell_nothing() -> None:
    assert telling("And how is it with you?") == frozenset()


@pytest.mark.parametrize("name", ["aptness.json", "particulars.json"])
def test_a_missing_data_file_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path, name: str) -> None:
    monkeypatch.setattr(aptness, "files", lambda _package: tmp_path)
    aptness.fitted.cache_clear()
    with pytest.raises(ConfigError, match=re.escape(name)):
        aptness.fitted(name)
    aptness.fitted.cache_clear()
