"""Going back to a moment of a talk, and what two ways of it can be compared by."""

from __future__ import annotations

import pytest
from shipped import HARSH, KIND

from coach.domain import Difficulty, Session
from coach.errors import InputError
from coach.session import Practice

ME = "me"


@pytest.fixture
def talked(talks: Practice) -> Session:
    """A talk of two manager turns: 1 and 3."""
    return talks.reply(talks.reply(talks.start(ME, "burnout", None, 7), KIND), HARSH)


def said(talks: Practice, session: Session) -> list[str]:
    return [turn.text for turn in talks.store.path(session)]


@pytest.mark.parametrize("turn", [3, 2], ids=["the manager's", "the rep's before it"])
def test_a_moment_is_answered_differently_and_the_first_answer_stays(talks, talked, turn):
    before = said(talks, talked)
    branch = talks.rewind(talked, turn)
    assert said(talks, branch) == before[:3]
    branch = talks.reply(branch, KIND)
    assert said(talks, branch)[3] == KIND
    left = talks.resume(ME, talked.id)
    assert said(talks, left) == before
    assert left.ended_at is not None
    assert talks.store.path(branch)[-1].state.trust > talks.store.path(left)[-1].state.trust


def test_the_same_words_at_the_same_moment_are_answered_the_same(talks, talked):
    assert said(talks, talks.reply(talks.rewind(talked, 3), HARSH)) == said(talks, talked)


def test_an_ended_talk_may_be_rewound_and_keeps_its_critique(talks, talked):
    ended = talks.end(talked)
    first = talks.critique(ended)
    branch = talks.end(talks.reply(talks.rewind(ended, 3), KIND))
    assert talks.critique(branch) != first
    assert talks.critique(talks.resume(ME, ended.id)) == first
    assert talks.critique(branch).provenance.usage == first.provenance.usage


def test_a_talk_that_was_ended_too_early_goes_on_as_if_it_had_not(talks, talked):
    before = said(talks, talked)
    ended = talks.end(talked)
    assert talks.may_reopen(ended)
    on = talks.reopen(ended)
    assert (on.id, on.ended_at, said(talks, on)) == (talked.id, None, before)
    assert said(talks, talks.end(talks.reply(on, KIND)))[: len(before) + 1] == [*before, KIND]


def test_an_end_stays_once_something_rests_on_it(talks, talked):
    assert not talks.may_reopen(talked)  # it is still going on
    ended = talks.end(talked)
    talks.start(ME, "burnout", None, 7, after=ended.id, since="quiet")
    assert not talks.may_reopen(ended)
    left = talks.resume(ME, talks.start(ME, "burnout", None, 8).id)
    read = talks.end(talks.reply(left, KIND))
    talks.critique(read)
    with pytest.raises(InputError, match="start again from an earlier moment"):
        talks.reopen(read)


def test_a_rep_who_has_left_is_not_talked_on_to(talks):
    session = talks.start(ME, "burnout", Difficulty.HARD, 7)
    while not session.ended_at:
        session = talks.reply(session, f"{HARSH} {session.head}")
    assert not talks.may_reopen(session)


def test_a_branch_that_was_left_can_be_gone_on_with(talks, talked):
    branch = talks.rewind(talked, 1)
    assert talks.resume(ME, talked.id).ended_at
    on = talks.rewind(talks.resume(ME, talked.id), 4)
    assert said(talks, on) == said(talks, talked)
    assert [one.id for one in talks.branches(branch)] == [talked.id, branch.id, on.id]


@pytest.mark.parametrize(
    ("turn", "reason"),
    [(99, "no turn 99; its turns are 0 to 4"), (-1, "no turn -1"), (4, "come no further than that")],
)
def test_where_there_is_nothing_to_go_back_to_is_a_sentence(talks, talked, turn, reason):
    with pytest.raises(InputError, match=reason):
        talks.rewind(talked, turn)
    assert len(talks.branches(talked)) == 1


def test_after_the_farewell_there_is_no_going_on(talks, talked):
    ended = talks.end(talked)
    with pytest.raises(InputError, match="over there; choose an earlier moment"):
        talks.rewind(ended, 5)
    assert len(talks.moment(ended, 4)) == 5


def test_a_talk_that_follows_another_is_rewound_with_its_memory(talks, talked):
    ended = talks.end(talked)
    again = talks.reply(talks.start(ME, "burnout", None, 7, ended.id, "broken"), KIND)
    branch = talks.rewind(again, 1)
    assert (branch.after, branch.since) == (ended.id, "broken")
    assert talks.memory(branch) == talks.memory(again)


def test_open_talks_are_those_in_which_something_was_said(talks, talked):
    talks.start(ME, "burnout", None, 7)
    talks.end(talks.reply(talks.start(ME, "burnout", None, 7), KIND))
    assert [session.id for session in talks.unfinished(ME)] == [talked.id]
    branch = talks.rewind(talked, 3)
    assert [session.id for session in talks.unfinished(ME)] == [branch.id]
    assert talks.unfinished("you") == []


def test_only_ended_branches_of_one_talk_are_compared(talks, talked):
    branch = talks.reply(talks.rewind(talked, 3), KIND)
    with pytest.raises(InputError, match="still going on"):
        talks.pair(ME, branch.id, talked.id)
    talks.end(branch)
    assert [session.id for session in talks.pair(ME, branch.id, talked.id)] == [talked.id, branch.id]
    other = talks.end(talks.reply(talks.start(ME, "burnout", None, 7), KIND))
    for one in (other.id, branch.id):
        with pytest.raises(InputError, match="two different branches of one talk"):
            talks.pair(ME, one, branch.id)
    with pytest.raises(InputError, match="There is no practice session"):
        talks.pair("you", branch.id, talked.id)


def test_a_hint_is_kept_and_stays_the_same(talks, talked):
    hint = talks.hint(talked)
    assert talks.hint(talked) == hint == talks.store.path(talked)[-1].hint
    with pytest.raises(InputError, match="has ended"):
        talks.hint(talks.end(talked))
