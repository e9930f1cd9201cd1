"""Likeness of wording is the cosine that scikit-learn's own way finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union

from coach.encoder import Wording

KNOWN = (
    "How many deals are in your pipeline?",
    "What keeps you awake at night?",
    "When did you last take a day off?",
    "Who else knows about it, and who told them?",
)
WORDS = sorted({word for text in KNOWN for word in text.split()} | {"walrus", "Łódź", "\u202e", "it’s", "2,000"})


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(KNOWN)


@pytest.fixture(scope="module")
def union():
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True),
    ).fit(KNOWN)


@given(text=st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=60))
def test_it_is_the_mean_cosine_of_words_and_word_parts(wording, union, text):
    expected = (union.transform(KNOWN) @ union.transform([text]).T).toarray().ravel() / 2
    np.testing.assert_allclose(wording.likeness(text), expected, atol=1e-12)


def test_a_text_is_most_like_itself(wording):
    assert [int(wording.likeness(text).argmax()) for text in KNOWN] == [0, 1, 2, 3]
    assert wording.likeness(KNOWN[1])[1] == pytest.approx(1)


def test_nothing_in_common_is_nothing(wording):
    assert wording.likeness("xyzzy").tolist() == wording.likeness("").tolist() == [0, 0, 0, 0]
