"""What is exported is added again to the very same passages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_worker import HashEmbedding

from coach.domain import Passage
from coach.errors import InputError
from coach.knowledge import KnowledgeBase
from coach.knowledge.exporting import as_markdown
from coach.knowledge.formats.markdown import read_markdown
from coach.knowledge.splitting import split

FILES = {
    "list.txt": "Visits\n\nThings to ask:\n- one\n- two\n1. three\n\nShort.\n\nAlso short.\n\n2. A Part\n\nText.\n",
    "code.md": "# C\n\n## Table of contents\n\n- a\n\n## Code *here*\n\n```\n  if x < 1:\n\n    # no heading\n```\n"
    "\n| a | b |\n|---|---|\n| 1 | 2 |\n\nA &amp; [b](c) \\*d\\* __e__ ~f~ a\\|b\n",
    "long.html": f"<title>'Long' \"one\"</title><h1>Top</h1><h2>Sub</h2><p>{'Six words are in this one. ' * 60}</p>",
}


def test_exported_documents_are_added_again_to_the_same_passages(home: Path, articles: Path, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with KnowledgeBase(home, articles, HashEmbedding()) as base:
        assert base.export(tmp_path / "none") == []
        base.added.add([tmp_path / name for name in FILES])
        before = base.passages("added")
        files = base.export(tmp_path / "out" / "deep")
        assert [path.name for path in files] == ["list.txt.md", "code.md", "long.html.md"]
    with KnowledgeBase(tmp_path / "other", articles, HashEmbedding()) as other:
        assert other.added.add(files).failures == ()
        after = other.passages("added")
        searchable = other.search("a", 50, sources="added", ranking="words")
        assert "Table of contents" not in {passage.section for passage in searchable}
        second = other.export(tmp_path / "again")
    told = [[(p.title, p.section, p.text) for p in passages] for passages in (before, after)]
    assert told[0] == told[1]
    assert [path.read_text() for path in second[:1]] == [path.read_text() for path in files[:1]]


def test_nothing_is_overwritten(home: Path, articles: Path, tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"# {name}\n\nText of {name}.\n")
    with KnowledgeBase(home, articles, HashEmbedding()) as base:
        base.added.add([tmp_path / "a.md", tmp_path / "b.md"])
        out = tmp_path / "out"
        out.mkdir()
        (out / "b.md").write_text("mine")
        with pytest.raises(InputError, match=r"b\.md exists already; export to an empty folder\.$"):
            base.export(out)
        assert [(path.name, path.read_text()) for path in out.iterdir()] == [("b.md", "mine")]
        with pytest.raises(InputError, match="cannot be written"):
            base.export(tmp_path / "a.md" / "folder")


WORDS = st.text(st.sampled_from([*" \t#*-_=+>|<&[]()!`~\\:.1a;"]), min_size=1, max_size=12)
LINES = WORDS.filter(lambda text: text.strip() == text and text != "")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(LINES, st.lists(LINES | st.just(""), min_size=1, max_size=4)), min_size=1, max_size=4))
def test_no_mark_of_markdown_changes_a_passage(parts: list[tuple[str, list[str]]]) -> None:
    passages = [
        Passage(source="s", section=" ".join(section.split()), text="\n".join(["x", *lines, "x"]))
        for section, lines in parts
    ]
    outline = read_markdown(as_markdown("T", passages).encode(), "a.md")
    assert [(p.section, p.text) for p in split(outline, outline.title)] == [(p.section, p.text) for p in passages]
