"""Our own articles: one Markdown form, checked strictly, every paragraph a passage.

An article is a YAML front matter with ``id`` and ``title``, then sections. A section is a ``## Heading``, on the
next line ``Principles: trust, data`` (one to three ids), and paragraphs separated by blank lines. A section whose
paragraphs are about different principles goes on under the same heading with other principles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain import PRINCIPLES, Passage, PassageKind
from coach.errors import ContentError, Problem
from coach.knowledge.entries import Entry

if TYPE_CHECKING:
    from coach.domain import PrincipleId

MAX_PRINCIPLES = 3
MAX_WORDS = 200
_SLUG = re.compile(r"[a-z][a-z0-9_-]{1,39}")
KINDS: tuple[PassageKind, ...] = PassageKind.__args__  # type: ignore[attr-defined]
_BULLET = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s")


@dataclass(frozen=True)
class Article:
    """One article of ours: where it came from and its passages in order."""

    id: str
    title: str
    path: Path
    passages: tuple[Passage, ...]


@dataclass
class _Reader:
    """What has been read of one article so far."""

    path: Path
    article_id: str = ""
    title: str = ""
    section: str = ""
    section_line: int = 0
    principles: tuple[PrincipleId, ...] = ()
    kind: PassageKind = "guidance"
    awaiting: bool = False
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sections: dict[str, int] = field(default_factory=dict)

    def problem(self, line: int, name: str, message: str) -> None:
        self.problems.append(Problem(self.path, line, name, message))

    def heading(self, number: int, line: str) -> None:
        self.end_section()
        marks, _, name = line.partition(" ")
        name = name.strip()
        if marks != "##":
            self.problem(number, "section", f"'{marks}' is not a section; sections begin with '## '")
        if not name:
            self.problem(number, "section", "the heading is empty")
        if name in self.sections and name != self.section:
            self.problem(number, "section", f"'{name}' is already the section of line {self.sections[name]}")
        self.sections.setdefault(name, number)
        self.section, self.section_line, self.principles, self.awaiting = name, number, (), True
        self.kind = "guidance"

    def end_section(self) -> None:
        if self.awaiting:
            self._missing_principles(self.section_line)
        elif self.section_line and not any(p.section == self.section for p in self.passages):
            self.problem(self.section_line, "section", f"'{self.section}' has no paragraph")

    def _missing_principles(self, number: int) -> None:
        self.awaiting = False
        self.problem(number, "Principles", "the line after the heading must be 'Principles: ' and one to three ids")

    def principle_line(self, number: int, line: str) -> None:
        self.awaiting = False
        names = [name.strip() for name in line.partition(":")[2].split(",") if name.strip()]
        for name in names:
            if name not in PRINCIPLES:
                self.problem(number, "Principles", f"unknown principle '{name}'; the ids are {', '.join(PRINCIPLES)}")
        if not 1 <= len(names) <= MAX_PRINCIPLES or len(set(names)) < len(names):
            self.problem(number, "Principles", f"name one to {MAX_PRINCIPLES} different principles, not {len(names)}")
        self.principles = tuple(sorted((name for name in PRINCIPLES if name in names), key=names.index))

    def kind_line(self, number: int, line: str) -> None:
        name = line.partition(":")[2].strip()
        if name not in KINDS:
            self.problem(number, "Kind", f"unknown kind '{name}'; use one of {', '.join(KINDS)}")
        self.kind = next((kind for kind in KINDS if kind == name), "guidance")

    def paragraph(self, number: int, lines: Sequence[str]) -> None:
        if not self.section_line:
            self.problem(number, "section", "text before the first '## ' heading belongs to no section")
            return
        if self.awaiting:
            self._missing_principles(number)
        text = lines[0].strip()
        for line in lines[1:]:
            text += ("\n" if _BULLET.match(line) else " ") + line.strip()
        if len(text.split()) > MAX_WORDS:
            self.problem(number, "text", f"a paragraph of {len(text.split())} words; keep each below {MAX_WORDS}")
        self.passages.append(
            Passage(
                source=self.article_id,
                section=self.section,
                text=text,
                principles=self.principles,
                title=self.title,
                kind=self.kind,
            )
        )


def parse_article(path: Path) -> Article:
    """Read one article.

    Args:
        path: The Markdown file.

    Returns:
        The article with its passages in order.

    Raises:
        ContentError: With every problem found in the file, not only the first.
    """
    reader = _Reader(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([Problem(path, 1, "", f"cannot be read as UTF-8 text ({error})")]) from error
    body = _front_matter(reader, lines)
    _sections(reader, lines, body)
    if not reader.section_line:
        reader.problem(len(lines) or 1, "section", "an article needs at least one '## ' section")
    if reader.problems:
        raise ContentError(reader.problems)
    return Article(reader.article_id, reader.title, path, tuple(reader.passages))


def _front_matter(reader: _Reader, lines: Sequence[str]) -> int:
    """Read id and title; return the index of the first line of the body.

    The two fields are read line by line, so that a title may have a colon in it without quotes.
    """
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
    if not lines or lines[0].strip() != "---" or not end:
        reader.problem(1, "", "an article begins with front matter: '---', 'id: ...', 'title: ...', '---'")
        return 0
    found: dict[str, str] = {}
    where: dict[str, int] = {}
    for number, line in enumerate(lines[1:end], 2):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not colon or name not in ("id", "title") or name in found:
            reader.problem(number, name, "front matter has 'id: ...' and 'title: ...', each once, and nothing else")
        found[name], where[name] = _unquoted(value), number
    reader.article_id, reader.title = found.get("id", ""), found.get("title", "")
    if not _SLUG.fullmatch(reader.article_id):
        reader.problem(where.get("id", 1), "id", "must be 2 to 40 of a-z, 0-9, '-', '_' and begin with a letter")
    if not reader.title:
        reader.problem(where.get("title", 1), "title", "is missing")
    return end + 1


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _sections(reader: _Reader, lines: Sequence[str], start: int) -> None:
    """Read the sections from line index ``start`` on."""
    paragraph: list[str] = []
    for number, line in enumerate([*lines[start:], ""], start + 1):
        heading = bool(re.match(r"#{1,6}(\s|$)", line))
        if paragraph and (heading or not line.strip()):
            reader.paragraph(number - len(paragraph), paragraph)
            paragraph = []
        if heading:
            reader.heading(number, line)
        elif reader.awaiting and re.match(r"Principles\s*:", line):
            if number != reader.section_line + 1:
                reader.problem(number, "Principles", "must stand on the line right after the heading")
            reader.principle_line(number, line)
        elif number == reader.section_line + 2 and re.match(r"Kind\s*:", line):
            reader.kind_line(number, line)
        elif line.strip():
            paragraph.append(line)
    reader.end_section()


def article_files(folders: Iterable[Path]) -> list[Path]:
    """Find the articles of several folders, a later folder laid over the earlier ones, file by file."""
    found = {path.name: path for folder in folders if folder.is_dir() for path in folder.glob("*.md")}
    return [found[name] for name in sorted(found)]


def load_articles(folders: Iterable[Path]) -> tuple[Article, ...]:
    """Read the articles of several folders.

    Args:
        folders: Folders of ``*.md``; a file in a later folder replaces the one of the same name before it.

    Returns:
        The articles, ordered by file name.

    Raises:
        ContentError: With every problem of every file.
    """
    articles: list[Article] = []
    problems: list[Problem] = []
    ids: dict[str, Path] = {}
    for path in article_files(folders):
        try:
            article = parse_article(path)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        if article.id in ids:
            problems.append(Problem(path, 2, "id", f"'{article.id}' is already the id of {ids[article.id]}"))
        ids.setdefault(article.id, path)
        articles.append(article)
    if problems:
        raise ContentError(problems)
    return tuple(articles)


def article_entries(articles: Iterable[Article]) -> tuple[Entry, ...]:
    """Give every passage of the articles a unique id."""
    return tuple(
        Entry(id=f"{article.id}/{i}", document=article.id, passage=passage)
        for article in articles
        for i, passage in enumerate(article.passages)
    )
