"""Without a model every answer comes from the talk, the rules and the knowledge base; what they do not hold is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.debrief.asking import Answer, Casebook, answer, suggestions, tidy, understand
from coach.domain import PRINCIPLES
from coach.errors import InputError
from coach.knowledge import KnowledgeBase
from coach.reports.replies import your_reply
from eval.asking.__main__ import understood

QUESTIONS = Path("eval/asking/questions.yaml")


def checks(given: Answer, book: Casebook, knowledge: KnowledgeBase) -> None:
    """Every quote stands where the answer says."""
    turns = book.debrief.turns
    for said in given.said:
        assert turns[said.turn].speaker == said.speaker
        assert said.quote in turns[said.turn].text
    for passage in given.passages:
        assert knowledge.verbatim(passage.source, passage.section, passage.quote)


def test_most_questions_that_managers_ask_are_understood(book: Casebook) -> None:
    asked = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    missed = [one["ask"] for one in asked if not understood(one, understand(one["ask"], book))]
    assert len(missed) <= 3, missed


def test_every_answer_rests_on_quotes_that_check(book: Casebook) -> None:
    for one in yaml.safe_load(QUESTIONS.read_text("utf-8")):
        found = answer(one["ask"], book)
        checks(found, book, book.knowledge)
        assert found.text
        assert found.by == "offline"
        if one["kind"] in ("turn", "words", "knowledge"):
            assert found.said or found.passages, one["ask"]


def fell(book: Casebook) -> int:
    """The turn at which trust fell most."""
    return min(book.debrief.steps, key=lambda step: step.change).turn


def my_reply(book: Casebook, turn: int) -> str:
    """A turn as the manager counts and speaks of it."""
    return your_reply(book.debrief.turns, turn).replace("your", "my")


def test_a_level_is_explained_by_what_was_heard_and_the_rule(book: Casebook) -> None:
    told = [" ".join(book.level(principle).text) for principle in PRINCIPLES]
    text = next(text for text in told if "What counted against it:" in text)
    name = text[1 : text.index("”")]
    assert " ".join(answer(f"why is {name.lower()} judged as it is?", book).text) == text
    assert "The rule is the same for everybody" in text
    assert "Better would have been:" in text


def test_every_principle_can_be_explained_and_what_was_not_called_for_says_so(book: Casebook) -> None:
    for principle in PRINCIPLES:
        found = book.level(principle)
        checks(found, book, book.knowledge)
        unjudged = book.debrief.critique.levels[principle] is None
        assert ("was not judged" in found.text[0]) is unjudged


def test_a_slip_is_explained_with_the_words_it_was_heard_in(book: Casebook) -> None:
    found = answer("where did I order him around", book)
    assert [said.turn for said in found.said] == [5, 9]
    assert "your 3rd and 5th replies" in found.text[0]


def test_a_behaviour_that_was_not_heard_counted_for_nothing(book: Casebook) -> None:
    found = answer("did I make a threat?", book)
    assert found.text[0] == "“Pressing with consequences” was not heard in this talk, so it counted for nothing."


def test_a_turn_is_told_with_what_was_heard_how_trust_moved_and_what_came_back(book: Casebook) -> None:
    found = answer("what happened at turn 5", book)
    assert f"“{book.library.acts['COMMAND']}”" in found.text[0]
    assert "Trust fell" in found.text[0] and not any(c.isdigit() for c in found.text[0])
    assert [said.turn for said in found.said] == [5, 6]


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("why did trust drop", "Trust fell most at {fell}. It also fell at your"),
        ("when did he open up", "Trust rose most at {rose}."),
        ("my worst moment?", "{Worst} cost you most."),
        ("what did I do best", "{Best} helped most."),
    ],
)
def test_the_telling_moment_is_found(book: Casebook, question: str, begins: str) -> None:
    by_change = sorted(book.debrief.steps, key=lambda step: step.change)
    critique = book.debrief.critique
    rose = max(book.debrief.steps, key=lambda step: step.change)  # the first of equals
    turns = {"fell": by_change[0].turn, "rose": rose.turn, "Worst": critique.worst, "Best": critique.best}
    called = {name: your_reply(book.debrief.turns, turn) for name, turn in turns.items()}
    called |= {name: words.capitalize() for name, words in called.items() if name[0].isupper()}
    assert answer(question, book).text[0].startswith(begins.format(**called))


def test_other_words_are_examples_and_are_called_so(book: Casebook) -> None:
    found = answer("what could I have said instead at turn 5", book)
    assert found.examples[0].origin == "An example written for this conversation"
    assert "not the one right answer" in found.text[-1]
    for step in book.debrief.steps:
        checks(book.words(step.turn), book, book.knowledge)


def test_what_stayed_hidden_is_told_as_the_debrief_tells_it(book: Casebook) -> None:
    found = answer("what was he hiding", book)
    kept = [secret for secret in book.debrief.secrets if secret.opened_at is None]
    assert "told you nothing of what had to be earned" in found.text[0]
    assert all(secret.text in " ".join(found.text) for secret in kept[:3])


@pytest.mark.parametrize(
    "question",
    ["Did we agree anything in the end?", "what did I promise him", "where did we leave it", "what was agreed?"],
)
def test_what_was_agreed_is_what_was_said_with_a_day_or_honestly_nothing(book: Casebook, question: str) -> None:
    found = answer(question, book)
    assert found.kind == "agreed"
    assert [(s.turn, s.quote) for s in found.said] == [(e.turn, e.quote) for e in book.debrief.agreed[-3:]]
    checks(found, book, book.knowledge)
    undated = tuple(
        turn.model_copy(update={"reading": turn.reading.model_copy(update={"promises": ()})}) if turn.reading else turn
        for turn in book.debrief.turns
    )
    found = answer(question, other(book, turns=undated))
    assert found.text[0] == "I heard nothing with a day or a name on it."
    heard = {code for turn in undated if turn.reading for code in turn.reading.codes}
    assert bool(found.said) == bool(heard & {"STANDARD", "SUPPORT"})
    checks(found, book, book.knowledge)


@pytest.mark.parametrize("question", ["I do not agree with coaching", "what was he hiding", "what happened at turn 5"])
def test_other_questions_are_not_taken_for_one_on_what_was_agreed(book: Casebook, question: str) -> None:
    assert understand(question, book).kind != "agreed"


def test_the_knowledge_base_answers_with_its_passages_or_says_that_it_has_none(book: Casebook) -> None:
    assert answer("what do the articles say about one-on-ones", book).passages
    assert book.lookup("zinc roofing screws") is None
    assert answer("any articles on zinc roofing screws", book).passages == ()


def test_what_cannot_be_answered_is_said_with_questions_that_fit_this_talk(book: Casebook) -> None:
    found = answer("what's the weather tomorrow", book)
    assert found.kind == "other"
    assert "cannot answer" in found.text[0]
    assert found.suggestions == suggestions(book)
    change = book.debrief.critique.findings[book.debrief.critique.change]
    act = book.library.acts[change.code]
    assert found.suggestions == (
        f"Why do you say “{act}”?",
        f"Why did trust fall at {my_reply(book, fell(book))}?",
        f"What could I have said instead at {my_reply(book, change.evidence[0].turn)}?",
    )


def test_the_suggested_questions_are_understood_and_not_suggested_again(book: Casebook) -> None:
    kinds = [answer(question, book).kind for question in suggestions(book)]
    assert kinds == ["level", "turn", "words"]
    assert suggestions(book)[0] not in answer(suggestions(book)[0], book).suggestions


@pytest.mark.parametrize(
    ("question", "turn"),
    [
        ("why did trust fall at my 3rd reply", 5), ("what happened at my third reply?", 5), ("reply 2?", 3),
        ("what could I have said instead at my 14th answer", 27), ("what happened at my 99th reply", None),
    ],
)  # fmt: skip
def test_a_reply_is_counted_as_the_manager_counts(book: Casebook, question: str, turn: int | None) -> None:
    assert understand(question, book).turn == turn


@pytest.mark.parametrize("number", [0, 99, 999])
def test_a_turn_that_does_not_exist_is_no_error(book: Casebook, number: int) -> None:
    assert answer(f"what happened at turn {number}", book).text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_words_get_an_answer(book: Casebook, words: str) -> None:
    try:
        asked = tidy(words)
    except InputError:
        return
    checks(answer(asked, book), book, book.knowledge)


def test_a_question_is_one_line_and_bounded() -> None:
    assert tidy("  why\n\tthat\ud800? ") == "why that?"[:8] + "??"
    for empty in ("", " \n", "?!"):
        with pytest.raises(InputError, match="no question yet"):
            tidy(empty)
    with pytest.raises(InputError, match="501 characters"):
        tidy("x" * 501)


def other(book: Casebook, **changes: object) -> Casebook:
    """The same talk, had it gone another way."""
    return replace(book, debrief=book.debrief.model_copy(update=changes))


def judged(book: Casebook, **changes: object) -> Casebook:
    return other(book, critique=book.debrief.critique.model_copy(update=changes))


def test_a_talk_in_which_nothing_moved_says_so(book: Casebook) -> None:
    still = tuple(step.model_copy(update={"change": 0.0, "opened": ()}) for step in book.debrief.steps)
    calm = other(book, steps=still)
    assert answer("why did trust drop", calm).text[0].startswith("Trust never fell by more than a little")
    assert answer("when did he open up", calm).text[0].startswith("Trust never rose by more than a little")
    assert "Trust stayed about the same" in answer("turn 5?", calm).text[0]
    assert [asked for asked in suggestions(calm) if "trust" in asked] == []
    assert suggestions(calm)[-1] == "What stayed hidden?"


def test_a_talk_that_only_rose_is_asked_about_its_rise(book: Casebook) -> None:
    rising = tuple(step.model_copy(update={"change": abs(step.change)}) for step in book.debrief.steps)
    most = max(rising, key=lambda step: step.change).turn
    assert suggestions(other(book, steps=rising))[1] == f"What made trust rise at {my_reply(book, most)}?"


def test_without_a_moment_that_stands_out_none_is_named(book: Casebook) -> None:
    none = judged(book, best=None, worst=None)
    assert answer("my worst moment?", none).text == ("No single turn clearly cost you something.",)
    assert answer("what did I do best", none).text == ("No single turn helped clearly more than the others.",)


def test_without_a_finding_the_questions_are_about_what_is_weakest(book: Casebook) -> None:
    bare = judged(book, keep=None, change=None, findings=())
    assert suggestions(bare)[0] == "Why is “seeing what they do well, and saying so” judged as it is?"
    assert suggestions(bare)[2] == f"What could I have said instead at {my_reply(book, fell(book))}?"
    assert understand(suggestions(bare)[0], bare).principle == "recognition"
    assert answer("give me better words", bare).said[-1].turn == 27
    assert answer("what should i have said instead where i lost him", bare).said[-1].turn == fell(bare)
    unrated = judged(book, change=None, findings=(), levels=dict.fromkeys(PRINCIPLES))
    assert len(suggestions(unrated)) == 3


def test_what_was_told_is_not_said_to_be_hidden(book: Casebook) -> None:
    told = tuple(secret.model_copy(update={"opened_at": 17, "needed": ()}) for secret in book.debrief.secrets)
    found = answer("what stayed hidden", other(book, secrets=told))
    assert found.text == ("Nothing: Bastien told you everything there was to tell.",)
    assert found.said[0].quote == book.debrief.turns[18].text
    half = (*told[:6], *book.debrief.secrets[6:])
    assert "told you some of what had to be earned" in answer("what stayed hidden", other(book, secrets=half)).text[0]


def test_a_judgement_that_cannot_be_placed_is_asked_back(book: Casebook) -> None:
    assert "call it by the name it has" in answer("why this score", book).text[0]
