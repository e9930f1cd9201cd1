"""Two processes, and a process that is killed: what was acknowledged is there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from coach.store import Store

TALKER = """
import sys
from pathlib import Path
from coach.domain import Difficulty, Turn
from coach.store import Store

store = Store.open(Path(sys.argv[1]))
session = store.start("ana", "burnout", Difficulty.EASY, 1, Turn(i=0, speaker="rep", text="turn 0"))
print(session.id, flush=True)
for i in range(1, 100_000):
    session = store.append(session, [Turn(i=i, speaker=("rep", "manager")[i % 2], text=f"turn {i}")])
    print(i, flush=True)
"""
OPENER = """
import sys
from pathlib import Path
from coach.domain import Difficulty, Turn
from coach.store import Store

print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    store = Store.open(Path(sys.argv[1]))
    store.start("ana", "burnout", Difficulty.EASY, 1, Turn(i=0, speaker="rep", text="hello"))
    store.close()
"""
ROOT = Path(__file__).parents[2]


def python(code: str, path: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(ROOT)])
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def test_every_acknowledged_turn_survives_a_kill_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    with python(TALKER, path) as talker:
        assert talker.stdout is not None
        session_id = talker.stdout.readline().strip()
        seen = [talker.stdout.readline() for _ in range(25)]
        talker.send_signal(signal.SIGKILL)
        acknowledged = int([*seen, *talker.stdout.readlines()][-1])
    assert talker.returncode == -signal.SIGKILL
    with closing(Store.open(path)) as store:
        turns = store.path(store.session(session_id, "ana"))
    assert acknowledged >= 25
    assert len(turns) in (acknowledged + 1, acknowledged + 2)
    assert [turn.text for turn in turns] == [f"turn {i}" for i in range(len(turns))]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_killed_window_does_not_lock_the_next_one_out(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    with python(TALKER, path) as talker:
        assert talker.stdout is not None
        session_id = talker.stdout.readline().strip()
        talker.send_signal(signal.SIGKILL)
    with closing(Store.open(path)) as store:
        session = store.session(session_id, "ana")
        assert store.end(session).ended_at is not None


def test_processes_that_open_a_new_database_at_once_all_find_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "coach.db"
    openers = [python(OPENER, path) for _ in range(2)]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    results = [(*opener.communicate(timeout=60), opener.returncode) for opener in openers]
    assert [code for *_, code in results] == [0, 0], [err for _, err, _ in results]
    with closing(Store.open(path)) as store:
        assert len(store.sessions("ana")) == 6
