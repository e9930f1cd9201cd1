"""Two branches side by side: what was said differently and what came of it, in words."""

from __future__ import annotations

import pytest
from shipped import HARSH, KIND

from coach.debrief import Debrief, compare, debrief
from coach.domain import Session
from coach.session import Practice

ME = "me"
HEARD = "So it was never about one call. It sounds as if you carry everybody's worries. What weighs most?"


def read(talks: Practice, session: Session) -> Debrief:
    critique = talks.critique(session)
    return debrief(
        talks.transcript(session), talks.scenario(session), session.difficulty, critique, ""
    )  # fmt: skip


@pytest.fixture
def ways(talks: Practice) -> tuple[Debrief, Debrief]:
    """A harsh branch that was left, and one that listened and was ended."""
    harsh = talks.reply(talks.reply(talks.start(ME, "burnout", None, 7), KIND), HARSH)
    heard = talks.reply(talks.reply(talks.rewind(harsh, 3), HEARD), HEARD.replace("So", "And"))
    return read(talks, talks.resume(ME, harsh.id)), read(talks, talks.end(heard))


def test_they_part_where_the_answer_differs(ways):
    found = compare(*ways)
    assert (found.rep, found.turn) == ("Carys", 3)
    assert found.before == ways[0].turns[2].text
    assert [step.said for step in found.one.steps] == [HARSH]
    assert [step.turn for step in found.other.steps] == [3, 5]


def test_what_came_of_it_is_said_in_words(ways):
    found = compare(*ways)
    assert found.one.trust.endswith("less.")
    assert found.other.trust.startswith("Carys came to trust you")
    assert found.other.trust.endswith("more.")
    assert found.one.farewell == ""
    assert found.other.farewell == ways[1].turns[-1].text
    assert found.other.opened == tuple(
        fact.text for fact in ways[1].scenario.facts if any(fact.id in step.opened for step in found.other.steps)
    )


def test_principles_are_named_where_the_words_differ(ways):
    found = compare(*ways)
    assert found.differing
    for row in found.differing:
        levels = [way.critique.levels[row.principle] for way in ways]
        assert row.words[0] != row.words[1]
        assert None not in levels  # what one of them did not call for is not held against it
        assert row.better == levels.index(max(levels))


def test_what_was_agreed_stands_in_each_with_its_day_in_the_managers_own_words(talks):
    shared = talks.reply(talks.start(ME, "burnout", None, 7), f"{KIND} I will call Colin tomorrow.")
    first = talks.reply(shared, "I will talk to the plant on Tuesday at nine.")
    other = talks.end(talks.reply(talks.rewind(first, 3), HEARD))
    found = compare(read(talks, talks.resume(ME, first.id)), read(talks, other))
    before = (1, "I will call Colin tomorrow.")
    agreed = [[(one.turn, one.quote) for one in branch.agreed] for branch in (found.one, found.other)]
    assert agreed == [[before, (3, "I will talk to the plant on Tuesday at nine.")], [before]]


def test_it_is_said_which_ended_with_more_trust_and_where_they_differ(ways):
    found = compare(*ways)
    assert (found.ended, found.clearly, found.widest) == (1, True, 3)
    turned = compare(*reversed(ways))
    assert (turned.ended, turned.widest) == (0, 3)
    same = compare(ways[0], ways[0])
    assert (same.ended, same.clearly, same.widest) == (None, False, None)


def test_a_branch_without_words_of_its_own_changed_nothing(talks, ways):
    branch = talks.end(talks.rewind(talks.resume(ME, ways[0].id), 3))
    found = compare(ways[0], read(talks, branch))
    assert found.other.steps == ()
    assert found.other.trust == "Carys trusted you about as much as before."
    assert found.other.farewell
    same = compare(ways[0], ways[0])
    assert (same.turn, same.differing) == (len(ways[0].turns), ())
