"""What kind of answer a turn calls for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.content import load_library
from coach.content.places import Places
from coach.domain import Difficulty, Reading, RepState, Turn
from coach.rep import Scene, begin
from coach.rep.answering import (
    asks_to_agree,
    asks_what_was_hinted,
    asks_what_was_meant,
    corrects,
    just_declined,
    offers,
    shares_out,
)

SCENARIO = load_library(Places.of(None)).scenarios["burnout"]
FACT = SCENARIO.facts[0]
ASKED = Reading(codes=("ASK",))
STATE = begin(SCENARIO, Difficulty.STANDARD)


def scene(
    asked: str,
    lines: tuple[str, ...] = (),
    hinted: str = "",
    said: str = "So.",
    reading: Reading = ASKED,
    state: RepState = STATE,
) -> Scene:
    rep = Turn(i=0, speaker="rep", text=said, lines=lines, state=state.model_copy(update={"hinted": hinted}))
    manager = Turn(i=1, speaker="manager", text=asked, state=state)
    return Scene(SCENARIO, (rep, manager), reading, (), state, None, Difficulty.STANDARD, 1)


@pytest.mark.parametrize(
    "asked", ["What is it?", "And what was that?", FACT.hints[0], "No need to worry about Merrin today. What is it?"]
)
def test_a_question_about_nothing_but_the_hint_is_seen(asked: str) -> None:
    assert asks_what_was_hinted(scene(asked, (f"hints.{FACT.id}.0",), FACT.id))


def test_another_question_or_no_hint_is_not() -> None:
    other = "How many deliveries came up short at the hospital last week?"
    assert not asks_what_was_hinted(scene(other, (f"hints.{FACT.id}.0",), FACT.id))
    assert not asks_what_was_hinted(scene("What is it?", ("answers.home.wary.0",)))
    for asked in ("I ring the wards from tonight. Is that all right with you?", "Are you sleeping?"):
        assert not asks_what_was_hinted(scene(asked, (f"hints.{FACT.id}.0",), FACT.id))


def test_a_hint_is_asked_about_a_little_later_by_its_name_alone() -> None:
    now = scene("")
    n, hint = max(enumerate(FACT.hints), key=lambda one: len(one[1]))
    hinted, manager = now.path[0].model_copy(update={"lines": (f"hints.{FACT.id}.{n}",)}), now.path[1]
    since = (hinted, manager, Turn(i=2, speaker="rep", text="Towels, mostly."))
    for asked, seen in ((f"You said: {hint} What is it?", True), ("And towels. What is it?", False)):
        path = (*since, manager.model_copy(update={"i": 3, "text": asked}))
        assert asks_what_was_hinted(replace(now, path=path)) is seen
    told = now.state.model_copy(update={"open_facts": (FACT.id,)})
    assert not asks_what_was_hinted(scene("What is it?", (f"hints.{FACT.id}.0",), FACT.id, state=told))


@pytest.mark.parametrize(
    ("codes", "promises", "words", "offered"),
    [
        (("SUPPORT",), (), "I could take Merrin off you. Would that help?", True),
        ((), ("I'll come on Thursday",), "I'll come on Thursday. Does nine suit?", True),
        (("SUPPORT",), (), "What would help you most?", False),
        (("SUPPORT", "COMMAND"), (), "Do it, and I'll help. Okay? Will you?", False),
        (("ASK",), (), "Did you ring him?", False),
    ],
)
def test_an_offer_asks_for_a_yes_and_is_no_order(codes, promises, words: str, offered: bool) -> None:
    heard = scene(words, reading=Reading(codes=codes, promises=promises))
    assert offers(heard, answerable=False) is offered


@pytest.mark.parametrize(
    "words",
    [
        "You keep the wards, I take the nights. Can you live with that?",
        "I'm driving to Merrin on Monday. You in?",
        "One hour with real quotes. You want to do it with me, Tuesday morning?",
        "I take two from you. This is good for you?",
        "I sit in and you watch. Would that be any use, or would it be mortifying?",
    ],
)
def test_a_proposal_is_heard_in_many_words(words: str) -> None:
    assert offers(scene(words, reading=Reading()), answerable=True)


def test_an_offer_in_other_words_than_a_proposals_gives_way_to_an_answer() -> None:
    heard = scene("I could take Merrin off you. Did you tell her?", reading=Reading(codes=("SUPPORT",)))
    assert offers(heard, answerable=False)
    assert not offers(heard, answerable=True)


@pytest.mark.parametrize(
    "words",
    [
        "What would you want me to bring to her, besides the number?",
        "And how could I show you that on Thursday?",
        "She says you're right every time, but it's like writing to a machine. Does that ring true?",
        "I'll come along on Thursday, I said. Is that right?",
    ],
)
def test_what_only_sounds_like_a_proposal_is_none(words: str) -> None:
    assert not offers(scene(words, reading=Reading(codes=("STANDARD",))), answerable=False)


@pytest.mark.parametrize(
    "words",
    [
        "No, I meant Gordon's bet.",
        "Sorry, who knows? I was asking why the orders aren’t coming.",
        "I asked what you want me to tell him.",
        "That's not what I asked.",
        "That wasn't an answer. How often, roughly?",
        "My question was about the roof.",
        "You didn't answer me.",
        "You haven't answered. When was it?",
        "That doesn't answer it, does it?",
        "I was only asking who you meant.",
        "That's when she decides. I meant, have you spoken to her, yes or no?",
    ],
)
def test_a_manager_who_was_misheard_is_seen(words: str) -> None:
    assert corrects(scene(words))


@pytest.mark.parametrize(
    "words",
    [
        "I meant to ring you on Monday.",
        "I meant what I said about the bonus.",
        "I asked Patrick last week.",
        "You didn't answer my mails, and she doesn't answer her phone.",
        "I asked you to send the forecast.",
        "That's a fair question.",
        "That's my answer, and it stands.",
        "I'm asking to see it. What's the grievance?",
        "I'm asking you about it because I care.",
    ],
)
def test_other_asking_and_meaning_corrects_nobody(words: str) -> None:
    assert not corrects(scene(words))


@pytest.mark.parametrize(
    ("words", "shared"),
    [
        ("Who do you think should call Dr Delorme, you or me?", True),
        ("Gail has to hear that from us. Will you call her, or do we both?", True),
        ("Which is it though, you or both of us? I'm thinking Thursday.", True),
        ("Do you tell them, or do I?", True),
        ("Would you rather do that alone, or together with me?", True),
        ("What would make it easier, somebody you like doing it, or me staying out of the room?", False),
        ("Would you tell me, or do I have to ask Colin?", False),
        ("Was it the price, or was it us?", False),
        ("Who said it first, you or me?", False),
        ("Was it you or us who promised that date?", False),
        ("Did you ring her?", False),
    ],
)
def test_who_of_the_two_does_it_is_a_question_of_its_own(words: str, shared: bool) -> None:
    assert shares_out(scene(words)) is shared


def test_nobody_is_corrected_before_they_spoke() -> None:
    now = scene("I meant the other one.")
    assert not corrects(replace(now, path=now.path[1:]))


def test_declining_twice_in_a_row_is_noticed() -> None:
    assert just_declined(scene("And when?", ("asides.unsaid.who.0",)))
    assert not just_declined(scene("And when?", ("answers.home.wary.0",)))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Fair. What scale?", True),
        ("Sorry, what do you mean?", True),
        ("Plain English, please?", True),
        ("Which needle?", True),
        ("What happened on Tuesday?", False),
        ("How long have you had that scale in the yard?", False),
        ("Who?", False),
        ("What scale? I don't follow you.", True),
        ("Who's on the scale?", False),
        ("Why Tuesday?", False),
        ("Tuesday? I thought the two of you had agreed on the end of the month.", False),
    ],
)
def test_who_asks_after_an_image_asks_what_was_meant(asked: str, meant: bool) -> None:
    said = "Hang it on the scale. We'll see on Tuesday if the needle moves."
    assert asks_what_was_meant(scene(asked, said=said)) is meant


@pytest.mark.parametrize(
    ("asked", "proposed"),
    [
        ("Shall we sit down on Thursday?", True),
        ("Would you come with me to see her?", True),
        ("I'll write it up. Is that okay for you?", True),
        ("What if I took two accounts off you?", True),
        ("May I have the calls sent to somebody else?", True),
        ("Do you want me to put your name forward?", True),
        ("Would you show us how, Russ?", True),
        ("You pick the reader, and I clear two small bids off you. Okay?", True),
        ("We do it on Monday, first thing. Deal?", True),
        ("Could you tell me more?", False),
        ("Would you say it was the price?", False),
        ("Can you sleep?", False),
        ("Could I ask what happened on Thursday?", False),
        ("Did you ring her today?", False),
        ("What would help?", False),
    ],
)
def test_a_proposal_is_told_from_a_question(asked: str, proposed: bool) -> None:
    assert offers(scene(asked), answerable=True) is proposed
    assert offers(scene(asked), answerable=False) is proposed


@pytest.mark.parametrize(("asked", "only"), [("Is that all right with you?", True), ("Is it hard to sleep?", False)])
def test_only_whether_the_rep_agrees_is_told_from_other_questions(asked: str, only: bool) -> None:
    assert asks_to_agree(scene(f"I ring the wards from tonight. {asked}")) is only


def test_an_order_with_a_question_mark_is_no_proposal() -> None:
    ordered = scene("Do the list. Is that okay for you?", reading=Reading(codes=("COMMAND",)))
    assert not offers(ordered, answerable=False)
