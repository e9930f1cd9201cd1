"""``coach knowledge``: search what ships and add documents of one's own."""

from __future__ import annotations

import json
import os
from pathlib import Path

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


@pytest.mark.usefixtures("quick")
def test_own_documents_are_found_and_quoted(coach, tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text(
        "# Lighthouse guide\n\n## Fog\n\n"
        "When the foghorn of Skerryvore breaks, the keeper rings the brass bell every ninety seconds until dawn.\n"
    )
    added = coach("knowledge", "add", guide)
    assert (added.code, added.err) == (0, "")
    assert added.out.endswith("1 document added, 1 passage.\n")
    first = json.loads(coach("knowledge", "search", "foghorn of Skerryvore brass bell", "--json").out)[0]
    assert "ninety seconds" in first["text"]
    again = coach("knowledge", "add", guide)
    assert again.code == 0
    assert again.out == "already there: guide.md\n0 documents added, 0 passages.\n"


@pytest.mark.usefixtures("quick")
def test_what_cannot_be_added_is_told_and_the_rest_is_added(coach, tmp_path):
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("# Good\n\nA rep who is asked what they would try first usually has an answer by Tuesday.\n")
    bad.write_bytes(b"\xff\xfe\x00\xd8")
    result = coach("knowledge", "add", good, bad, tmp_path / "none.md")
    assert result.code == 2
    assert "1 document added" in result.out
    assert "bad.md" in result.err
    assert "none.md" in result.err
    assert "good.md" not in result.err


@pytest.fixture
def quick(monkeypatch):
    """Nothing is learned about principles, which takes a second."""
    monkeypatch.setattr("coach.knowledge.subjects.ENOUGH", 10**9)


@pytest.fixture
def kitchen(tmp_path):
    path = tmp_path / "kitchen.md"
    path.write_text(
        "# Kitchen\n\n## Burnout\n\nA rep who is exhausted and burning out needs lighter work and somebody who asks how"
        " they sleep, and means it, before the next quarter begins and takes what is left of them.\n\n"
        "## Soup\n\nStir the \x1b[31msoup\x1b[0m clockwise.\n"
    )
    return path


def test_what_was_taken_is_told(coach, kitchen):
    assert coach("knowledge", "add", kitchen).out == (
        "added kitchen.md: Kitchen\n  2 passages, about wellbeing 1\n1 document added, 2 passages.\n"
    )
    assert "of them. [wellbeing]\n" in coach("knowledge", "show", "kitchen.md").out
    kitchen.write_text("# Kitchen\n\n## Soup\n\nStir.\n")
    assert coach("knowledge", "add", kitchen).out.startswith("added kitchen.md in place of what it was: Kitchen\n")


@pytest.mark.usefixtures("quick")
def test_documents_are_listed_shown_and_removed(coach, kitchen):
    coach("knowledge", "add", kitchen)
    listed = json.loads(coach("knowledge", "list", "--json").out)
    own = [document for document in listed if not document["built_in"]]
    assert [(d["source"], d["passages"], d["origin"]) for d in own] == [("kitchen.md", 2, str(kitchen))]
    assert own[0]["added_at"].startswith("20")
    assert all(d["added_at"] is None for d in listed if d["built_in"])
    table = coach("knowledge", "list").out
    assert all(word in table for word in ("kitchen.md", "built in", "principle-trust"))

    whole = coach("knowledge", "show", "kitchen.md").out
    assert whole.index("Burnout") < whole.index("exhausted") < whole.index("Soup") < whole.index("Stir")
    assert (
        coach("knowledge", "show", own[0]["id"], "--section", "Soup").out
        == "Soup\nStir the \ufffd[31msoup\ufffd[0m clockwise.\n\n"
    )
    shown = json.loads(coach("knowledge", "show", "kitchen.md", "--json").out)
    assert [passage["section"] for passage in shown] == ["Burnout", "Soup"]
    assert coach("knowledge", "show", listed[0]["source"]).out

    assert coach("knowledge", "remove", "kitchen.md").out == "removed kitchen.md, 2 passages.\n"
    assert [d for d in json.loads(coach("knowledge", "list", "--json").out) if not d["built_in"]] == []


@pytest.mark.usefixtures("quick")
def test_control_characters_do_not_reach_the_terminal(coach, kitchen):
    coach("knowledge", "add", kitchen)
    for command in (
        ("search", "soup clockwise"),
        ("search", "soup clockwise", "--json"),
        ("show", "kitchen.md", "--json"),
    ):
        result = coach("knowledge", *command)
        assert "soup" in result.out
        assert all(c.isprintable() or c == "\n" for c in result.out)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("show", "nothing\x1b"), "There is no document 'nothing\ufffd'; see: coach knowledge list."),
        (("show", "slips", "--section", "No"), "slips has no section 'No'; see: coach knowledge show slips."),
        (("remove", "slips"), "There is no added document 'slips'; list them to see their names and ids."),
    ],
)
def test_what_is_not_there_is_one_sentence(coach, command, sentence):
    result = coach("knowledge", *command)
    assert (result.code, result.out, result.err) == (2, "", f"coach: {sentence}\n")


def test_a_folder_without_documents_is_told(coach, tmp_path):
    (tmp_path / "empty").mkdir()
    result = coach("knowledge", "add", tmp_path / "empty")
    assert result.code == 2
    assert result.err.startswith(
        f"coach: {tmp_path / 'empty'} is a folder without a document in it; name one with .docx"
    )
    assert result.err.count("\n") == 1


@pytest.mark.usefixtures("quick")
def test_documents_are_exported_and_added_again(coach, kitchen, tmp_path):
    coach("knowledge", "add", kitchen)
    before = coach("knowledge", "show", "kitchen.md", "--json").out
    out = tmp_path / "out"
    assert coach("knowledge", "export", out).out == f"1 document written to {out}.\n"
    again = coach("knowledge", "export", out)
    assert (again.code, again.out) == (2, "")
    assert again.err.endswith("kitchen.md exists already; export to an empty folder.\n")
    coach("knowledge", "remove", "kitchen.md")
    assert coach("knowledge", "add", out).code == 0
    assert coach("knowledge", "show", "kitchen.md", "--json").out == before


@pytest.mark.usefixtures("quick")
def test_progress_is_shown_on_a_terminal_only(coach, kitchen, monkeypatch):
    from rich.console import Console

    monkeypatch.setattr(Console, "is_terminal", property(lambda _self: True))
    result = coach("knowledge", "add", kitchen)
    assert (result.code, "kitchen.md" in result.err, "kitchen.md: Kitchen" in result.out) == (0, True, True)


@pytest.mark.usefixtures("quick")
def test_the_index_is_built_anew(coach, kitchen, articles_of_own, tmp_path, monkeypatch):
    home = tmp_path / "own"
    monkeypatch.setenv("COACH_HOME", str(home))
    content = ("--content", articles_of_own)
    coach("knowledge", "add", kitchen, *content)
    coach("knowledge", "build", *content)
    built = next(path for path in (home / "index").iterdir() if path.is_dir())
    (built / "passages.sqlite3").write_bytes(b"broken")
    assert coach("knowledge", "search", "soup", *content).code == 2
    result = coach("knowledge", "rebuild", *content)
    assert (result.code, result.out) == (0, f"The knowledge index {built.name} is ready, and 1 added document.\n")
    assert "clockwise" in coach("knowledge", "search", "soup", *content).out
    assert [path for path in (home / "index").iterdir() if path.is_dir()] == [built]


@pytest.fixture
def articles_of_own(tmp_path):
    """A content folder in which the articles that ship are one sentence long, so that they are built at once."""
    folder = tmp_path / "content" / "knowledge" / "articles"
    folder.mkdir(parents=True)
    shipped = Path(__file__).parents[2] / "knowledge" / "articles"
    for path in shipped.glob("*.md"):
        text = f"---\nid: {path.stem}\ntitle: T\n---\n## S\nPrinciples: trust\n\nTrust is earned.\n"
        (folder / path.name).write_text(text)
    return tmp_path / "content"


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
