"""Which leadership principles a passage of a user's own document is about.

Learned from the built-in passages, whose principles their authors named, at the moment when a document is added: a
logistic regression over words and meaning. A passage that is about nothing in particular gets no principle, so that
a critique does not cite the holiday rules. ``python -m eval.bench.citations`` prints how often it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach.knowledge.articles import Article
from coach.knowledge.entries import Embedding
from coach.knowledge.words import fold

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from coach.domain import PrincipleId

SURE = 0.35
"""A principle with at least this probability is one that the passage is about."""
MEANING = 1.5
"""What a passage's embedding weighs beside its words."""


class Subjects:
    """Tells for each text which principles it is about; learns when it is first asked."""

    def __init__(self, articles: Sequence[Article], embedding: Embedding) -> None:
        """Take what there is to learn from."""
        passages = [passage for article in articles for passage in article.passages if passage.principles]
        self._texts = [f"{passage.section}. {passage.text}" for passage in passages]
        self._principles = [passage.principles[0] for passage in passages]
        self._embedding = embedding

    def __call__(self, texts: Sequence[str]) -> list[tuple[PrincipleId, ...]]:
        """Principles of each text, the likeliest first; none where none is likely."""
        if len(set(self._principles)) < 2 or not texts:
            return [()] * len(texts)
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        words = TfidfVectorizer(preprocessor=fold, sublinear_tf=True, ngram_range=(1, 2), stop_words="english")
        known = words.fit_transform(self._texts)
        model = LogisticRegression(C=3.0, max_iter=300).fit(self._joined(known, self._texts), self._principles)
        found = model.predict_proba(self._joined(words.transform(texts), texts))
        ranked = ((row, row.argsort()[::-1]) for row in found)
        return [tuple(model.classes_[i] for i in order if row[i] >= SURE) for row, order in ranked]

    def _joined(self, words: csr_matrix, texts: Sequence[str]) -> csr_matrix:
        import numpy as np
        from scipy.sparse import csr_matrix, hstack

        return csr_matrix(hstack([words, csr_matrix(MEANING * np.array(self._embedding.embed_documents([*texts])))]))
