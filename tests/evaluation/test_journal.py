"""The journal: what is finished survives whatever happens, and only one run has a folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coach.domain import About, Provenance, Transcript, Turn
from coach.errors import InputError
from coach.evaluation import JOURNAL, Journal, Outcome, fingerprint
from coach.transcripts import Unreadable

TALK = Transcript(id="a", turns=(Turn(i=0, speaker="rep", text="Hm."), Turn(i=1, speaker="manager", text="And?")))


def outcome(name: str, status: str = "scored", lasting: bool = True) -> Outcome:
    return Outcome({"id": name, "status": status}, lasting)


def test_lines_come_in_the_order_of_their_places_whenever_they_were_done(tmp_path: Path) -> None:
    with Journal(tmp_path / "deep" / "out") as journal:
        for place in (2, 0, 1):
            journal.put(bytes([place]), place, outcome(str(place)))
        assert list(journal.lines()) == [f'{{"id": "{n}", "status": "scored"}}' for n in "012"]


def test_a_later_run_finds_what_is_finished_and_gives_it_a_new_place(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.put(b"one", 0, outcome("one"))
        journal.put(b"two", 1, outcome("two", "failed"))
    with Journal(tmp_path) as journal:
        assert list(journal.lines()) == []
        assert (journal.place(b"two", 0), journal.place(b"one", 1), journal.place(b"new", 2)) == (False, True, None)
        assert [line[8:11] for line in journal.lines()] == ["two", "one"]


def test_what_a_model_left_unjudged_stands_in_this_run_only(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.put(b"x", 0, outcome("x", "failed", lasting=False))
        assert len(list(journal.lines())) == 1
    with Journal(tmp_path) as journal:
        assert not journal.has(b"x")


def test_what_has_no_recording_any_more_is_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.put(b"gone", 0, outcome("gone"))
    with Journal(tmp_path) as journal:
        journal.put(b"here", 0, outcome("here"))
        journal.forget()
        assert (journal.has(b"gone"), journal.has(b"here")) == (False, True)


def test_a_killed_process_loses_nothing_and_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from coach.evaluation import Journal, Outcome\n"
        "journal = Journal(Path(sys.argv[1])); journal.put(b'one', 0, Outcome({'id': 'one', 'status': 'scored'}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == -9
    with Journal(tmp_path) as journal:
        assert journal.place(b"one", 0) is True


def test_a_second_run_is_kept_out(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(InputError, match="Another run is writing to"):
        Journal(tmp_path)
    Journal(tmp_path).__exit__(None, None, None)


def test_a_damaged_journal_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"no database" * 1000)
    with pytest.raises(InputError, match="is damaged .*; delete it, and everything is scored again"):
        Journal(tmp_path)


def test_a_journal_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        Journal(tmp_path)


@pytest.mark.parametrize(
    ("changed", "engine"),
    [
        ({"id": "b"}, {}),
        ({"turns": TALK.turns[:1]}, {}),
        ({"about": About(manager="Dana")}, {}),
        ({}, {"coder": "other"}),
        ({}, {"prompts": {"code": "2"}}),
        ({}, {"version": "2"}),
        ({}, {"content": "2"}),
    ],
)
def test_a_changed_recording_or_engine_is_done_again(changed: dict[str, Any], engine: dict[str, Any]) -> None:
    same = fingerprint(TALK, Provenance())
    assert same == fingerprint(TALK.model_copy(deep=True), Provenance())
    assert same != fingerprint(TALK.model_copy(update=changed), Provenance(**engine))


def test_another_reason_is_another_result() -> None:
    assert fingerprint(Unreadable("a", "x"), Provenance()) != fingerprint(Unreadable("a", "y"), Provenance())
