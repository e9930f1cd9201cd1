"""Which leadership principles a passage of a user's own document is about.

Learned from the built-in passages, whose principles their authors named, at the moment when a document is added: a
logistic regression over words and meaning. A passage that is about nothing in particular gets no principle, so that
a critique does not cite the holiday rules. ``python -m eval.bench.citations`` prints how often it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from coach.knowledge.articles import Article
from coach.knowledge.entries import Embedding
from coach.knowledge.words import fold

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    from coach.domain import PrincipleId

SURE = 0.3
"""A principle with at least this probability is one that the passage is about."""
MEANING = 1.5
"""What a passage's embedding weighs beside its words."""
ENOUGH = 100
"""From fewer passages than these nothing is learned: what is told apart by a handful of them is chance."""
_NOTHING = 1e-10


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
        if len(self._texts) < ENOUGH or len(set(self._principles)) < 2 or not texts:
            return [()] * len(texts)
        words, known, turn, model = self._learned
        found = model.predict_proba(self._joined(words.transform(texts), texts) @ known.T @ turn)
        ranked = ((row, row.argsort()[::-1]) for row in found)
        return [tuple(model.classes_[i] for i in order if row[i] >= SURE) for row, order in ranked]

    @cached_property
    def _learned(self) -> tuple[TfidfVectorizer, csr_matrix, numpy.ndarray, LogisticRegression]:
        """How words are counted, what is known, a turn of the space of the known, and what was learned in it.

        A regression with an L2 penalty has its weights in the space that the known texts span, which has a fraction of
        the dimensions: turned into that space it is the same, and learned many times sooner.
        """
        import numpy
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        words = TfidfVectorizer(preprocessor=fold, sublinear_tf=True, ngram_range=(1, 2), stop_words="english")
        known = self._joined(words.fit_transform(self._texts), self._texts)
        values, vectors = numpy.linalg.eigh((known @ known.T).toarray())
        kept = values > values[-1] * _NOTHING
        turn = vectors[:, kept] / numpy.sqrt(values[kept])
        model = LogisticRegression(C=3.0, max_iter=300).fit(known @ known.T @ turn, self._principles)
        return words, known, turn, model

    def _joined(self, words: csr_matrix, texts: Sequence[str]) -> csr_matrix:
        import numpy
        from scipy.sparse import csr_matrix, hstack

        meaning = MEANING * numpy.array(self._embedding.embed_documents([*texts]))
        return csr_matrix(hstack([words, csr_matrix(meaning)]))
