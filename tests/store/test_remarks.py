"""Remarks stand beside a critique; and nothing of a person stays in the file once they want it gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coach.domain import PRINCIPLES, Citation, Critique, Difficulty, Evidence, Finding, Reading, Session, Turn
from coach.errors import InputError, StoreError
from coach.programme import Export, export
from coach.store import Mark, Marks, Remarks, Store, erase

WORDS = "Xylophones in the stockroom"
HELLO = Turn(i=0, speaker="rep", text="You wanted me?")
FINDING = Finding(
    principle="integrity", kind="slip", code="BLAME", level=2, advice="Ask first.",
    evidence=(Evidence(turn=1, quote=WORDS),), passages=(Citation(source="a", section="b", quote="c"),),
)  # fmt: skip
MISSED = FINDING.model_copy(update={"kind": "missed", "code": None})
JUDGED = Critique(
    levels={**dict.fromkeys(PRINCIPLES), "integrity": 2}, overall=2, lean=0, best=None, worst=1, findings=(FINDING,)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coach.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store.open(path)) as store:
        yield store


@pytest.fixture
def session(store: Store) -> Session:
    return practised(store, "ana")


def practised(store: Store, owner: str) -> Session:
    session = store.start(owner, "burnout", Difficulty.EASY, 1, HELLO)
    said = Turn(i=1, speaker="manager", text=f"{WORDS}.", reading=Reading(codes=("BLAME",)))
    session = store.end(store.append(session, [said, Turn(i=2, speaker="rep", text="Fine.")]))
    store.save_critique(session, JUDGED)
    return store.reflect(session, f"{WORDS} again")


def test_a_finding_is_contested_once_and_the_last_reason_counts(store: Store, session: Session) -> None:
    remarks = Remarks(store)
    remarks.contest(session, FINDING, "I was quoting.")
    remarks.contest(session, FINDING, " I was quoting my boss. ")
    remarks.contest(session, MISSED)
    assert [(one.code, one.turn, one.reason) for one in remarks.contests(session)] == [
        ("BLAME", 1, "I was quoting my boss."), (None, 1, ""),
    ]  # fmt: skip
    assert {one.session for one in remarks.contested("ana")} == {session.id}
    assert remarks.contested("ben") == ()
    remarks.withdraw(session, FINDING)
    remarks.withdraw(session, FINDING)
    assert [one.code for one in remarks.contests(session)] == [None]
    assert store.critique(session) == JUDGED


def test_a_reason_that_is_too_long_is_refused_with_a_sentence(store: Store, session: Session) -> None:
    with pytest.raises(InputError, match="The reason cannot be kept"):
        Remarks(store).contest(session, FINDING, "x" * 601)


def test_another_level_stands_beside_the_engines_and_older_ones_stay(store: Store, session: Session) -> None:
    remarks = Remarks(store)
    remarks.override(session, JUDGED, "integrity", 4, "She meant it.", "Marta")
    remarks.override(session, JUDGED, "integrity", None, "Not called for after all.", "Marta")
    assert [(one.level, one.was, one.by) for one in remarks.overrides(session)] == [(4, 2, "Marta"), (None, 2, "Marta")]
    assert store.critique(session) == JUDGED
    with pytest.raises(InputError, match="The reason cannot be kept"):
        remarks.override(session, JUDGED, "integrity", 4, "  ", "Marta")


def test_a_label_can_be_changed_until_its_scores_are_shown(store: Store) -> None:
    marks = Marks(store)
    marks.save("ana", "suite", "t1", Mark("draft", {"overall": 2}))
    marks.save("ana", "suite", "t1", Mark("done", {"overall": 3}))
    marks.save("ana", "suite", "t2", Mark("draft", {}))
    marks.show("ana", "suite")
    assert marks.all("ana", "suite") == {"t1": Mark("shown", {"overall": 3}), "t2": Mark("draft", {})}
    with pytest.raises(InputError, match="have been shown"):
        marks.save("ana", "suite", "t1", Mark("done", {"overall": 5}))
    assert marks.all("ben", "suite") == {}
    assert marks.collections("ana") == ("suite",)


def test_an_export_holds_everything_and_reads_back(store: Store, session: Session) -> None:
    Remarks(store).contest(session, FINDING, "Mine.")
    Remarks(store).override(session, JUDGED, "integrity", 4, "She meant it.", "Marta")
    Marks(store).save("ana", "suite", "t1", Mark("done", {"overall": 3}))
    going_on = store.start("ana", "burnout", Difficulty.EASY, 2, HELLO.model_copy(update={"notes": ("secret",)}))
    found = export(store, "ana", {"mine": "id: mine"})
    assert Export.model_validate_json(found.model_dump_json()) == found
    open_, ended = found.talks
    assert (open_.session, open_.critique, open_.turns[0].notes) == (going_on, None, ())
    assert (ended.critique, ended.session.reflection) == (JUDGED, f"{WORDS} again")
    assert (ended.contests[0].reason, ended.overrides[0].by) == ("Mine.", "Marta")
    assert found.labels == {"suite": {"t1": {"overall": 3, "state": "done"}}}
    assert export(store, "ben", {}).talks == ()


def test_nothing_of_a_person_stays_in_the_file(store: Store, session: Session, path: Path) -> None:
    other = practised(store, "ben")
    Remarks(store).contest(session, FINDING, "Quixotic")
    Remarks(store).override(session, JUDGED, "integrity", 4, "Zeppelins", "Marta")
    Marks(store).save("ana", "suite", "t1", Mark("draft", {"note": "Kumquats"}))
    erase(store, "ana")
    assert store.sessions("ana") == [] and export(store, "ana", {}).labels == {}
    assert store.sessions("ben") == [other]
    erase(store, "ben")
    left = b"".join(file.read_bytes() for file in path.parent.glob("coach.db*"))
    assert len(left) > 4096
    for word in (WORDS, "Quixotic", "Zeppelins", "Kumquats", "You wanted me", session.id):
        assert word.encode() not in left, word


def test_what_another_program_keeps_from_going_is_said(store: Store, session: Session, path: Path) -> None:
    import sqlite3

    with closing(sqlite3.connect(path)) as reader, pytest.MonkeyPatch.context() as patch:
        patch.setattr("coach.store.erasing.PATIENCE_MS", 50)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM turns").fetchall()
        with pytest.raises(StoreError, match="close other windows"):
            erase(store, "ana")
    assert store.sessions("ana") == []
    erase(store, "ana")
