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
    import numpy
    from chromadb.api.types import Where

    from coach.domain import PrincipleId

FORMAT = 2
RELATED = 0.6
BM25 = 0.1
BM25_BOUND = 2.2
"""FTS5's bm25 of a word is less than so many times the word's rarity."""
WHOLE = 0.25
KEPT = 512
"""The passages of so many words and groups of related words are remembered."""


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
            count = "SELECT count(*), coalesce(max(key), 0) FROM passages"
            self._count, self._last = self._db.execute(count).fetchone()
            self._found: dict[str, numpy.ndarray] = {}
            self._principles: dict[str, list[int]] | None = None

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
        import numpy

        with self._lock, vendor_errors(self.directory):
            scores = numpy.zeros(self._last + 1)
            bound = numpy.zeros(self._last + 1)
            for term in query.terms:
                exact = self._having(term.match)
                related = numpy.setdiff1d(self._having(term.related), exact, assume_unique=True)
                weight = rarity(len(exact) + RELATED * len(related), self._count)
                scores[exact] += weight
                scores[related] += RELATED * weight
                bound[exact] += BM25 * BM25_BOUND * rarity(len(exact), self._count)
            if principles is not None:
                scores[~self._about(principles)] = 0.0
            best = numpy.sort(scores)[-limit:][0]
            hopeful = numpy.flatnonzero((scores > 0.0) & (scores + bound >= best))
            # FTS5's bm25 is better the lower it is; the plus keeps it from running the whole match for each row
            ranks = """SELECT rowid, bm25(words, 1.0, 0.8, 0.1) FROM words
                WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"""
            for key, rank in self._db.execute(ranks, (query.match, json.dumps(hopeful.tolist()))):
                scores[key] -= BM25 * rank
        ordered = hopeful[numpy.lexsort((hopeful, -scores[hopeful]))]
        return [Hit(int(key), float(scores[key])) for key in ordered[:limit]]

    def frequencies(self, query: Query) -> list[int]:
        """Count the passages that have each term of a query."""
        with self._lock, vendor_errors(self.directory):
            return [len(self._having(term.match)) for term in query.terms]

    def _having(self, match: str) -> numpy.ndarray:
        """Keys of the passages that match; those of the last words asked for are kept, for a shelf never changes."""
        import numpy

        if match not in self._found:
            if len(self._found) >= KEPT:
                del self._found[next(iter(self._found))]
            # one list is fetched in half the time of its rows
            keys = "SELECT json_group_array(rowid) FROM words WHERE words MATCH ?"
            (found,) = self._db.execute(keys, (match,)).fetchone() if match else ("[]",)
            self._found[match] = numpy.array(json.loads(found), numpy.int32)
        return self._found[match]

    def _about(self, principles: Collection[PrincipleId]) -> numpy.ndarray:
        """Whether each key's passage is about one of some principles."""
        import numpy

        if self._principles is None:
            self._principles = {}
            for key, names in self._db.execute("SELECT key, principles FROM passages WHERE principles <> ''"):
                for name in names.split():
                    self._principles.setdefault(name, []).append(key)
        about = numpy.zeros(self._last + 1, dtype=bool)
        for name in principles:
            about[self._principles.get(name, [])] = True
        return about

    def by_vector(
        self, vector: Sequence[float], limit: int, principles: Collection[PrincipleId] | None = None
    ) -> list[Hit]:
        """Rank passages by their most similar sentence and, with weight ``WHOLE``, as a whole, best first."""
        return self.by_vectors([vector], limit, principles)[0]

    def by_vectors(
        self, vectors: Sequence[Sequence[float]], limit: int, principles: Collection[PrincipleId] | None = None
    ) -> list[list[Hit]]:
        """Rank passages for each vector, in one question to the index; see ``by_vector``."""
        if not self._count or (principles is not None and not principles):
            return [[] for _ in vectors]
        wanted: list[Where] = [{f"is_{name}": True} for name in sorted(principles or ())]
        where: Where | None = {"$or": wanted} if len(wanted) > 1 else wanted[0] if wanted else None
        with self._lock, vendor_errors(self.directory):
            if self._vectors is None:
                self._vectors = Vectors(self.directory)
            found = self._vectors.nearest(vectors, limit * 4, where)
        return [_ranked(near, limit) for near in found]

    def passages(self, keys: Sequence[int] | None = None) -> dict[int, Passage]:
        """Fetch passages by key, or all of them in reading order."""
        query = "SELECT key, source, section, title, text, principles, kind FROM passages"
        if keys is not None:
            query += f" WHERE key IN ({', '.join('?' for _ in keys)})"
        return {key: passage for key, passage in self._fetch(query + " ORDER BY key", tuple(keys or ()))}

    def reading(self, source: str, section: str | None = None) -> list[Passage]:
        """Fetch the passages of a source, or of one section of it, in reading order."""
        query = "SELECT key, source, section, title, text, principles, kind FROM passages"
        found = self._fetch(
            f"{query} WHERE source = ? AND section = coalesce(?, section) ORDER BY key", (source, section)
        )
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


def _ranked(found: Sequence[tuple[int, int, float]], limit: int) -> list[Hit]:
    """Passages by their nearest sentence and as a whole, from the nearest vectors."""
    best: dict[int, float] = {}
    whole: dict[int, float] = {}
    for key, part, distance in found:
        best.setdefault(key, 1.0 - distance)
        if part == 0:
            whole[key] = 1.0 - distance
    least = 1.0 - found[-1][2] if found else 0.0
    scores = {key: (1.0 - WHOLE) * score + WHOLE * whole.get(key, least) for key, score in best.items()}
    return [Hit(key, scores[key]) for key in sorted(scores, key=lambda key: (-scores[key], key))[:limit]]
