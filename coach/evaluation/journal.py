"""What a run has finished, kept beside its results: a killed run goes on, a repeated one does only what is new.

A SQLite file, ``.journal.sqlite`` in the folder of the results: a line is in it whole or not at all, also when the
process is killed, and SQLite's own lock keeps a second run out.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from coach.domain import Provenance, Transcript
from coach.errors import InputError
from coach.evaluation.score import Outcome, Recording

NAME = ".journal.sqlite"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS lines (key BLOB PRIMARY KEY, place INTEGER, scored INTEGER, lasting INTEGER, line TEXT)"
)


def fingerprint(recording: Recording, provenance: Provenance) -> bytes:
    """Names a result: every word of the recording, and the engine, content, prompts and version that judge it."""
    given = recording.model_dump_json(exclude_defaults=True) if isinstance(recording, Transcript) else repr(recording)
    return hashlib.sha256(f"{given}\n{provenance.model_dump_json()}".encode(errors="replace")).digest()[:16]


class Journal:
    """Finished lines by fingerprint, and the place each has in this run."""

    def __init__(self, folder: Path) -> None:
        """Open the journal of a folder, which is made where there is none.

        Raises:
            InputError: if the folder cannot be written or another run has it.
        """
        self._path = folder / NAME
        self._folder = folder
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            with self._told():
                for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
                    self._db.execute(f"PRAGMA {setting}")
                self._db.execute(_TABLE)
                self._db.execute("CREATE INDEX IF NOT EXISTS in_order ON lines (place)")
                self._db.execute("DELETE FROM lines WHERE NOT lasting")
                self._db.execute("UPDATE lines SET place = NULL WHERE place IS NOT NULL")
        except InputError:
            self._db.close()
            raise

    def has(self, key: bytes) -> bool:
        """Whether this was finished before."""
        with self._told():
            return self._db.execute("SELECT 1 FROM lines WHERE key = ?", (key,)).fetchone() is not None

    def place(self, key: bytes, place: int) -> bool | None:
        """Give what was finished before its place in this run; says whether it was scored, None if it is not there."""
        with self._told():
            found = self._db.execute("SELECT scored FROM lines WHERE key = ?", (key,)).fetchone()
            if found is None:
                return None
            self._db.execute("UPDATE lines SET place = ? WHERE key = ?", (place, key))
            return bool(found[0])

    def put(self, key: bytes, place: int, outcome: Outcome) -> None:
        """Keep a line; from here on it survives whatever happens to this process."""
        line = json.dumps(outcome.line, ensure_ascii=False)
        row = (key, place, outcome.line["status"] == "scored", outcome.lasting, line)
        with self._told():
            self._db.execute("INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?, ?)", row)

    def lines(self) -> Iterator[str]:
        """The JSON lines of this run, in the order of its recordings."""
        with self._told():
            yield from (
                line for (line,) in self._db.execute("SELECT line FROM lines WHERE place IS NOT NULL ORDER BY place")
            )

    def forget(self) -> None:
        """Drop what this run had no recording for."""
        with self._told():
            self._db.execute("DELETE FROM lines WHERE place IS NULL")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite and the disk say into one sentence."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                told = f"Another run is writing to {self._folder}; wait for it, or choose another --out."
                raise InputError(told) from None
            told = f"{self._path} cannot be written ({error}); choose another --out."
            raise InputError(told) from None
        except sqlite3.DatabaseError as error:
            told = f"{self._path} is damaged ({error}); delete it, and everything is scored again."
            raise InputError(told) from None
        except OSError as error:
            raise InputError(f"{self._folder} cannot be written ({error.strerror}); choose another --out.") from None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the folder."""
        self._db.close()
