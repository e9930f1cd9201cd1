"""What was said in practice is kept: turn by turn, for its owner only, until it is deleted."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session as Unit

from coach.domain import PRINCIPLES, Critique, Difficulty, Reading, RepState, Session, Turn
from coach.errors import InputError, StoreError
from coach.store import Store
from coach.store.tables import Base, SessionRow

STATE = RepState(trust=41.5, strain=60, openness=20, mood="wary", hinted="nights", moves={"ASK": 1})
HELLO = Turn(i=0, speaker="rep", text="You wanted me?", state=STATE, lines=("openings.3",))
ASKED = Turn(i=1, speaker="manager", text="How was Tuesday?\nReally – how?")
HEARD = ASKED.model_copy(
    update={
        "reading": Reading(probabilities={"ASK": 0.93}, codes=("ASK",), quotes={"ASK": "How was Tuesday?"}),
        "state": STATE.model_copy(update={"trust": 44.7, "open_facts": ("nights",)}),
        "opened": ("nights",),
    }
)
ANSWERED = Turn(i=2, speaker="rep", text="It was a bad Tuesday.", state=STATE, lines=("answers.visible.guarded.1",))
JUDGED = Critique(
    levels={**dict.fromkeys(PRINCIPLES), "coaching": 4}, overall=4, lean=1, best=1, worst=None, findings=()
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "coach.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(path)
    yield store
    store.close()


@pytest.fixture
def session(store: Store) -> Session:
    return store.start("ana", "burnout", Difficulty.HARD, 7, HELLO)


def said(store: Store, session: Session) -> list[str]:
    return [turn.text for turn in store.path(session)]


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def edit(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()


def test_a_new_session_holds_the_opening_turn(store: Store, session: Session) -> None:
    assert (session.owner, session.scenario_id, session.difficulty, session.seed) == (
        "ana", "burnout", Difficulty.HARD, 7,
    )  # fmt: skip
    assert session.ended_at is None
    assert session.reflection == ""
    (turn,) = store.path(session)
    assert turn.id == session.head
    assert turn.parent is None
    assert turn.model_copy(update={"id": "", "at": None}) == HELLO


def test_turns_hang_on_one_another_from_the_first(store: Store, session: Session) -> None:
    session = store.answer(store.append(session, [ASKED]), HEARD, ANSWERED)
    path = store.path(session)
    assert [turn.i for turn in path] == [0, 1, 2]
    assert [turn.parent for turn in path] == [None, path[0].id, path[1].id]
    assert path[-1].id == session.head


def test_everything_heard_in_a_turn_is_there_after_the_program_was_closed(path: Path) -> None:
    store = Store.open(path)
    session = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    session = store.answer(store.append(session, [ASKED]), HEARD, ANSWERED)
    store.close()
    with closing(Store.open(path)) as again:
        assert again.session(session.id, "ana") == session
        plain = [turn.model_copy(update={"id": "", "parent": None, "at": None}) for turn in again.path(session)]
    assert plain == [HELLO, HEARD, ANSWERED]


def test_several_turns_are_added_as_one_chain(store: Store, session: Session) -> None:
    session = store.append(session, [ASKED, ANSWERED])
    assert said(store, session) == [HELLO.text, ASKED.text, ANSWERED.text]


def test_a_second_window_cannot_add_to_what_it_has_not_seen(store: Store, session: Session) -> None:
    seen_by_both = session
    first = store.append(seen_by_both, [ASKED])
    with pytest.raises(InputError, match="has gone on or ended in another window; reload the page"):
        store.append(seen_by_both, [ASKED.model_copy(update={"text": "from the other window"})])
    assert said(store, store.session(session.id, "ana")) == said(store, first) == [HELLO.text, ASKED.text]


def test_a_late_answer_leaves_neither_its_reading_nor_its_reply(path: Path, store: Store, session: Session) -> None:
    asked = store.append(session, [ASKED])
    answered = store.answer(asked, HEARD, ANSWERED)
    late = HEARD.model_copy(update={"opened": ("mistake",)})
    with pytest.raises(InputError, match="another window"):
        store.answer(asked, late, ANSWERED)
    assert store.path(answered)[1].opened == ("nights",)
    assert count(path, "turns") == 3


def test_of_two_windows_that_send_at_once_exactly_one_is_heard(path: Path, store: Store, session: Session) -> None:
    windows = [Store.open(path) for _ in range(4)]
    start, results = threading.Barrier(len(windows)), []

    def send(window: Store, words: str) -> None:
        start.wait()
        try:
            window.append(session, [ASKED.model_copy(update={"text": words})])
            results.append(words)
        except InputError:
            results.append("")

    threads = [threading.Thread(target=send, args=(window, f"window {n}")) for n, window in enumerate(windows)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for window in windows:
        window.close()
    heard = [words for words in results if words]
    assert len(results) == len(windows)
    assert len(heard) == 1
    assert said(store, store.session(session.id, "ana")) == [HELLO.text, *heard]


def test_an_ended_session_takes_no_more_turns(store: Store, session: Session) -> None:
    store.end(session)
    with pytest.raises(InputError, match="ended in another window"):
        store.append(session, [ASKED])


def test_ending_twice_keeps_the_first_end(store: Store, session: Session) -> None:
    ended = store.end(session)
    assert ended.ended_at is not None
    assert ended.ended_at >= ended.started_at
    assert store.end(ended).ended_at == ended.ended_at


def test_an_end_is_taken_back_unless_the_session_moved_on(store: Store, session: Session) -> None:
    ended = store.end(store.append(session, [ASKED]))
    on = store.reopen(ended, session.head)
    assert (on.head, on.ended_at, said(store, on)) == (session.head, None, [HELLO.text])
    with pytest.raises(InputError, match="another window"):
        store.reopen(ended, session.head)


def test_a_reflection_is_kept(store: Store, session: Session) -> None:
    assert store.reflect(session, "Too fast, I think.").reflection == "Too fast, I think."
    assert store.session(session.id, "ana").reflection == "Too fast, I think."


def test_another_owner_sees_nothing(store: Store, session: Session) -> None:
    with pytest.raises(InputError, match="There is no practice session .* here; start a new one"):
        store.session(session.id, "ben")
    assert store.sessions("ben") == []
    assert [found.id for found in store.sessions("ana")] == [session.id]


def test_an_unknown_session_is_told_shortly(store: Store) -> None:
    with pytest.raises(InputError) as raised:
        store.session("x" * 500, "ana")
    assert "x" * 40 in str(raised.value)
    assert "x" * 41 not in str(raised.value)


def test_sessions_are_listed_the_newest_first(store: Store) -> None:
    made = []
    for seed in range(3):
        made.append(store.start("ana", "burnout", Difficulty.EASY, seed, HELLO).id)
        time.sleep(0.002)
    assert [session.id for session in store.sessions("ana")] == made[::-1]


def test_a_critique_is_kept_and_replaced(store: Store, session: Session) -> None:
    assert store.critique(session) is None
    store.save_critique(session, JUDGED)
    assert store.critique(session) == JUDGED
    store.save_critique(session, JUDGED.model_copy(update={"overall": 2}))
    found = store.critique(session)
    assert found is not None
    assert found.overall == 2


def test_a_critique_belongs_to_the_words_it_judged(store: Store, session: Session) -> None:
    store.save_critique(session, JUDGED)
    assert store.critique(store.append(session, [ASKED])) is None


def test_judged_sessions_are_listed_with_their_critiques_the_newest_first(store: Store) -> None:
    judged = []
    for overall in (2, 5):
        session = store.append(store.start("ana", "burnout", Difficulty.EASY, overall, HELLO), [ASKED])
        store.save_critique(session, JUDGED.model_copy(update={"overall": overall}))
        judged.append(session)
        time.sleep(0.002)
    store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    gone_on = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    store.save_critique(gone_on, JUDGED)
    store.append(gone_on, [ASKED])
    others = store.start("ben", "burnout", Difficulty.EASY, 1, HELLO)
    store.save_critique(others, JUDGED)
    assert [(s.id, c.overall) for s, c in store.critiques("ana")] == [(judged[1].id, 5), (judged[0].id, 2)]


def test_two_windows_may_store_the_critique_at_once(path: Path, store: Store) -> None:
    windows = [Store.open(path) for _ in range(4)]
    errors: list[Exception] = []
    for _ in range(8):
        session = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
        start = threading.Barrier(len(windows))

        def save(window: Store, session: Session = session, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                window.save_critique(session, JUDGED)
            except StoreError as error:
                errors.append(error)

        threads = [threading.Thread(target=save, args=(window,)) for window in windows]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.critique(session) == JUDGED
    for window in windows:
        window.close()
    assert errors == []


def test_deleting_a_session_leaves_nothing_of_it(path: Path, store: Store, session: Session) -> None:
    other = store.start("ana", "burnout", Difficulty.EASY, 2, HELLO)
    store.save_critique(other, JUDGED)
    session = store.answer(store.append(session, [ASKED]), HEARD, ANSWERED)
    store.save_critique(session, JUDGED)
    store.delete(session)
    with pytest.raises(InputError):
        store.session(session.id, "ana")
    assert [count(path, table) for table in ("sessions", "turns", "critiques")] == [1, 1, 1]
    assert store.critique(other) == JUDGED


def test_words_that_were_deleted_are_not_left_in_the_file(path: Path) -> None:
    words = "Zanzibar is what I would never have wanted anyone to read"
    store = Store.open(path)
    session = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    session = store.append(session, [ASKED.model_copy(update={"text": f"{words} {n} " * 40}) for n in range(1, 20)])
    store.delete(session)
    store.close()
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert words.encode() not in left


def test_times_are_kept_with_their_zone_wherever_the_computer_stands(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        with closing(Store.open(path)) as store:
            before = datetime.now(UTC)
            session = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
            (turn,) = store.path(session)
            after = datetime.now(UTC)
        assert before <= session.started_at <= after
        assert turn.at is not None
        assert before <= turn.at <= after
        assert session.started_at.utcoffset() == timedelta(0)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_time_in_another_zone_is_the_same_moment_when_it_is_read(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'zones.db'}")
    Base.metadata.create_all(engine)
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with Unit(engine) as unit, unit.begin():
        unit.add(
            SessionRow(
                id="s", owner="ana", scenario_id="burnout", difficulty="easy", seed=1, started_at=moment,
                ended_at=None, reflection="", head="t",
            )
        )  # fmt: skip
    with Unit(engine) as unit:
        row = unit.get_one(SessionRow, "s")
        assert row.started_at == moment
        assert row.started_at.tzinfo is UTC
        assert row.ended_at is None
    engine.dispose()


def test_a_database_that_breaks_while_it_is_used_is_told_in_one_line(
    path: Path, store: Store, session: Session
) -> None:
    edit(path, "DROP TABLE critiques")
    with pytest.raises(StoreError, match=r"coach\.db cannot be used \(no such table: critiques\)\.") as raised:
        store.critique(session)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "sql",
    [
        """UPDATE turns SET heard = '{"reading": {"codes": ["GONE"]}}'""",
        "UPDATE turns SET heard = '{broken'",
        "UPDATE turns SET speaker = 'customer'",
    ],
)
def test_a_stored_turn_that_cannot_be_understood_is_a_problem_of_the_database(
    path: Path, store: Store, session: Session, sql: str
) -> None:
    edit(path, sql)
    with pytest.raises(StoreError, match=r"coach\.db"):
        store.path(session)


def test_a_stored_session_that_cannot_be_understood_is_a_problem_of_the_database(
    path: Path, store: Store, session: Session
) -> None:
    edit(path, "UPDATE sessions SET difficulty = 'nightmare'")
    with pytest.raises(StoreError, match=r"coach\.db"):
        store.sessions("ana")


def test_a_stored_critique_that_cannot_be_understood_is_a_problem_of_the_database(
    path: Path, store: Store, session: Session
) -> None:
    store.save_critique(session, JUDGED)
    edit(path, "UPDATE critiques SET critique = '{}'")
    with pytest.raises(StoreError, match=r"coach\.db"):
        store.critique(session)


def test_words_that_no_file_can_hold_are_refused_whole(store: Store, session: Session) -> None:
    with pytest.raises(StoreError):
        store.append(session, [ASKED, ANSWERED.model_copy(update={"text": "half an emoji \ud83d"})])
    assert said(store, store.session(session.id, "ana")) == [HELLO.text]


def test_a_session_says_which_it_follows_and_what_has_happened_since(store: Store, session: Session) -> None:
    assert (session.after, session.since) == (None, None)
    again = store.start("ana", "burnout", Difficulty.HARD, 8, HELLO, session.id, "broken")
    assert store.session(again.id, "ana") == again
    assert (again.after, again.since) == (session.id, "broken")


def test_a_session_outlives_the_one_it_follows(store: Store, session: Session) -> None:
    again = store.start("ana", "burnout", Difficulty.HARD, 8, HELLO, session.id, "kept")
    store.delete(session)
    assert store.session(again.id, "ana") == again
    assert said(store, again) == [HELLO.text]
