from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_worker import ARTICLES, HashEmbedding

from coach.errors import KnowledgeError
from coach.knowledge import KnowledgeBase
from coach.knowledge.embedding import WordLlamaEmbedding
from coach.knowledge.words import fold, terms, understand


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with KnowledgeBase(tmp_path_factory.mktemp("home"), folder, WordLlamaEmbedding()) as base:
        (folder / "note.txt").write_text("Zebras wait at the crossing for the burnt-out lion.", encoding="utf-8")
        base.added.add([folder / "note.txt"])
        yield base


def test_the_best_passage_comes_first(base: KnowledgeBase) -> None:
    best = base.search("my rep is exhausted", 1)
    assert [(p.source, p.section, p.title) for p in best] == [
        ("pressure", "Managing pressure", "Pressure: what it does")
    ]
    assert best[0].principles == ("wellbeing", "trust")
    scores = [p.score for p in base.search("my rep is exhausted")]
    assert scores == sorted(scores, reverse=True)


def test_each_ranking_works_alone(base: KnowledgeBase) -> None:
    assert base.search("figures", 1, ranking="words")[0].section == "Reading the pipeline"
    assert base.search("looking at numbers together", 1, ranking="vectors")[0].section == "Reading the pipeline"


def test_a_query_of_a_word_that_means_the_same_finds_by_words(base: KnowledgeBase) -> None:
    assert base.search("statistics", 1, ranking="words")[0].section == "Reading the pipeline"


def test_principles_restrict_to_passages_about_them(base: KnowledgeBase) -> None:
    assert {p.section for p in base.search("pressure of a promise", 9, {"integrity"})} == {"Keeping promises"}
    assert {p.section for p in base.search("pressure", 9, ["trust", "data"])} == {
        "Managing pressure", "Reading the pipeline",
    }  # fmt: skip
    assert base.search("pressure", 9, {"vision"}) == []
    assert base.search("pressure", 9, []) == []
    assert base.search("burnout", 9, {"wellbeing"}, "added") == []


def test_sources_restrict_where_to_look(base: KnowledgeBase) -> None:
    assert {p.source for p in base.search("burnout", 9, sources="built-in")} == {"pressure", "figures"}
    assert {p.source for p in base.search("burnout", 9, sources="added")} == {"note.txt"}
    assert {p.source for p in base.search("burnout", 9)} == {"pressure", "figures", "note.txt"}


def test_what_a_user_added_comes_before_what_fits_as_well(base: KnowledgeBase) -> None:
    assert base.search("burnout", 1)[0].source == "note.txt"
    assert base.search("a promise that was broken", 1)[0].source == "pressure"


@pytest.mark.parametrize(("k", "size"), [(-1, 0), (0, 0), (1, 1), (3, 3), (10**9, 5)])
def test_no_more_than_k_passages_each_once(base: KnowledgeBase, k: int, size: int) -> None:
    found = base.search("pressure promise pipeline", k)
    assert len(found) == size == len({p.text for p in found})


@pytest.mark.parametrize(
    "words",
    [
        "", " \n\t", "🙂🙃", "''\"\"", "\x00", "...", "(((", "*", "“”", "-",
    ],
)  # fmt: skip
def test_words_that_say_nothing_find_nothing(base: KnowledgeBase, words: str) -> None:
    assert base.search(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "pressure" * 6250, "pressure " * 5555, "NEAR/2 (a, b)", "NEAR(pressure promise)", "pressure AND", "OR", "NOT",
        '"pressure', "text:pressure", "{text} : x", "^pressure", "pres*", "a\x00b pressure", "'; DROP TABLE words; --",
        "what should I do", "\ud800 lone", "ﬁgures ＡＢＣ", "数字", "е́",
    ],
)  # fmt: skip
def test_hostile_words_never_raise(base: KnowledgeBase, words: str) -> None:
    assert len(base.search(words)) <= 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_no_words_at_all_raise(base: KnowledgeBase, words: str) -> None:
    assert len(base.search(words, 3)) <= 3


def test_quotes_are_checked_word_for_word(base: KnowledgeBase) -> None:
    assert base.verbatim("pressure", "Managing pressure", "see fatigue and  burnout\nearly")
    assert base.verbatim("pressure", "Managing pressure", 'A rep who is "fine"')
    assert base.verbatim("note.txt", "note", "Zebras wait")
    for source, section, quote in [
        ("pressure", "Keeping promises", "see fatigue and burnout early"),
        ("figures", "Managing pressure", "see fatigue and burnout early"),
        ("pressure", "Managing pressure", "See fatigue"),
        ("pressure", "Managing pressure", "A rep who is “fine”"),
        ("pressure", "Managing pressure", "ressure profess"),
        ("pressure", "Managing pressure", ""),
        ("pressure", "Managing pressure", " ."),
        ("nowhere", "Managing pressure", "fatigue"),
    ]:
        assert not base.verbatim(source, section, quote)


def test_passages_come_in_reading_order(base: KnowledgeBase) -> None:
    assert [p.source for p in base.passages()] == ["figures"] + ["pressure"] * 3
    assert [p.source for p in base.passages("all")][-1] == "note.txt"


def test_spelling_and_compounds_are_made_alike() -> None:
    assert fold("Recognise behaviour — “1:1s”, one to ones") == 'recognize behavior - "one-on-one", one-on-one'
    assert fold("promise exercise advise otherwise") == "promise exercise advise otherwise"
    assert terms("What should I say when somebody's burnt out?") == ["burnout"]
    assert understand("what should I do").match != ""


def test_embedding_is_normalised_and_named_by_its_weights() -> None:
    embedding = WordLlamaEmbedding()
    one, two = embedding.embed_documents(["burnout", ""])
    assert len(one) == len(two) == 256
    assert sum(x * x for x in one) == pytest.approx(1.0, abs=1e-5)
    assert set(two) == {0.0}
    assert embedding.name == WordLlamaEmbedding().name
    assert embedding.name.startswith("wordllama-0.")
    assert embedding.embed_weighted("burnout", {}) == pytest.approx(embedding.embed_query("burnout"), abs=1e-6)


def test_an_incomplete_installation_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("coach.knowledge.embedding._folder", lambda: tmp_path)
    with pytest.raises(KnowledgeError, match="reinstall"):
        _ = WordLlamaEmbedding().name


def test_importing_the_package_is_light() -> None:
    heavy = ["chromadb", "wordllama", "langchain_core", "langchain_chroma", "numpy", "markdown_it"]
    code = f"import sys, coach.knowledge; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_an_embedding_needs_nothing_but_its_three_members(tmp_path: Path) -> None:
    with KnowledgeBase(tmp_path, (), HashEmbedding()) as empty:
        assert empty.search("anything") == []
        assert empty.passages() == []
