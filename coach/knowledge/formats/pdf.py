"""PDF files: headings by the size and weight of their type, running heads and page numbers left out."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.errors import InputError
from coach.knowledge.formats.outline import Outline
from coach.knowledge.formats.text import MAX_HEADING_WORDS, read_text

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf._page import PageObject

MAX_PAGES = 800
LARGER = 1.12
"""Type this much larger than most of the text is a heading's."""
_RUNNING = 3
"""A line at the edge of so many pages, and of a third of them, is a running head,"""
_EDGE = 2
"""the edge being so many lines at the top and at the bottom."""
_GAP = 1.7
"""Lines further apart than so many times their type are two paragraphs."""
_DIGITS = re.compile(r"\d+")
_FINAL = re.compile(r"[.,;:!?]$")


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    bold: bool
    y: float
    """Points from the foot of the page."""


def read_pdf(data: bytes, name: str) -> Outline:
    """Read a PDF file that holds text; its title, or its first heading, names it.

    Raises:
        InputError: When the file is encrypted, broken, longer than ``MAX_PAGES`` or holds pictures of text only.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it speaks of every oddity that it repairs
    broken = InputError(f"{name} is damaged or no PDF; open it, print it to a new PDF and add that.")
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except Exception:  # noqa: BLE001 - pypdf raises whatever a broken file makes it trip over
        raise broken from None
    if locked:
        raise InputError(f"{name} is protected by a password; save it without one and add that.")
    if count > MAX_PAGES:
        raise InputError(f"{name} has {count} pages; split it into files of {MAX_PAGES} at most and add what you need.")
    try:
        pages = [_lines(page) for page in reader.pages]
        title = _title(reader)
    except Exception:  # noqa: BLE001 - as above
        raise broken from None
    if not any(pages):
        raise InputError(f"{name} holds pictures of text only; run text recognition over it and add the result.")
    outline = read_text(_marked(pages).encode("utf-8", "replace"), name)
    return Outline(outline.title or title, outline.blocks)


def _title(reader: PdfReader) -> str:
    return " ".join(str((reader.metadata and reader.metadata.title) or "").split())


def _lines(page: PageObject) -> list[_Line]:
    """The lines of a page with the largest type in each."""
    pieces: list[_Line] = []

    def visit(
        text: str, _page: Sequence[float], at: Sequence[float], font: dict[str, object] | None, size: float
    ) -> None:
        bold = "bold" in str((font or {}).get("/BaseFont", "")).casefold()
        pieces.append(_Line(text, abs(size * (at[3] or at[1] or 1.0)), bold, at[5]))

    page.extract_text(visitor_text=visit)
    lines: list[list[_Line]] = [[]]
    for piece in pieces:
        for i, part in enumerate(piece.text.split("\n")):
            if i:
                lines.append([])
            if part.strip():
                lines[-1].append(_Line(part, piece.size, piece.bold, piece.y))
            elif lines[-1]:
                lines[-1].append(_Line(" ", 0.0, True, piece.y))
    return [_joined(line) for line in lines if line]


def _joined(pieces: Sequence[_Line]) -> _Line:
    text = " ".join("".join(piece.text for piece in pieces).split())
    return _Line(text, max(p.size for p in pieces), all(p.bold for p in pieces), pieces[0].y)


def _key(line: _Line, body: float) -> str:
    """What of a line is the same on every page; a number in large type tells chapters apart, not pages."""
    return line.text if line.size > LARGER * body else _DIGITS.sub("", line.text).strip()


def _body_size(lines: Iterable[_Line]) -> float:
    """The size of type in which most of the text is set."""
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _marked(pages: Sequence[Sequence[_Line]]) -> str:
    """The document as plain text in which every heading is underlined, which the reader of plain text knows."""
    body = _body_size(line for page in pages for line in page)
    edges = Counter(key for page in pages for key in {_key(line, body) for line in (*page[:_EDGE], *page[-_EDGE:])})
    running = {key for key, n in edges.items() if n >= _RUNNING and 3 * n >= len(pages)}
    kept = [
        line
        for page in pages
        for i, line in enumerate(page)
        if not ((i < _EDGE or i >= len(page) - _EDGE) and _key(line, body) in {*running, ""})
    ]
    mostly_bold = sum(len(line.text) for line in kept if line.bold) * 2 > sum(len(line.text) for line in kept)
    out: list[str] = []
    for before, line in zip([None, *kept], kept, strict=False):
        if before and before.y - line.y > _GAP * line.size:
            out.append("")
        stands_out = line.size > LARGER * body or (line.bold and not mostly_bold)
        heading = stands_out and len(line.text.split()) <= MAX_HEADING_WORDS and not _FINAL.search(line.text)
        out.append(f"\n{line.text}\n====\n" if heading else line.text)
    return "\n".join(out)
