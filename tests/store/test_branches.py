"""A talk that is rewound has branches: a tree of turns in which nothing that was said is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import PRINCIPLES, Critique, Difficulty, Session, Turn
from coach.errors import InputError
from coach.store import Store

HELLO = Turn(i=0, speaker="rep", text="You wanted me?")
JUDGED = Critique(levels=dict.fromkeys(PRINCIPLES), overall=4, lean=1, best=1, worst=None, findings=())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("branches") / "coach.db")
    yield store
    store.close()


def begun(store: Store, owner: str = "ana") -> Session:
    return store.start(owner, "burnout", Difficulty.HARD, 7, HELLO)


def say(store: Store, session: Session, *texts: str) -> Session:
    for text in texts:
        i = len(store.path(session))
        asked = Turn(i=i, speaker="manager", text=text)
        session = store.append(session, [asked, Turn(i=i + 1, speaker="rep", text=f"Re: {text}")])
    return session


def said(store: Store, session: Session) -> list[str]:
    return [turn.text for turn in store.path(session)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["say", "rewind", "end"]), st.integers(0, 99), st.integers(0, 99)), max_size=9)
)
def test_whatever_is_done_every_branch_keeps_its_words(store: Store, steps: list[tuple[str, int, int]]) -> None:
    session = begun(store)
    expected = {session.id: ["You wanted me?"]}
    for n, (what, which, where) in enumerate(steps):
        branches = store.branches(session)
        chosen = branches[which % len(branches)]
        if what == "end":
            store.end(chosen)
        elif what == "rewind":
            path = store.path(chosen)
            turn = path[where % len(path)]
            branch = store.branch(chosen, turn.id)
            expected[branch.id] = expected[chosen.id][: turn.i + 1]
            assert store.session(chosen.id, "ana").ended_at is not None
            assert (branch.ended_at, branch.branch_of, branch.talk) == (None, chosen.id, session.talk)
        elif chosen.ended_at:
            with pytest.raises(InputError, match="another window"):
                say(store, chosen, "Too late.")
        else:
            say(store, chosen, f"{n}.")
            expected[chosen.id] = [*expected[chosen.id], f"{n}.", f"Re: {n}."]
    for branch in store.branches(session):
        path = store.path(branch)
        assert [turn.text for turn in path] == expected[branch.id]
        assert [turn.parent for turn in path] == [None, *(turn.id for turn in path[:-1])]
        assert [turn.i for turn in path] == list(range(len(path)))


def test_branches_share_the_turns_before_they_part(store: Store) -> None:
    first = say(store, begun(store), "One.", "Two.")
    path = store.path(first)
    second = say(store, store.branch(first, path[2].id), "Other.")
    assert [turn.id for turn in store.path(second)][:3] == [turn.id for turn in path][:3]
    assert said(store, second) == ["You wanted me?", "One.", "Re: One.", "Other.", "Re: Other."]
    assert [branch.id for branch in store.branches(second)] == [first.id, second.id]


def test_a_branch_that_has_moved_on_elsewhere_is_not_rewound(store: Store) -> None:
    first = begun(store)
    say(store, first, "In another window.")
    with pytest.raises(InputError, match="another window"):
        store.branch(first, first.head)
    assert len(store.branches(first)) == 1


def test_each_branch_has_its_end_its_thoughts_and_its_critique(store: Store) -> None:
    first = store.reflect(store.end(say(store, begun(store), "One.")), "Well.")
    store.save_critique(first, JUDGED)
    second = say(store, store.branch(first, store.path(first)[0].id), "Other.")
    assert (second.ended_at, second.reflection, store.critique(second)) == (None, "", None)
    store.save_critique(store.end(second), JUDGED.model_copy(update={"overall": 2}))
    assert store.critique(store.session(first.id, "ana")) == JUDGED
    assert store.session(first.id, "ana").reflection == "Well."


def test_a_talk_counts_once_by_the_critique_that_was_read_first(store: Store) -> None:
    left = say(store, begun(store, "bo"), "One.")
    held = store.end(say(store, store.branch(left, store.path(left)[0].id), "Other."))
    store.save_critique(held, JUDGED.model_copy(update={"overall": 3}))
    store.save_critique(store.session(left.id, "bo"), JUDGED.model_copy(update={"overall": 1}))
    again = store.end(say(store, store.branch(held, store.path(held)[0].id), "Now I know."))
    store.save_critique(again, JUDGED.model_copy(update={"overall": 5}))
    assert [(s.id, c.overall) for s, c in store.critiques("bo")] == [(held.id, 3)]


def test_deleting_one_branch_deletes_the_talk(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    with closing(Store.open(path)) as store:
        first = say(store, begun(store), "One.")
        second = store.branch(first, store.path(first)[0].id)
        other = begun(store)
        store.save_critique(store.end(say(store, second, "Other.")), JUDGED)
        store.delete(second)
        assert [session.id for session in store.sessions("ana")] == [other.id]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM critiques").fetchone() == (0,)


def test_a_hint_is_kept_with_the_turn_it_was_asked_after(store: Store) -> None:
    session = say(store, begun(store), "One.")
    store.whisper(session, "Slow down.")
    session = say(store, session, "Two.")
    assert [turn.hint for turn in store.path(session)] == ["", "", "Slow down.", "", ""]
    with pytest.raises(InputError, match="another window"):
        store.whisper(session.model_copy(update={"head": "gone"}), "Slow down.")
