"""The nearest coded exchanges, as examples for a model: an immutable index like that of the articles."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain import Passage
from coach.knowledge.articles import Article
from coach.knowledge.entries import Embedding
from coach.knowledge.index import open_index

if TYPE_CHECKING:
    from coach.knowledge.shelf import Shelf

NAME = "exchanges"


class ExchangeIndex:
    """Finds coded exchanges by what the rep and the manager said. Safe to share between threads."""

    def __init__(
        self, home: Path, exchanges: Sequence[tuple[str, str]], embedding: Embedding, chroma_url: str = ""
    ) -> None:
        """Open nothing yet.

        Args:
            home: The folder for everything the product stores.
            exchanges: What the rep said and what the manager answered.
            embedding: What the vectors are made with.
            chroma_url: The Chroma server that holds the vectors; the home itself when empty.
        """
        passages = [
            Passage(source=NAME, section=str(i), text=f"{rep}\n{manager}".strip())
            for i, (rep, manager) in enumerate(exchanges)
        ]
        self._article = Article(NAME, NAME, home, tuple(passages))
        self._home = home
        self._embedding = embedding
        self._chroma_url = chroma_url
        self._shelf: Shelf | None = None
        self._guard = threading.Lock()

    def nearest(self, asked: Sequence[tuple[str, str]], k: int) -> list[list[int]]:
        """For each rep's and manager's words, positions of the exchanges nearest in meaning, best first.

        All are looked up in one question to the index, which is built on first use.
        """
        with self._guard:
            if self._shelf is None:
                self._shelf = open_index(self._home, [self._article], self._embedding, self._chroma_url)
        texts = [f"{rep}\n{manager}".strip()[:2000] for rep, manager in asked]
        worded = [n for n, text in enumerate(texts) if any(c.isalnum() for c in text)]
        hits = self._shelf.by_vectors([self._embedding.embed_query(texts[n]) for n in worded], k)
        found = self._shelf.passages(list({hit.key for some in hits for hit in some}))
        near = {n: [int(found[hit.key].section) for hit in some] for n, some in zip(worded, hits, strict=True)}
        return [near.get(n, []) for n in range(len(texts))]

    def close(self) -> None:
        """Let go of the files; a later question opens them again."""
        with self._guard:
            if self._shelf is not None:
                self._shelf.close()
                self._shelf = None
