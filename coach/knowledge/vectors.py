"""The Chroma collection of a directory, and Chroma's and SQLite's errors in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import KnowledgeError
from coach.knowledge.entries import Embedding

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "passages"
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


class Vectors:
    """The Chroma collection of a directory."""

    def __init__(self, directory: Path, embedding: Embedding | None = None, *, create: bool = False) -> None:
        """Open the collection, or make it."""
        import chromadb
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        with _CLIENTS:
            self._client = chromadb.PersistentClient(str(directory), settings=Settings(anonymized_telemetry=False))
            self.store: Chroma = Chroma(
                COLLECTION,
                embedding_function=embedding,  # type: ignore[arg-type]
                client=self._client,
                # written out at once: what is not, every first query of a process would write to the directory
                collection_metadata={"hnsw:space": "cosine", "hnsw:batch_size": 2, "hnsw:sync_threshold": 2},
                create_collection_if_not_exists=create,
            )

    def close(self) -> None:
        """Let go of the files."""
        with _CLIENTS:
            self._client.close()  # type: ignore[attr-defined]
