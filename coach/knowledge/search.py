"""The knowledge base: built-in articles and added documents, searched by words and by meaning together."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from coach.domain import Passage
from coach.knowledge.added import AddedDocuments
from coach.knowledge.articles import Article, load_articles
from coach.knowledge.entries import Document, Embedding, Hit, Weighing
from coach.knowledge.exporting import export
from coach.knowledge.index import index_hash, open_index, rebuild_index
from coach.knowledge.subjects import Subjects
from coach.knowledge.words import Query, rarity, understand

if TYPE_CHECKING:
    from coach.domain import PrincipleId
    from coach.knowledge.shelf import Shelf

Sources = Literal["all", "built-in", "added"]
Ranking = Literal["fusion", "words", "vectors"]

MAX_RESULTS = 50
DEPTH = 30
RANK_CONSTANT = 10
OWN = 2.5
WEIGHTS = {"words": 1.0, "vectors": 1.0}
BRIDGE = 3
BRIDGE_SHARE = 0.4

_Found = tuple[str, int]


class KnowledgeBase:
    """Finds passages and checks quotes. Safe to share between threads; any number of processes may have one."""

    def __init__(
        self,
        home: Path,
        content_articles: Path | Iterable[Path],
        embedding: Embedding | None = None,
        chroma_url: str = "",
    ) -> None:
        """Open nothing yet.

        Args:
            home: The folder for everything the product stores.
            content_articles: Folders of articles, later ones laid over earlier ones, file by file.
            embedding: What vectors are made with; the built-in one when left out.
            chroma_url: The Chroma server that holds the vectors; the home itself when empty.
        """
        self._home = home
        self._folders = (content_articles,) if isinstance(content_articles, Path) else tuple(content_articles)
        self._given = embedding
        self._chroma_url = chroma_url
        self._guard = threading.RLock()
        self._articles: tuple[Article, ...] | None = None
        self._hash = ""
        self._built_in: Shelf | None = None
        self._added: AddedDocuments | None = None

    @property
    def embedding(self) -> Embedding:
        """What vectors are made with."""
        with self._guard:
            if self._given is None:
                from coach.knowledge.embedding import WordLlamaEmbedding

                self._given = WordLlamaEmbedding()
            return self._given

    @property
    def articles(self) -> tuple[Article, ...]:
        """The built-in articles, read once.

        Raises:
            ContentError: With every problem of every article.
        """
        with self._guard:
            if self._articles is None:
                self._articles = load_articles(self._folders)
            return self._articles

    @property
    def hash(self) -> str:
        """Names the built-in index: changes with the articles, the embedding or the format."""
        if not self._hash:
            self._hash = index_hash(self.articles, self.embedding)
        return self._hash

    def version(self, sources: Sources) -> str:
        """Names what a search of these sources goes through; changes whenever they do."""
        built_in = self.hash if sources != "added" else ""
        return built_in if sources == "built-in" else f"{built_in}{self.added.version}"

    @property
    def added(self) -> AddedDocuments:
        """The documents that users added."""
        with self._guard:
            if self._added is None:
                about = Subjects(self.articles, self.embedding)
                self._added = AddedDocuments(self._home, self.embedding, about, chroma_url=self._chroma_url)
            return self._added

    def open(self) -> Self:
        """Open the built-in index, building it when there is none yet; a search does so by itself.

        Raises:
            ContentError: When an article is wrong.
            KnowledgeError: When the index can be neither opened nor built.
        """
        self._shelf()
        return self

    def rebuild(self) -> int:
        """Build the built-in index anew and that of the added documents; returns the number of added documents.

        Raises:
            ContentError: When an article is wrong.
            KnowledgeError: When an index cannot be built.
        """
        with self._guard:
            self.close()
            rebuild_index(self._home, self.articles, self.embedding, self._chroma_url)
        return self.added.rebuild()

    def _shelf(self) -> Shelf:
        with self._guard:
            if self._built_in is None:
                self._built_in = open_index(self._home, self.articles, self.embedding, self._chroma_url)
            return self._built_in

    def search(
        self,
        words: str,
        k: int = 5,
        principles: Collection[PrincipleId] | None = None,
        sources: Sources = "all",
        ranking: Ranking = "fusion",
    ) -> list[Passage]:
        """Find passages, best first.

        Args:
            words: Anything; only the first few thousand characters count, and words that say nothing find nothing.
            k: How many at most, not more than ``MAX_RESULTS``.
            principles: Only passages about one of these.
            sources: Where to look.
            ranking: Both ways fused, or only one of them, to compare.

        Returns:
            Passages whose ``score`` orders this result and means nothing outside it.
        """
        query = understand(words)
        k = min(k, MAX_RESULTS)
        if k < 1 or not query.terms:
            return []
        vector = self._vector(query, sources) if ranking != "words" else []
        depth = max(DEPTH, 2 * k)

        def rank(shelf: Shelf, vector: list[float]) -> tuple[list[Hit], list[Hit], dict[int, Passage]]:
            sharing = shelf.by_words(query, depth, principles) if ranking != "vectors" else []
            similar = shelf.by_vector(vector, depth, principles) if vector else []
            return sharing, similar, shelf.passages([hit.key for hit in (*sharing, *similar)])

        found = {"built-in": rank(self._shelf(), vector)} if sources != "added" else {}
        if sources != "built-in" and self.added.version:
            bridged = self._bridged(query, vector)
            if added := self.added.read(lambda shelf: rank(shelf, bridged)):
                found["added"] = added
        by_words = {name: hits for name, (hits, _, _) in found.items()}
        by_vector = {name: hits for name, (_, hits, _) in found.items()}
        scores = _fuse([by_words, by_vector])
        best = sorted(scores, key=lambda place: (-scores[place], place))[:k]
        return [found[name][2][key].model_copy(update={"score": scores[name, key]}) for name, key in best]

    def _vector(self, query: Query, sources: Sources) -> list[float]:
        """Embed a query, its rarer words with more weight where the embedding can do that."""
        if not isinstance(self.embedding, Weighing):
            return self.embedding.embed_query(query.text)

        def count(shelf: Shelf) -> tuple[int, list[int]]:
            return len(shelf), shelf.frequencies(query)

        counts = [count(self._shelf())] if sources != "added" else []
        if sources != "built-in" and (added := self.added.read(count)):
            counts.append(added)
        total = sum(size for size, _ in counts)
        each = [sum(found) for found in zip(*(found for _, found in counts), strict=True)]
        weights = {term.word: rarity(found, total) for term, found in zip(query.terms, each, strict=False)}
        return self.embedding.embed_weighted(query.text, weights)

    def _bridged(self, query: Query, vector: list[float]) -> list[float]:
        """A query's vector moved towards what our own pages say on it (pseudo-relevance feedback, Rocchio 1971).

        They speak of what managers live through in managers' words; a document of somebody's own may name the same
        thing in its own terms only.
        """
        if not vector or not self.articles:
            return vector
        import numpy as np

        shelf = self._shelf()
        hits = _fuse([{"built-in": shelf.by_words(query, DEPTH)}, {"built-in": shelf.by_vector(vector, DEPTH)}])
        nearest = [key for _, key in sorted(hits, key=lambda place: (-hits[place], place))[:BRIDGE]]
        near = self.embedding.embed_documents([f"{p.section}. {p.text}" for p in shelf.passages(nearest).values()])
        if not near:
            return vector
        mean = np.mean(near, axis=0)
        mixed = (1 - BRIDGE_SHARE) * np.array(vector) + BRIDGE_SHARE * mean / (np.linalg.norm(mean) or 1.0)
        return [float(x) for x in mixed / (np.linalg.norm(mixed) or 1.0)]

    def verbatim(self, source: str, section: str, quote: str) -> bool:
        """Check that a quote stands, word for word, in a section of a source; only white space may differ."""
        wanted = " ".join(quote.split())
        if not re.search(r"\w", wanted):
            return False
        text = " ".join(" ".join(passage.text for passage in self.reading(source, section)).split())
        return bool(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text))

    def export(self, folder: Path) -> list[Path]:
        """Write every added document as Markdown that is added again to the same passages; returns the files.

        Raises:
            InputError: When a file is there already or the folder cannot be written.
        """
        return export([(document, self.reading(document.source)) for document in self.documents("added")], folder)

    def reading(self, source: str, section: str | None = None) -> list[Passage]:
        """Return the passages of a source, or of one section of it, in reading order."""
        own = [p for a in self.articles if a.id == source for p in a.passages if section in (None, p.section)]
        return own or self.added.read(lambda shelf: shelf.reading(source, section)) or []

    def documents(self, sources: Sources = "all") -> list[Document]:
        """Return what passages come from: our articles, then the added documents in the order added."""
        own = [Document(a.id, a.id, a.title, len(a.passages)) for a in self.articles] if sources != "added" else []
        return [*own, *(self.added.documents() if sources != "built-in" else ())]

    def passages(self, sources: Sources = "built-in") -> list[Passage]:
        """Return every passage in reading order."""
        found = [p for a in self.articles for p in a.passages] if sources != "added" else []
        if sources != "built-in":
            found += self.added.read(lambda shelf: list(shelf.passages().values())) or []
        return found

    def close(self) -> None:
        """Let go of the files; a later search opens them again."""
        with self._guard:
            if self._built_in is not None:
                self._built_in.close()
                self._built_in = None
            if self._added is not None:
                self._added.close()

    def __enter__(self) -> Self:
        """Return itself; files are opened when they are needed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the files."""
        self.close()


def _fuse(rankings: Sequence[dict[str, list[Hit]]]) -> dict[_Found, float]:
    """Fuse rankings by reciprocal rank; within one, the hits of several shelves are ordered by score.

    What a user added counts ``OWN`` times as much: who adds the rules of the house wants to see them cited.
    """
    scores: dict[_Found, float] = {}
    for weight, shelves in zip(WEIGHTS.values(), rankings, strict=True):
        own = {"added": OWN}
        hits = [(hit.score * own.get(name, 1.0), name, hit.key) for name, found in shelves.items() for hit in found]
        for rank, (_, name, key) in enumerate(sorted(hits, key=lambda hit: (-hit[0], *hit[1:])), 1):
            scores[name, key] = scores.get((name, key), 0.0) + weight / (RANK_CONSTANT + rank)
    return scores
