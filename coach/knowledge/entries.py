"""What the indexes hold, without anything that takes time to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from coach.domain import Passage


class Embedding(Protocol):
    """A LangChain ``Embeddings`` with a name that changes whenever its vectors would."""

    @property
    def name(self) -> str:
        """Model, version and a hash of the weights."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a query."""


@runtime_checkable
class Weighing(Protocol):
    """An embedding that can be told which words of a query matter most."""

    def embed_weighted(self, text: str, weights: Mapping[str, float]) -> list[float]:
        """Return the vector of a query."""


@dataclass(frozen=True)
class Entry:
    """A passage as an index stores it."""

    id: str
    document: str
    passage: Passage
    searchable: bool = True


@dataclass(frozen=True)
class Document:
    """Something passages come from: an article of ours or a document somebody added."""

    id: str
    source: str
    title: str
    passages: int
    origin: str = ""
    added_at: str = ""


@dataclass(frozen=True)
class Hit:
    """A passage an index found; ``score`` is only comparable within one ranking."""

    key: int
    score: float
