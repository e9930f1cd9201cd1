"""Topics: a manager's own words find what they are about."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import burnout

from coach.coding.topics import MAX_CHARS, TopicFinder, finder
from coach.domain import MoodLines, Topic

LEAST = 0.85  # share of natural questions whose first topic must be the right one
TOPICS = ("visible", "hours", "team", "merrin", "home", "future", "next", "numbers")

# Written as a manager who has read only the brief would ask, before the topics' words were known.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "visible": (
        "What happened on the phone with Colin last Tuesday?",
        "How are you doing, really?",
        "I've noticed you've had your camera off on Mondays. What's behind that?",
        "Customers tell me they wait a day or two for you to ring back. What's going on there?",
        "Talk me through what you said to Mr Pask before you hung up.",
    ),
    "hours": (
        "What does a normal week look like for you at the moment?",
        "How late are you working these days?",
        "When did you last have a proper day off?",
        "How much is on your plate right now?",
        "Is there ever a stretch of the day when nobody's ringing you?",
    ),
    "team": (
        "How are things between you and the rest of the team?",
        "Who do the others come to when they're stuck?",
        "Which of your colleagues could you lean on a bit?",
        "Do you feel the others have your back?",
        "What's it like working alongside the younger reps?",
    ),
    "merrin": (
        "What has the breakdown of Tunnel Two meant for your customers?",
        "How short are the deliveries to the hospital actually running?",
        "Where do things stand with Merrin General right now?",
        "What are the wards saying about the missing sheets?",
        "What do you hear from the plant about when it'll be fixed?",
    ),
    "home": (
        "How are things at home, if you don't mind me asking?",
        "What do you do to switch off when you're not working?",
        "How's your sister?",
        "Are you getting any sleep?",
        "Is there anything outside work that's weighing on you?",
    ),
    "future": (
        "Where do you see yourself in a couple of years?",
        "Have you been thinking about leaving us?",
        "Do you still enjoy this job?",
        "What would make you want to stay here?",
        "Do you ever miss nursing?",
    ),
    "next": (
        "What would help you most over the next few weeks?",
        "If you could change one thing about how we do this, what would it be?",
        "What do you need from me?",
        "So what do we each do by Friday?",
        "What could we take off you for now?",
    ),
    "numbers": (
        "How is your pipeline looking for the rest of the quarter?",
        "You're at 96 percent. How do you feel about hitting target?",
        "What does your forecast say for June?",
        "Which of your renewals are you least sure of?",
        "How confident are you in the figures you've given me?",
    ),
}

ANSWERS = MoodLines(guarded=("Mm.",), wary=("Maybe.",), open=("Yes.",))


@cache
def topics() -> TopicFinder:
    return TopicFinder(burnout().topics)


def made(topic_id: str, *words: str, asks: tuple[str, ...] = ()) -> Topic:
    return Topic(id=topic_id, name=topic_id, words=words, asks=asks, answers=ANSWERS)


def test_the_example_questions_of_a_topic_find_it() -> None:
    asked = [(topic.id, ask) for topic in burnout().topics for ask in topic.asks]
    missed = [(topic_id, ask, topics().find(ask)) for topic_id, ask in asked if topics().find(ask)[:1] != (topic_id,)]
    assert len(asked) >= 60
    assert not missed


def test_the_authored_suggestions_find_their_topic() -> None:
    suggestions = burnout().suggestions
    missed = [(one.topic, one.words, topics().find(one.words)) for one in suggestions]
    missed = [miss for miss in missed if miss[2][:1] not in ((), miss[:1])]
    assert len(missed) / len(suggestions) <= 1 - LEAST, missed


def test_natural_questions_find_their_topic() -> None:
    asked = [(topic_id, question) for topic_id, questions in QUESTIONS.items() for question in questions]
    missed = [
        f"{topic_id} -> {topics().find(question) or 'none'}: {question}"
        for topic_id, question in asked
        if topics().find(question)[:1] != (topic_id,)
    ]
    rate = (len(asked) - len(missed)) / len(asked)
    sys.stdout.write(f"\n{rate:.3f} of {len(asked)} questions find their topic; missed:\n" + "\n".join(missed) + "\n")
    assert len(asked) == 40
    assert rate >= LEAST, missed


@pytest.mark.parametrize("word", ["Colin", "COLIN", "colin", "Colin's", "Colin’s", "(Colin)", "Colin?!"])
def test_words_are_found_in_any_case_and_beside_any_mark(word: str) -> None:
    assert topics().find(f"Tell me about {word}") == ("visible",)


@pytest.mark.parametrize("text", ["Let's agree who does what.", "Let’s agree who does what."])
def test_an_apostrophe_may_be_straight_or_curly(text: str) -> None:
    """Phones and word processors type the curly one; a trainer writes the straight one, or the other way round."""
    one = TopicFinder([made("next", "let's agree"), made("other", "something else")])
    assert one.find(text) == ("next",)
    other = TopicFinder([made("next", "let’s agree"), made("other", "something else")])
    assert other.find(text) == ("next",)


class TestWords:
    def test_whole_words_only(self) -> None:
        one = TopicFinder([made("team", "team"), made("rest", "rest")])
        assert one.find("The team, please") == ("team",)
        assert one.find("a steamy teammate") == ()
        assert one.find("I'd be interested") == ()

    def test_a_star_stands_for_any_ending(self) -> None:
        one = TopicFinder([made("plant", "deliver*", "burn* out")])
        assert one.find("the deliveries") == one.find("to deliver") == one.find("burnt  out") == ("plant",)
        assert one.find("undelivered") == ()

    def test_other_signs_are_plain_text(self) -> None:
        one = TopicFinder([made("odd", "c++", "a.b", "(why)")])
        assert one.find("we use c++ here") == one.find("so a.b it is") == one.find("and (why) not") == ("odd",)
        assert one.find("cab or axb") == ()

    def test_a_phrase_may_be_broken_over_lines(self) -> None:
        assert TopicFinder([made("visible", "phone down")]).find("put the phone\n  down") == ("visible",)

    def test_the_topic_named_most_comes_first(self) -> None:
        one = TopicFinder([made("plant", "tunnel", "linen"), made("team", "team")])
        assert one.find("The tunnel and the linen, and the team") == ("plant", "team")
        assert one.find("The team, the team, and a tunnel") == ("team", "plant")

    def test_among_equals_the_one_named_last_comes_first(self) -> None:
        one = TopicFinder([made("plant", "tunnel"), made("team", "team")])
        assert one.find("Leaving the tunnel aside, how is the team?") == ("team", "plant")
        assert one.find("Leaving the team aside, how is the tunnel?") == ("plant", "team")

    def test_a_topic_without_words_and_asks_is_never_found(self) -> None:
        assert TopicFinder([made("bare")]).find("bare") == ()


class TestBounds:
    @settings(deadline=None)
    @given(st.text(max_size=300))
    def test_any_text_is_answered_with_known_topics_each_once(self, text: str) -> None:
        found = topics().find(text)
        assert len(set(found)) == len(found)
        assert set(found) <= set(TOPICS)
        assert topics().find(text) == found

    @pytest.mark.parametrize("text", ["", "   ", "...", "?", "Hello.", "你好", "🙂", "Quite so, I suppose."])
    def test_what_is_about_nothing_touches_nothing(self, text: str) -> None:
        assert topics().find(text) == ()

    def test_of_a_very_long_turn_both_ends_are_read(self) -> None:
        filler = "and so on " * MAX_CHARS
        assert topics().find(f"The pipeline {filler}") == ("numbers",)
        assert topics().find(f"{filler} the pipeline") == ("numbers",)
        assert topics().find(f"{filler} the pipeline {filler}") == ()

    def test_the_finder_is_made_once_for_the_same_topics(self) -> None:
        assert finder(burnout().topics) is finder(burnout().topics)
