from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import ContentError
from coach.knowledge import load_articles, parse_article

GOOD = (
    "---\nid: an-id\ntitle: A title: with a colon\n---\n## One\nPrinciples: trust, data\n\nFirst line\nsecond line.\n"
)


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        parse_article(path)
    assert all(problem.path == path for problem in caught.value.problems)
    return [f"{p.line} {p.field}: {p.message}" for p in caught.value.problems]


def test_every_paragraph_is_a_passage(articles: Path) -> None:
    article = parse_article(articles / "pressure.md")
    assert (article.id, article.title) == ("pressure", "Pressure: what it does")
    assert [p.section for p in article.passages] == ["Managing pressure"] * 2 + ["Keeping promises"]
    assert article.passages[0].principles == ("wellbeing", "trust")
    assert article.passages[0].text.endswith("before it breaks somebody.")
    assert {p.source for p in article.passages} == {"pressure"}


def test_a_section_goes_on_with_other_principles(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(GOOD + "\n## One\nPrinciples: vision\n\nMore.\n", encoding="utf-8")
    assert [p.principles for p in parse_article(path).passages] == [("trust", "data"), ("vision",)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("trust, data", "trust, dta", "6 Principles: unknown principle 'dta'"),
        ("trust, data", "trust, data, vision, change", "6 Principles: name one to 3 different principles, not 4"),
        ("trust, data", "trust, trust", "6 Principles: name one to 3 different principles, not 2"),
        ("Principles: trust, data\n", "", "7 Principles: the line after the heading must be"),
        ("Principles: trust, data\n", "\nPrinciples: trust\n", "7 Principles: must stand on the line right after"),
        ("First line\nsecond line.", "", "5 section: 'One' has no paragraph"),
        ("id: an-id", "id: An Id", "2 id: must be 2 to 40 of a-z"),
        ("id: an-id\n", "", "1 id: must be 2 to 40"),
        ("title: A title: with a colon", "author: me", "3 author: front matter has"),
        ("## One", "# One", "5 section: '#' is not a section"),
        ("## One\n", "Lost.\n\n## One\n", "5 section: text before the first '## ' heading"),
        ("---\nid", "id", "1 : an article begins with front matter"),
        ("First line", "word " * 201, "8 text: a paragraph of 203 words"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = problems(tmp_path / "a.md", GOOD.replace(old, new, 1))
    assert any(problem.startswith(expected) for problem in found), found


def test_a_section_that_comes_again_later_is_wrong(tmp_path: Path) -> None:
    text = GOOD + "\n## Two\nPrinciples: data\n\nText.\n\n## One\nPrinciples: data\n\nText.\n"
    assert problems(tmp_path / "a.md", text) == ["16 section: 'One' is already the section of line 5"]


def test_not_utf8_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"---\nid: \xff\n")
    with pytest.raises(ContentError, match="UTF-8"):
        parse_article(tmp_path / "a.md")


def test_all_files_are_checked_and_ids_are_unique(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    (tmp_path / "c.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_articles([tmp_path])
    assert {p.path.name for p in caught.value.problems} == {"b.md", "c.md"}


def test_a_later_folder_lies_over_an_earlier_one(articles: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "figures.md").write_text(GOOD, encoding="utf-8")
    assert [a.id for a in load_articles([articles, own, tmp_path / "missing"])] == ["an-id", "pressure"]
