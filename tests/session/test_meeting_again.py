"""Recurring one-on-ones: the same rep a week later, with what was said, promised and happened since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from coach.app import App
from coach.coding.asides import promises
from coach.domain import SINCE, Code, Difficulty, Provenance, Reading, Session, Since, Topic, Turn
from coach.errors import InputError
from coach.rep import AuthoredVoice, begin
from coach.session import Practice
from coach.store import Store

ME = "me"
PROMISE = "I'll speak to operations by Friday."
HEARD: dict[str, tuple[Code, ...]] = {"ask": ("ASK",), "threat": ("THREAT", "BLAME")}


class PlainCoder:
    """Hears the codes that a turn's first word stands for, and promises as the real one does."""

    id = "plain"

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        return {
            t: Reading(
                codes=HEARD.get(turns[t].text.split()[0].lower().strip("."), ()), promises=promises(turns[t].text)
            )
            for t in targets
        }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "coach.db")
    yield store
    store.close()


@pytest.fixture
def talks(app: App, store: Store) -> Practice:
    return Practice(app.library, store, PlainCoder(), AuthoredVoice(), app.critic, lambda seed: Provenance(seed=seed))


@pytest.fixture
def last(talks: Practice) -> Session:
    """A talk that has ended, with a promise in it."""
    return held(talks, talks.start(ME, "burnout", Difficulty.EASY, 7), "Ask.", PROMISE)


def held(talks: Practice, session: Session, *words: str) -> Session:
    for text in words:
        session = talks.reply(session, text)
    return talks.end(session)


@pytest.mark.parametrize("since", SINCE)
def test_the_rep_begins_with_what_has_happened(talks, store, last, burnout, since):
    again = talks.start(ME, "burnout", None, 7, last.id, since)
    (first,) = store.path(again)
    assert (again.after, again.since, again.difficulty) == (last.id, since, Difficulty.EASY)
    assert first.text.startswith(getattr(burnout.next_time, since))
    assert first.lines[0].startswith(f"next_time.{since}.")
    assert (f"“{PROMISE}”" in first.text) is (since in ("kept", "broken"))


def test_another_difficulty_may_be_chosen(talks, last):
    assert talks.start(ME, "burnout", Difficulty.HARD, 7, last.id, "quiet").difficulty is Difficulty.HARD


def test_trust_carries_over_and_what_was_done_does_not(talks, store, burnout):
    start = begin(burnout, Difficulty.EASY)
    bad = held(talks, talks.start(ME, "burnout", Difficulty.EASY, 7), "Threat.", "Ask.")
    end = store.path(bad)[-1].state
    (first,) = store.path(talks.start(ME, "burnout", None, 7, bad.id, "quiet"))
    assert end.trust < first.state.trust < start.trust
    assert end.strain > first.state.strain > start.strain
    assert (first.state.moves, first.state.lost) == ({}, 0.0)
    trusts = [store.path(talks.start(ME, "burnout", None, 7, bad.id, since))[0].state.trust for since in SINCE]
    assert trusts[0] > trusts[4] > trusts[1]


def test_no_line_is_said_again_in_any_talk_of_the_chain(talks, store, last, burnout):
    asked = ["Ask how it is.", "Ask about hours.", "Well.", "Ask about Merrin.", "Threat."]
    chain = [last]
    for _ in range(3):
        chain.append(held(talks, talks.start(ME, "burnout", None, 7, chain[-1].id, "kept"), *asked))
    keys = [key for session in chain for turn in store.path(session) for key in turn.lines]
    again = [key for key in set(keys) if keys.count(key) > 1 and not key.startswith("asides.refusals.")]
    assert again == []


def test_what_the_rep_remembers_is_the_whole_chain_but_the_last_promises(talks, last):
    second = held(talks, talks.start(ME, "burnout", None, 7, last.id, "kept"), "I will call Colin tomorrow.")
    third = talks.start(ME, "burnout", None, 7, second.id, "broken")
    memory = talks.memory(third)
    assert [promise.words for promise in memory.promises] == ["I will call Colin tomorrow."]
    assert memory.promises[0].at is not None
    assert talks.memory(second).lines < memory.lines
    assert talks.memory(last).since is None


def test_the_same_seed_words_and_past_give_the_same_talk(talks, store, last):
    one, two = (held(talks, talks.start(ME, "burnout", None, 5, last.id, "kept"), "Ask.", "Well.") for _ in range(2))
    assert [turn.text for turn in store.path(one)] == [turn.text for turn in store.path(two)]


def test_a_talk_goes_on_when_the_one_before_is_deleted(talks, store, last):
    again = talks.start(ME, "burnout", None, 7, last.id, "broken")
    store.delete(last)
    again = held(talks, again, "Ask.")
    assert talks.memory(again).promises == ()
    assert talks.memory(again).since == "broken"
    assert talks.critique(again).overall in range(1, 6)


@pytest.mark.parametrize(
    ("scenario", "after", "since", "reason"),
    [
        ("burnout", "none", "kept", "There is no practice session 'none' here"),
        ("burnout", "last", None, "Say what has happened since that session: kept, broken, better, worse, quiet"),
        ("burnout", None, "kept", "Name the session that this one follows"),
        ("missed-quota", "last", "kept", "That conversation was 'burnout', not 'missed-quota'"),
        ("burnout", "running", "kept", "still going on; end it before you meet again"),
        ("burnout", "mute", "kept", "You said nothing in that conversation"),
    ],
)
def test_what_cannot_follow_starts_nothing(
    talks: Practice, store: Store, last: Session, scenario: str, after: str | None, since: Since | None, reason: str
) -> None:
    names = {"last": last.id, "running": talks.start(ME, "burnout", None, 1).id}
    names["mute"] = talks.end(talks.start(ME, "burnout", None, 1)).id
    before = len(store.sessions(ME))
    with pytest.raises(InputError, match=reason):
        talks.start(ME, scenario, None, 7, names.get(after or "", after), since)
    assert len(store.sessions(ME)) == before


def test_nobody_elses_talk_can_be_followed(talks, last):
    with pytest.raises(InputError, match="There is no practice session"):
        talks.start("someone else", "burnout", None, 7, last.id, "kept")
