"""The built-in embedding: WordLlama's 256 dimensions from the installed wheel, never from the network."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from coach.errors import KnowledgeError

if TYPE_CHECKING:
    import numpy
    from wordllama.inference import WordLlamaInference

DIMENSIONS = 256
EMPHASIS = 0.3
WEIGHTS = "l2_supercat"
_SAMPLE = 1 << 16


class WordLlamaEmbedding(Embeddings):
    """Normalised WordLlama vectors; the model is loaded by the first text."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """Model, version, dimensions and a hash of the weights' size, head and tail."""
        weights = _folder() / "weights" / f"{WEIGHTS}_{DIMENSIONS}.safetensors"
        try:
            size = weights.stat().st_size
            with weights.open("rb") as file:
                head = file.read(_SAMPLE)
                file.seek(max(0, size - _SAMPLE))
                digest = hashlib.sha256(str(size).encode() + head + file.read())
        except OSError as error:
            raise _missing() from error
        return f"wordllama-{version('wordllama')}-{WEIGHTS}-{DIMENSIONS}-{digest.hexdigest()[:8]}"

    @cached_property
    def _loaded(self) -> WordLlamaInference:
        from wordllama import WordLlama

        try:
            # the wheel's folder is `tokenizers/`: as cache_dir it is found there and nothing is downloaded
            return WordLlama.load(WEIGHTS, cache_dir=_folder(), dim=DIMENSIONS, disable_download=True)
        except (OSError, ValueError) as error:
            raise _missing() from error

    @property
    def _model(self) -> WordLlamaInference:
        with self._lock:
            return self._loaded

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one normalised vector for each text."""
        if not texts:
            return []
        import numpy

        vectors: numpy.ndarray = self._model.embed(texts)
        sizes = numpy.linalg.norm(vectors, axis=1, keepdims=True)  # zero for a text without a word
        rows: list[list[float]] = (vectors / numpy.where(sizes > 0, sizes, 1.0)).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """Return the normalised vector of a query."""
        return self.embed_documents([text])[0]

    def embed_weighted(self, text: str, weights: Mapping[str, float]) -> list[float]:
        """Return the vector of a query in which some words count more: the model itself weighs all words alike."""
        import numpy

        vector, *each = numpy.array(self.embed_documents([text, *weights]))
        told = sum((weight * one for weight, one in zip(weights.values(), each, strict=True)), numpy.zeros(DIMENSIONS))
        size = float(numpy.linalg.norm(told))
        mixed = (1 - EMPHASIS) * vector + EMPHASIS * told / size if size else vector
        return [float(x) for x in mixed / (numpy.linalg.norm(mixed) or 1.0)]


def _folder() -> Path:
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise _missing()
    return Path(spec.origin).parent


def _missing() -> KnowledgeError:
    return KnowledgeError(
        "The embedding model 'wordllama' is not complete on this machine; reinstall it with 'pip install wordllama'."
    )
