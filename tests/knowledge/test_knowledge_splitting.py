from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import InputError
from coach.knowledge.documents import MAX_BYTES, load, read, supported
from coach.knowledge.formats import Outline
from coach.knowledge.formats.markdown import read_markdown
from coach.knowledge.formats.text import read_text
from coach.knowledge.splitting import MAX_WORDS, Piece, sentences, split

PLAIN = """Leading without shouting
A first paragraph, which ends as a sentence does.
Coaching Instead of Commanding
A leader asks questions:
What holds this rep back?
Is it prospecting, closing, or confidence?
These questions open a talk.
Working Across Departments
Leaders work with others to ensure:
Consistent messaging
Smooth journeys
Thinking Beyond the Quarter
They think in years.
What Is a Leader?
Somebody who goes first.
"""
NUMBERED = """Table of Contents

  1. Where We Begin

  2. What a Rep Needs

  3. How It Ends

  4. Thanks


1. Where We Begin

We begin here. The work has parts such as:

  • Listening well

  • Asking:  openly

It is worth it.


2. What a Rep Needs

A rep needs time.

3. How It Ends

It ends.

4. Thanks

Thanks to all.
"""
WRAPPED = """A heading of its own

This paragraph was broken at a column, so each of its
lines goes on in the next one until
Sentences end.

- a bullet that goes
  on as well
- another
"""


def pieces(text: str) -> list[Piece]:
    return split(read_text(text.encode(), "a.txt"), "a")


def test_short_lines_between_paragraphs_are_headings() -> None:
    assert [piece.section for piece in pieces(PLAIN)] == [
        "Leading without shouting",
        "Coaching Instead of Commanding",
        "Working Across Departments",
        "Thinking Beyond the Quarter",
        "What Is a Leader?",
    ]


def test_a_list_without_bullets_stays_with_its_lead() -> None:
    texts = [piece.text for piece in pieces(PLAIN)]
    assert texts[1].startswith("A leader asks questions:\nWhat holds this rep back?\nIs it prospecting")
    assert texts[2] == "Leaders work with others to ensure:\nConsistent messaging\nSmooth journeys"


def test_numbered_headings_and_a_table_of_contents_are_told_apart() -> None:
    found = pieces(NUMBERED)
    assert [(p.section, p.searchable) for p in found][:2] == [("Table of Contents", False), ("1. Where We Begin", True)]
    assert found[1].text.splitlines()[:3] == [
        "We begin here. The work has parts such as:",
        "• Listening well",
        "• Asking:  openly",
    ]


def test_broken_lines_are_joined() -> None:
    found = pieces(WRAPPED)
    assert found[0].section == "A heading of its own"
    assert "each of its lines goes on in the next one until Sentences end." in found[0].text
    assert "- a bullet that goes on as well\n- another" in found[-1].text


def test_markdown_loses_its_marks_and_keeps_its_headings() -> None:
    source = """---
title: "The front"
---
# Top

Some **bold** words and a [link](http://x).

## Lists &amp; tables

Three things:

- one
  goes on
- two

| a | b |
|---|---|
| 1 | 2 |

```
code # no heading
```
"""
    outline = read_markdown(source.encode(), "a.md")
    found = split(outline, outline.title)
    assert outline.title == "The front"
    assert [piece.section for piece in found][0] == "Top"
    assert found[0].text == "Some bold words and a link."
    assert "Three things:\n• one goes on\n• two\na | b\n1 | 2" in found[1].text
    assert found[-1].section == "Lists & tables"
    assert "code # no heading" in found[-1].text


def test_a_heading_without_text_goes_before_the_next_one() -> None:
    outline = read_markdown(b"# Title\n\n## Part\n\n### Detail\n\nText.\n", "a.md")
    assert [piece.section for piece in split(outline, outline.title)] == ["Part > Detail"]


def test_long_paragraphs_are_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {i} has exactly seven words." for i in range(100))
    found = split(read_text(text.encode(), "a.txt"), "a")
    assert all(len(piece.text.split()) <= MAX_WORDS and piece.text.endswith("words.") for piece in found)
    assert " ".join(piece.text for piece in found) == text


def test_sentences_do_not_end_at_abbreviations() -> None:
    assert sentences("Ask e.g. Ann. Dr. Bo vs. Cy waits. “Fine.” Go!") == [
        "Ask e.g. Ann.",
        "Dr. Bo vs. Cy waits.",
        "“Fine.”",
        "Go!",
    ]


LINES = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=80),
        st.sampled_from(
            ["", "Title Case Words", "A lead:", "- bullet", "1. Number", "=====", "x" * 3000, "word " * 400]
        ),
    ),
    max_size=20,
)


@given(LINES)
def test_every_word_of_any_text_ends_up_in_a_passage_or_names_a_section(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = pieces(text)
    everything = "".join(re.sub(r"\s", "", f"{p.section}{p.text}") for p in found)
    for line in re.split(r"[\r\n\f]", text):
        for word in line.split():
            if not re.fullmatch(r"\s*([=\-_*~])\1{2,}\s*", line):
                assert word in everything or len(word) > 400
    assert all(len(piece.text.split()) <= MAX_WORDS + 40 and piece.section for piece in found)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt is empty; "),
        ("a.md", b" \n\t", "a.md is empty; "),
        ("a.txt", b"MZ\x00\x01", "a.txt is not a text file; "),
        ("a.txt", "Text.".encode("utf-16"), "a.txt is UTF-16 text; save it as UTF-8"),
        ("a.txt", b"line\ncaf\xe9", r"a.txt is not UTF-8 text \(line 2\); save it as UTF-8"),
        (
            "a.exe",
            b"text",
            "a.exe has a format that cannot be read; save it as one of .docx, .htm, .html, .markdown, .md, "
            ".pdf, .text, .txt",
        ),
        ("a.txt", b"x" * (MAX_BYTES + 1), "a.txt is larger than 20 MB; split it"),
        ("a.md", b"<!-- nothing -->", "a.md has no text in it"),
    ],
)
def test_files_that_cannot_be_used_are_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read(load(tmp_path / name), name)
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for name in ("none.txt", "folder.txt"):
        with pytest.raises(InputError):
            load(tmp_path / name)


def test_a_byte_order_mark_and_windows_lines_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffOne line.\r\nAnother line.\r\n".encode())
    _, entries = read(load(tmp_path / "a.txt"), "a.txt")
    assert [entry.passage.text for entry in entries] == ["One line.\nAnother line."]


def test_formats_are_found_by_extension() -> None:
    assert supported() == (".docx", ".htm", ".html", ".markdown", ".md", ".pdf", ".text", ".txt")
    assert isinstance(read_text(b"x", "x"), Outline)
