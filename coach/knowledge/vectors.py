"""The Chroma collection of a directory, and Chroma's and SQLite's errors in one sentence.

The collection lies in the directory itself or, where ``COACH_CHROMA_URL`` was set when it was written, on a Chroma
server; a small file in the directory then says which and where.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from coach.errors import KnowledgeError
from coach.knowledge.entries import Embedding

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI
    from chromadb.api.types import Where
    from langchain_chroma import Chroma

COLLECTION = "passages"
ELSEWHERE = "vectors.json"
SERVER_SECONDS = 60.0
_CONNECTION = ("httpx", "httpcore")
_CLIENTS = threading.Lock()  # chromadb's table of open clients is shared by all threads and has no lock for opening


@contextmanager
def vendor_errors(directory: Path) -> Iterator[None]:
    """Turn what Chroma and SQLite raise into one sentence."""
    try:
        yield
    except KnowledgeError:
        raise
    except Exception as error:  # chromadb raises its own, pyo3's and plain RuntimeError alike
        if type(error).__module__.startswith(_CONNECTION) and (url := server_of(directory)):
            raise _no_answer(url, error) from error
        raise KnowledgeError(f"The knowledge index in {directory} cannot be used ({error}).") from error


def server_of(directory: Path) -> str:
    """The address of the server that has the directory's vectors; empty when it has them itself."""
    return _elsewhere(directory)[0]


def forget(directory: Path) -> None:
    """Remove what a server holds for a directory that is about to go, if the server can be reached."""
    url, name = _elsewhere(directory)
    if url:
        with suppress(KnowledgeError), vendor_errors(directory), _CLIENTS:
            client = _server(url)
            try:
                client.delete_collection(name)
            finally:
                _close(client)


class Vectors:
    """The Chroma collection of a directory."""

    def __init__(
        self, directory: Path, embedding: Embedding | None = None, *, create: bool = False, url: str = ""
    ) -> None:
        """Open the collection, or make it, on the server at ``url`` if there is one."""
        from langchain_chroma import Chroma

        if create and url:
            (directory / ELSEWHERE).write_text(json.dumps([url, f"coach-{uuid4().hex}"]), encoding="utf-8")
        server, name = _elsewhere(directory)
        with _CLIENTS:
            self._client = _server(server) if server else _local(directory)
            # written out at once: what is not, every first query of a process would write to the directory
            local = {} if server else {"hnsw:batch_size": 2, "hnsw:sync_threshold": 2}
            try:
                self.store: Chroma = Chroma(
                    name,
                    embedding_function=embedding,  # type: ignore[arg-type]
                    client=self._client,
                    collection_metadata={"hnsw:space": "cosine", **local},
                    create_collection_if_not_exists=create,
                )
                self._collection = self._client.get_collection(name, embedding_function=None)
            except BaseException:
                _close(self._client)
                raise

    def nearest(
        self, vectors: Sequence[Sequence[float]], limit: int, where: Where | None = None
    ) -> list[list[tuple[int, int, float]]]:
        """For each vector the key, number of the part, and distance of the nearest vectors, nearest first.

        Asked of Chroma itself: LangChain would fetch every text and its metadata, which takes longer than the search.
        """
        if not vectors:
            return []
        asked: list[Sequence[float] | Sequence[int]] = [list(vector) for vector in vectors]
        found = self._collection.query(asked, n_results=limit, where=where, include=["distances"])
        distances = found["distances"] or [[] for _ in vectors]
        return [
            [(int(key), int(part), d) for (key, part), d in zip((i.split("/") for i in ids), near, strict=True)]
            for ids, near in zip(found["ids"], distances, strict=True)
        ]

    def close(self) -> None:
        """Let go of the files."""
        with _CLIENTS:
            _close(self._client)


def _elsewhere(directory: Path) -> tuple[str, str]:
    """Server and name of the collection; no server when it lies in the directory."""
    try:
        url, name = json.loads((directory / ELSEWHERE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "", COLLECTION
    return str(url), str(name)


def _local(directory: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(directory), settings=Settings(anonymized_telemetry=False))


def _server(url: str) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        client = chromadb.HttpClient(
            host=parts.hostname or "", port=port, ssl=secure, settings=Settings(anonymized_telemetry=False)
        )
    except Exception as error:
        raise _no_answer(url, error) from error
    for session in _sessions(client):
        session.timeout = SERVER_SECONDS
    return client


def _close(client: ClientAPI) -> None:
    client.close()  # type: ignore[attr-defined]
    for session in _sessions(client):
        session.close()


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    """The connections of a client of a server: chromadb waits for ever on them and leaves them open."""
    apis = (client._server, client._admin_client._server)  # type: ignore[attr-defined]
    return [api._session for api in apis if hasattr(api, "_session")]


def _no_answer(url: str, error: Exception) -> KnowledgeError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return KnowledgeError(f"The Chroma server at {url} does not answer ({why}); start it, or unset COACH_CHROMA_URL.")
