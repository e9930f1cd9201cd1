"""How alike texts are in wording: the cosine of TF-IDF vectors of words and of word parts; no network, no download.

The vectors are scikit-learn's. Only the product with one short text is made here: a manager waits for it several times
a turn, and most of the time that scikit-learn's own way takes for a single text goes into checking what it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer


class Wording:
    """Some texts, to compare others with."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the texts by their words and pairs of words, and by the three and four letters within them."""
        self._size = len(texts)
        words = _Index(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), texts)
        parts = _Index(TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True), texts)
        self._indexes = (words, parts)

    def likeness(self, text: str) -> NDArray[np.float64]:
        """How alike a text is to each of those known, from 0 to 1, in their order."""
        summed = np.zeros(self._size)
        for index in self._indexes:
            summed += index.cosines(text)
        return summed / len(self._indexes)


class _Index:
    """Texts as rows of unit length, kept by column, so that few of them are touched for each token."""

    def __init__(self, vectorizer: TfidfVectorizer, texts: Sequence[str]) -> None:
        self._rows = vectorizer.fit_transform(texts).tocsc()
        self._tokens, self._columns, self._rarity = vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_

    def cosines(self, text: str) -> NDArray[np.float64]:
        found, square = np.zeros(self._rows.shape[0]), 0.0
        for token, count in Counter(self._tokens(text)).items():
            if (column := self._columns.get(token)) is None:
                continue
            weight = (1 + log(count)) * self._rarity[column]
            square += weight**2
            held = slice(self._rows.indptr[column], self._rows.indptr[column + 1])
            found[self._rows.indices[held]] += weight * self._rows.data[held]
        return found / square**0.5 if square else found
