"""Answers of models to recordings, kept: the same question to the same model is asked once.

They are in a SQLite file, so that a killed run loses none and several processes share them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel

from coach.errors import ModelError, StoreError, Unanswered
from coach.models.chat import ChatModel, Message
from coach.models.names import ModelName
from coach.models.providers import destination
from coach.models.structured import Form, Structured, schema_of

WAIT_S = 30.0  # for another process that is writing


class Answers:
    """Kept answers, by a hash of all that was asked; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: if it can be neither read nor written.
        """
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)
            self._db = sqlite3.connect(path, WAIT_S, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer TEXT) WITHOUT ROWID")
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from None

    def get(self, key: bytes) -> str | None:
        """The answer kept under a key."""
        found = self._execute("SELECT answer FROM answers WHERE key = ?", key)
        return str(found[0][0]) if found else None

    def put(self, key: bytes, answer: str) -> None:
        """Keep an answer."""
        self._execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", key, answer)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _execute(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        try:
            with self._lock:
                return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> StoreError:
        return StoreError(f"The kept answers {self._path} cannot be used ({error}); move the file away.")


class Remembering(Structured):
    """Asks a model unless the same was asked before; only answers that fit their form are kept."""

    def __init__(self, model: ChatModel, answers: Answers) -> None:
        """Take the model and what it has answered so far."""
        super().__init__(model)
        self._answers = answers

    def ask(self, messages: Sequence[Message], form: type[Form], deadline: float) -> Form:
        """An answer that fits the form; see ``Structured.ask``.

        Raises:
            Unanswered: if there is none, so that nothing else stands in for the model.
        """
        key = question(self.name, messages, form)
        if (kept := self._answers.get(key)) is not None:
            return form.model_validate_json(kept)
        try:
            answer = super().ask(messages, form, deadline)
        except ModelError as error:
            raise Unanswered(str(error)) from error
        self._answers.put(key, answer.model_dump_json())
        return answer


def question(name: ModelName, messages: Sequence[Message], form: type[BaseModel]) -> bytes:
    """Names a question: which model where, every word of the prompt, and the form of the answer."""
    asked = [str(name), destination(name), [asdict(message) for message in messages], schema_of(form)]
    return hashlib.sha256(json.dumps(asked).encode()).digest()
