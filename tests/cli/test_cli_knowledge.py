"""``coach knowledge``: search what ships and add documents of one's own."""

from __future__ import annotations

import json
import os

import pytest


def test_the_passages_for_tools_are_best_first_and_verbatim(coach, app):
    result = coach("knowledge", "search", "my rep looks exhausted and is burning out", "--k", "4", "--json")
    assert (result.code, result.err) == (0, "")
    passages = json.loads(result.out)
    assert len(passages) == 4
    assert [p["score"] for p in passages] == sorted((p["score"] for p in passages), reverse=True)
    for passage in passages:
        assert {"text", "source", "section"} <= set(passage)
        assert app.knowledge.verbatim(passage["source"], passage["section"], passage["text"])


def test_five_passages_unless_told_otherwise(coach):
    assert len(json.loads(coach("knowledge", "search", "trust", "--json").out)) == 5


def test_the_passages_for_people(coach):
    result = coach("knowledge", "search", "recognising effort", "--k", "1")
    (passage,) = json.loads(coach("knowledge", "search", "recognising effort", "--k", "1", "--json").out)
    assert passage["text"] in result.out
    assert passage["section"] in result.out.splitlines()[0]


def test_words_that_mean_nothing_find_nothing_or_something_but_never_fail(coach):
    for words in ("", "   ", "\x00", "(((", '"', "* OR NOT", "😀", "zzqqxx", "wort " * 2000):
        result = coach("knowledge", "search", words, "--json")
        assert result.code in (0, 2)
        if result.code == 0:
            assert isinstance(json.loads(result.out), list)
        else:
            assert result.err.startswith("coach: ")


def test_nothing_found_is_said(coach, monkeypatch):
    monkeypatch.setattr("coach.knowledge.KnowledgeBase.search", lambda *_args: [])
    assert coach("knowledge", "search", "x").out == "Nothing fits these words; try others.\n"
    assert coach("knowledge", "search", "x", "--json").out == "[]\n"


@pytest.mark.parametrize("k", ["0", "51", "many"])
def test_how_many_is_bounded(coach, k):
    result = coach("knowledge", "search", "trust", "--k", k)
    assert (result.code, result.out) == (2, "")
    assert "--k" in result.err


def test_own_documents_are_found_and_quoted(coach, tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text(
        "# Lighthouse guide\n\n## Fog\n\n"
        "When the foghorn of Skerryvore breaks, the keeper rings the brass bell every ninety seconds until dawn.\n"
    )
    added = coach("knowledge", "add", guide)
    assert (added.code, added.err) == (0, "")
    assert "1 documents added, 1 passages" in added.out
    first = json.loads(coach("knowledge", "search", "foghorn of Skerryvore brass bell", "--json").out)[0]
    assert "ninety seconds" in first["text"]
    again = coach("knowledge", "add", guide)
    assert again.code == 0
    assert "0 documents added" in again.out


def test_what_cannot_be_added_is_told_and_the_rest_is_added(coach, tmp_path):
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("# Good\n\nA rep who is asked what they would try first usually has an answer by Tuesday.\n")
    bad.write_bytes(b"\xff\xfe\x00\xd8")
    result = coach("knowledge", "add", good, bad, tmp_path / "none.md")
    assert result.code == 2
    assert "1 documents added" in result.out
    assert "bad.md" in result.err
    assert "none.md" in result.err
    assert "good.md" not in result.err


def test_the_index_is_built_in_advance(coach, app):
    result = coach("knowledge", "build")
    assert (result.code, result.out) == (0, f"The knowledge index {app.knowledge.hash} is ready.\n")


def test_a_home_that_cannot_be_written_is_one_sentence(coach, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COACH_HOME", os.fspath(tmp_path / "file"))
    for command in (("build",), ("search", "trust")):
        result = coach("knowledge", *command)
        assert (result.code, result.out) == (2, "")
        assert str(tmp_path / "file") in result.err
        assert result.err.count("\n") == 1
