"""Writes a directory of passages that is only read afterwards."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from coach.knowledge.entries import Document, Embedding, Entry
from coach.knowledge.shelf import FORMAT
from coach.knowledge.splitting import sentences
from coach.knowledge.vectors import Vectors, vendor_errors
from coach.knowledge.words import fold

_BATCH = 5000
"""So many vectors are added at once; Chroma writes its whole graph anew each time and takes 5,461 at most."""
_SERVER_BATCH = 1000
_KEYS = 1000
_MIN_WORDS = 4
_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, title TEXT NOT NULL, origin TEXT NOT NULL, added_at TEXT NOT NULL
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL REFERENCES documents (id),
    source TEXT NOT NULL, section TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, principles TEXT NOT NULL,
    kind TEXT NOT NULL, searchable INTEGER NOT NULL
);
CREATE INDEX passages_place ON passages (source, section);
CREATE INDEX passages_document ON passages (document);
CREATE VIRTUAL TABLE words USING fts5 (text, section, title, tokenize = 'porter unicode61 remove_diacritics 2');
"""


def copy_shelf(source: Path, target: Path) -> None:
    """Copy a finished directory to be written to, also while others read it.

    Chroma writes to its SQLite file when it is opened, so that file is copied by SQLite.
    """
    with vendor_errors(source):
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("chroma.sqlite3*", "manifest.json"))
        with (
            closing(sqlite3.connect(source / "chroma.sqlite3")) as old,
            closing(sqlite3.connect(target / "chroma.sqlite3")) as new,
        ):
            old.backup(new)


class ShelfWriter:
    """Writes one directory; nobody else may read or write it meanwhile."""

    def __init__(self, directory: Path, embedding: Embedding, chroma_url: str = "") -> None:
        """Open the directory, empty or a copy of a finished one; vectors of a new one may go to a server."""
        self._directory = directory
        self._embedding = embedding
        self._batch = _SERVER_BATCH if chroma_url else _BATCH
        self._closed = False
        self._waiting: list[tuple[str, str, dict[str, int | bool]]] = []
        new = not (directory / "passages.sqlite3").exists()
        with vendor_errors(directory):
            self._db = sqlite3.connect(directory / "passages.sqlite3")
            if new:
                self._db.executescript(_SCHEMA)
            self._vectors = Vectors(directory, embedding, create=new, url=chroma_url)

    def add(self, document: Document, entries: Sequence[Entry]) -> None:
        """Add a document with its passages."""
        with vendor_errors(self._directory):
            self._db.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
                (document.id, document.source, document.title, document.origin, document.added_at),
            )
            for entry in entries:
                key = self._add_words(entry)
                about = {f"is_{name}": True for name in entry.passage.principles}
                for i, text in enumerate(_embedded(entry) if entry.searchable else ()):
                    self._waiting.append((f"{key}/{i}", text, {"key": key, "whole": i == 0, **about}))
            if len(self._waiting) >= self._batch:
                self._add_vectors()

    def _add_vectors(self) -> None:
        """Add what waits to Chroma, which takes its time for every call."""
        for i in range(0, len(self._waiting), self._batch):
            ids, texts, places = zip(*self._waiting[i : i + self._batch], strict=True)
            self._vectors.store.add_texts(list(texts), metadatas=list(places), ids=list(ids))
        self._waiting.clear()

    def _add_words(self, entry: Entry) -> int:
        passage = entry.passage
        cursor = self._db.execute(
            "INSERT INTO passages (id, document, source, section, title, text, principles, kind, searchable)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.id, entry.document, passage.source, passage.section, passage.title, passage.text,
                " ".join(passage.principles), passage.kind, entry.searchable,
            ),
        )  # fmt: skip
        key = cursor.lastrowid or 0
        if entry.searchable:
            self._db.execute(
                "INSERT INTO words (rowid, text, section, title) VALUES (?, ?, ?, ?)",
                (key, fold(passage.text), fold(passage.section), fold(passage.title)),
            )
        return key

    def remove(self, document_id: str) -> None:
        """Take out a document with its passages."""
        with vendor_errors(self._directory):
            self._add_vectors()
            rows = self._db.execute("SELECT key FROM passages WHERE document = ?", (document_id,))
            keys = [key for (key,) in rows.fetchall()]
            for i in range(0, len(keys), _KEYS):
                among: dict[str, list[str | int | float | bool]] = {"$in": [*keys[i : i + _KEYS]]}
                self._vectors.store.delete(where={"key": among})
            self._db.executemany("DELETE FROM words WHERE rowid = ?", [(key,) for key in keys])
            self._db.execute("DELETE FROM passages WHERE document = ?", (document_id,))
            self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def finish(self) -> None:
        """Write everything out, mark the directory as whole and close it."""
        with vendor_errors(self._directory):
            self._add_vectors()
            self._db.commit()
            self.close()
            manifest = {"format": FORMAT, "embedding": self._embedding.name}
            (self._directory / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    def close(self) -> None:
        """Let go of the files; what was not finished is no index. May be called again."""
        if not self._closed:
            self._closed = True
            self._db.close()
            self._vectors.close()


def _embedded(entry: Entry) -> list[str]:
    """The texts of a passage that get a vector: the whole under its heading, and each of its sentences."""
    passage = entry.passage
    parts = [s for line in passage.text.split("\n") for s in sentences(line) if len(s.split()) >= _MIN_WORDS]
    whole = f"{passage.section}. {passage.text}"
    return [whole, *parts]
