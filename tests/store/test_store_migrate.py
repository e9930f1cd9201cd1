"""The database is made, brought up to date, or left alone with a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text

import coach.store
from coach.domain import Difficulty, Turn
from coach.errors import StoreError
from coach.store import Store
from coach.store.migrate import migrate
from coach.store.tables import Base

HELLO = Turn(i=0, speaker="rep", text="You wanted me?")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coach.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.mark.parametrize("exists", [False, True], ids=["no file", "empty file"])
def test_a_database_is_made_where_there_is_none(path: Path, engine: Engine, exists: bool) -> None:
    if exists:
        path.touch()
    migrate(engine, path)
    assert tables(path) >= {"sessions", "turns", "critiques", "alembic_version"}


def test_the_migrations_lead_to_the_tables_that_the_code_uses(path: Path, engine: Engine) -> None:
    migrate(engine, path)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_opening_again_changes_nothing(path: Path) -> None:
    with closing(Store.open(path)) as store:
        session = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    for _ in range(2):
        with closing(Store.open(path)) as store:
            assert store.sessions("ana") == [session]


@pytest.mark.parametrize("folder", ["plain", "with space", "müller", "50% off", "a%20b", "what?now", "a#b", "a&b=c"])
def test_the_database_lies_exactly_where_it_was_asked_for(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "deeper" / "coach.db"
    with closing(Store.open(path)) as store:
        store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    assert tables(path) >= {"sessions"}
    assert [file.name for file in tmp_path.iterdir() if file.name != "home"] == [folder]


def test_garbage_is_refused_and_left_as_it_is(path: Path) -> None:
    garbage = b"This is a shopping list, not a database. " * 200
    path.write_bytes(garbage)
    with pytest.raises(StoreError, match=r"coach\.db cannot be opened \(file is not a database\); move it away"):
        Store.open(path)
    assert path.read_bytes() == garbage


def test_a_database_cut_short_is_refused_when_it_is_opened_or_used(path: Path) -> None:
    with closing(Store.open(path)) as store:
        store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError), closing(Store.open(path)) as store:
        store.sessions("ana")


def test_another_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE sessions (cookie TEXT)")
    with pytest.raises(StoreError, match="table sessions already exists"):
        Store.open(path)


def test_a_database_of_a_newer_coach_is_refused_in_a_sentence(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match=r"coach\.db cannot be opened"):
        Store.open(path)


def test_a_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="unable to open database file"):
        Store.open(path)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="File exists"):
        Store.open(tmp_path / "file" / "coach.db")


def to(engine: Engine, revision: str) -> None:
    """Bring the database to a revision, up or down, with foreign keys enforced as in the product."""
    config = Config()
    config.set_main_option("script_location", str(Path(coach.store.__file__).parent / "migrations"))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA foreign_keys=ON"))
        current = MigrationContext.configure(connection).get_current_revision()
        config.attributes["connection"] = connection
        (command.downgrade if current and current > revision else command.upgrade)(config, revision)
        connection.commit()


def columns(path: Path, table: str) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def test_a_database_of_the_first_coach_keeps_its_sessions_and_turns(path: Path, engine: Engine) -> None:
    to(engine, "0001")
    assert not {"after", "since"} & columns(path, "sessions")
    with closing(sqlite3.connect(path)) as connection:
        said = (
            "INSERT INTO sessions VALUES ('s', 'ana', 'burnout', 'easy', 1, ?, ?, 'Too fast.', 't')",
            ["2026-01-02"] * 2,
        )
        connection.execute(*said)
        turn = "INSERT INTO turns VALUES ('t', 's', NULL, 0, 'rep', 'You wanted me?', '2026-01-02 10:00:00', '{}')"
        connection.execute(turn)
        connection.execute("UPDATE sessions SET started_at = '2026-01-02 10:00:00', ended_at = '2026-01-02 10:20:00'")
        connection.commit()
    with closing(Store.open(path)) as store:
        (session,) = store.sessions("ana")
        assert (session.after, session.since, session.reflection) == (None, None, "Too fast.")
        assert (session.talk, session.branch_of) == ("s", None)
        assert [turn.text for turn in store.path(session)] == ["You wanted me?"]
        again = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO, session.id, "broken")
        assert (again.after, again.since) == ("s", "broken")


def test_the_way_back_keeps_what_was_said(path: Path, engine: Engine) -> None:
    with closing(Store.open(path)) as store:
        session = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO)
        again = store.start("ana", "burnout", Difficulty.EASY, 1, HELLO, session.id, "kept")
        store.branch(again, again.head)
    to(engine, "0001")
    assert not {"after", "since"} & columns(path, "sessions")
    with closing(Store.open(path)) as store:
        found = store.sessions("ana")
        assert [len(store.path(one)) for one in found] == [1, 1]
        assert {one.since for one in found} == {None}
