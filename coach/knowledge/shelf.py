"""One directory of passages: vectors in Chroma, full text beside them in SQLite FTS5.

A directory is written once by ``ShelfWriter`` and then only read, by any number of processes, through ``Shelf``.
(Chroma itself notes in ``chroma.sqlite3`` that it was opened; SQLite's own locks guard that.)
A passage has one vector for each of its sentences and one for the whole, so that a single sentence can be found.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain import Passage
from coach.errors import KnowledgeError
from coach.knowledge.entries import Document, Entry, Hit
from coach.knowledge.vectors import Vectors, server_of, vendor_errors
from coach.knowledge.words import Query, rarity

if TYPE_CHECKING:
    from coach.domain import PrincipleId

FORMAT = 2
RELATED = 0.6
BM25 = 0.1
WHOLE = 0.25


class Shelf:
    """Reads one finished directory."""

    def __init__(self, directory: Path) -> None:
        """Open the directory.

        Raises:
            KnowledgeError: When it is not a whole index of this version.
        """
        self.directory = directory
        self._lock = threading.Lock()
        with vendor_errors(directory):
            manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise KnowledgeError(f"The knowledge index in {directory} was written by another version.")
            self.embedding: str = manifest["embedding"]
            self.server = server_of(directory)
            uri = f"{(directory / 'passages.sqlite3').absolute().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._vectors: Vectors | None = None
            (self._count,) = self._db.execute("SELECT count(*) FROM passages").fetchone()

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._count)

    def by_words(self, query: Query, limit: int, principles: Collection[PrincipleId] | None = None) -> list[Hit]:
        """Rank passages by the words they share with a query, best first.

        A word counts by how rare it and the words related to it are; a related word counts ``RELATED`` of that.
        Passages that share the same words are ordered by FTS5's BM25.
        """
        if not query.terms or not self._count:
            return []
        scores: dict[int, float] = {}
        with self._lock, vendor_errors(self.directory):
            for term in query.terms:
                exact = self._having(term.match)
                related = self._having(term.related) - exact if term.related else set()
                found = len(exact) + RELATED * len(related)
                weight = rarity(found, self._count)
                for key in exact:
                    scores[key] = scores.get(key, 0.0) + weight
                for key in related:
                    scores[key] = scores.get(key, 0.0) + RELATED * weight
            # FTS5's bm25 is better the lower it is
            ranks = "SELECT rowid, bm25(words, 1.0, 0.8, 0.1) FROM words WHERE words MATCH ?"
            for key, rank in self._db.execute(ranks, (query.match,)):
                scores[key] -= BM25 * rank
            keys = self._about(principles) & scores.keys() if principles is not None else scores.keys()
        return [Hit(key, scores[key]) for key in sorted(keys, key=lambda key: (-scores[key], key))[:limit]]

    def frequencies(self, query: Query) -> list[int]:
        """Count the passages that have each term of a query."""
        with self._lock, vendor_errors(self.directory):
            return [len(self._having(term.match)) for term in query.terms]

    def _having(self, match: str) -> set[int]:
        return {key for (key,) in self._db.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,))}

    def _about(self, principles: Collection[PrincipleId]) -> set[int]:
        rows = self._db.execute("SELECT key, principles FROM passages WHERE principles <> ''")
        return {key for key, names in rows if not set(principles).isdisjoint(names.split())}

    def by_vector(
        self, vector: Sequence[float], limit: int, principles: Collection[PrincipleId] | None = None
    ) -> list[Hit]:
        """Rank passages by their most similar sentence and, with weight ``WHOLE``, as a whole, best first."""
        if not self._count or (principles is not None and not principles):
            return []
        wanted: list[dict[str, bool]] = [{f"is_{name}": True} for name in sorted(principles or ())]
        where = {"$or": wanted} if len(wanted) > 1 else wanted[0] if wanted else None
        with self._lock, vendor_errors(self.directory):
            if self._vectors is None:
                self._vectors = Vectors(self.directory)
            found = self._vectors.store.similarity_search_by_vector_with_relevance_scores(
                list(vector),
                k=limit * 4,
                filter=where,  # type: ignore[arg-type]
            )
        best: dict[int, float] = {}
        whole: dict[int, float] = {}
        for text, distance in found:
            key = int(text.metadata["key"])
            best.setdefault(key, 1.0 - distance)
            if text.metadata.get("whole"):
                whole[key] = 1.0 - distance
        least = 1.0 - found[-1][1] if found else 0.0
        scores = {key: (1.0 - WHOLE) * score + WHOLE * whole.get(key, least) for key, score in best.items()}
        return [Hit(key, scores[key]) for key in sorted(scores, key=lambda key: (-scores[key], key))[:limit]]

    def passages(self, keys: Sequence[int] | None = None) -> dict[int, Passage]:
        """Fetch passages by key, or all of them in reading order."""
        query = "SELECT key, source, section, title, text, principles, kind FROM passages"
        if keys is not None:
            query += f" WHERE key IN ({', '.join('?' for _ in keys)})"
        return {key: passage for key, passage in self._fetch(query + " ORDER BY key", tuple(keys or ()))}

    def section(self, source: str, section: str) -> list[Passage]:
        """Fetch the passages of one section in reading order."""
        query = "SELECT key, source, section, title, text, principles, kind FROM passages"
        found = self._fetch(f"{query} WHERE source = ? AND section = ? ORDER BY key", (source, section))
        return [passage for _, passage in found]

    def _fetch(self, query: str, values: Sequence[object]) -> list[tuple[int, Passage]]:
        with self._lock, vendor_errors(self.directory):
            rows = self._db.execute(query, values).fetchall()
        return [
            (
                key,
                Passage.model_validate(
                    {"source": source, "section": section, "title": title, "text": text,
                     "principles": tuple(principles.split()), "kind": kind}
                ),
            )
            for key, source, section, title, text, principles, kind in rows
        ]  # fmt: skip

    def documents(self) -> tuple[Document, ...]:
        """List what the passages come from, in the order added."""
        query = """SELECT d.id, d.source, d.title, count(p.key), d.origin, d.added_at
            FROM documents d LEFT JOIN passages p ON p.document = d.id GROUP BY d.id ORDER BY d.rowid"""
        with self._lock, vendor_errors(self.directory):
            return tuple(Document(*row) for row in self._db.execute(query).fetchall())

    def entries(self) -> list[Entry]:
        """Everything on the shelf, to write it anew."""
        with self._lock, vendor_errors(self.directory):
            rows = self._db.execute("SELECT key, id, document, searchable FROM passages ORDER BY key").fetchall()
        passages = self.passages()
        return [Entry(id_, document, passages[key], bool(searchable)) for key, id_, document, searchable in rows]

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._db.close()
            if self._vectors is not None:
                self._vectors.close()
                self._vectors = None
