"""The Chroma collection of a directory, and Chroma's and SQLite's errors in one sentence.

The collection lies in the directory itself or, where ``COACH_CHROMA_URL`` was set when it was written, on a Chroma
server; a small file in the directory then says which and where.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from coach.errors import KnowledgeError
from coach.knowledge.entries import Embedding

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

COLLECTION = "passages"
ELSEWHERE = "vectors.json"
_CLIENTS = threading.Lock()  # chromadb's table of open clients is shared by all threads and has no lock for opening


@contextmanager
def vendor_errors(directory: Path) -> Iterator[None]:
    """Turn what Chroma and SQLite raise into one sentence."""
    try:
        yield
    except KnowledgeError:
        raise
    except Exception as error:  # chromadb raises its own, pyo3's and plain RuntimeError alike
        raise KnowledgeError(f"The knowledge index in {directory} cannot be used ({error}).") from error


def server_of(directory: Path) -> str:
    """The address of the server that has the directory's vectors; empty when it has them itself."""
    return _elsewhere(directory)[0]


def forget(directory: Path) -> None:
    """Remove what a server holds for a directory that is about to go, if the server can be reached."""
    url, name = _elsewhere(directory)
    if url:
        with suppress(KnowledgeError), vendor_errors(directory), _CLIENTS:
            _server(url).delete_collection(name)


class Vectors:
    """The Chroma collection of a directory."""

    def __init__(
        self, directory: Path, embedding: Embedding | None = None, *, create: bool = False, url: str = ""
    ) -> None:
        """Open the collection, or make it, on the server at ``url`` if there is one."""
        import chromadb
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        if create and url:
            (directory / ELSEWHERE).write_text(json.dumps([url, f"coach-{uuid4().hex}"]), encoding="utf-8")
        server, name = _elsewhere(directory)
        with _CLIENTS:
            if server:
                self._client = _server(server)
            else:
                settings = Settings(anonymized_telemetry=False)
                self._client = chromadb.PersistentClient(str(directory), settings=settings)
            # written out at once: what is not, every first query of a process would write to the directory
            local = {} if server else {"hnsw:batch_size": 2, "hnsw:sync_threshold": 2}
            self.store: Chroma = Chroma(
                name,
                embedding_function=embedding,  # type: ignore[arg-type]
                client=self._client,
                collection_metadata={"hnsw:space": "cosine", **local},
                create_collection_if_not_exists=create,
            )

    def close(self) -> None:
        """Let go of the files."""
        with _CLIENTS:
            self._client.close()  # type: ignore[attr-defined]


def _elsewhere(directory: Path) -> tuple[str, str]:
    """Server and name of the collection; no server when it lies in the directory."""
    try:
        url, name = json.loads((directory / ELSEWHERE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "", COLLECTION
    return str(url), str(name)


def _server(url: str) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "", port=port, ssl=secure, settings=Settings(anonymized_telemetry=False)
        )
    except Exception as error:
        raise KnowledgeError(
            f"The Chroma server at {url} does not answer ({error}); start it, or unset COACH_CHROMA_URL."
        ) from error
