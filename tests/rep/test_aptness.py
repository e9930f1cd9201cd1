"""The line that answers best is the one that shares the telling words of the question."""

from __future__ import annotations

from coach.content import load_library
from coach.content.places import Places
from coach.rep.aptness import aptest_topic, rarity, score, telling

TOPICS = load_library(Places.of(None)).scenarios["burnout"].topics


def test_rare_words_tell_more_than_common_ones() -> None:
    rare = rarity(TOPICS)
    sister, other = "Menna says I'm there but I'm not in.", "It follows you through the door a bit more than it did."
    assert score("What does Menna say?", sister, rare) > score("What does Menna say?", other, rare)
    assert score("And how is it?", sister, rare) == 0.0
    assert telling("And how is it with you?") == frozenset()


def test_a_question_finds_the_subject_that_clearly_answers_it() -> None:
    assert aptest_topic("What happened to the pub quiz on Tuesdays?", TOPICS, "wary") == "home"
    assert aptest_topic("What do you think about it?", TOPICS, "wary") == ""
    assert aptest_topic("", TOPICS, "open") == ""
