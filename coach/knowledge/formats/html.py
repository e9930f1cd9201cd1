"""HTML pages: headings, paragraphs, list items and table rows of what a reader reads, without menus and scripts."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from coach.errors import InputError
from coach.knowledge.formats.outline import Block, Outline, decode

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import Tag

MAX_TAGS = 200_000
MAX_DEPTH = 400
_UNREAD = ["script", "style", "template", "noscript", "nav", "header", "footer", "aside", "button", "select", "svg"]
_HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HEADINGS = [f"h{n}" for n in range(1, 7)]
_TEXTS = ["p", "blockquote", "pre", "figcaption", "div", "section", "article", "main"]
_BLOCKS = [*_HEADINGS, *_TEXTS, "li", "ul", "ol", "dl", "dd", "dt", "table", "tr", "td", "th"]
_LAYOUT = [*_HEADINGS, "table", "ul", "ol"]
"""A table row with one of these in it lays out a page; it is no row of data."""
_SPACE = re.compile(r"\s+")


def read_html(data: bytes, name: str) -> Outline:
    """Read an HTML file; its first level-1 heading, or its title, names the document.

    Raises:
        InputError: When the file is no text, or has more tags, or deeper ones, than a person writes.
    """
    from bs4 import BeautifulSoup

    text = decode(data, name)
    if text.count("<") > MAX_TAGS:
        raise InputError(f"{name} has more than {MAX_TAGS:,} tags; save its text as .txt and add that.")
    with warnings.catch_warnings(action="ignore"):  # it guesses what else the text could be
        soup = BeautifulSoup(text, "lxml")
    if _depth(soup) > MAX_DEPTH:
        raise InputError(f"{name} is nested too deeply to be read; save its text as .txt and add that.")
    for unread in [*_unread(soup)]:
        unread.decompose()
    title = _text(soup.h1) if soup.h1 else _text(soup.title) if soup.title else ""
    if soup.title:
        soup.title.decompose()
    return Outline(title, tuple(block for block in _blocks(soup) if block.text))


def _depth(soup: BeautifulSoup) -> int:
    """How deep the deepest tag is, found without recursion."""
    depths = {id(soup): 0}
    for tag in soup(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
    return max(depths.values())


def _unread(soup: BeautifulSoup) -> Iterator[Tag]:
    """What no reader sees, and what stands on every page of a site; a header with a heading is a title."""
    for tag in soup(True):
        menu = tag.name in _UNREAD and not (tag.name == "header" and tag.find(_HEADINGS))
        if menu or tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style", ""))):
            yield tag


def _blocks(tag: Tag) -> Iterator[Block]:
    """What a tag says, in reading order; the words of a container that stand between blocks are a block each."""
    if tag.name in _HEADINGS:
        yield Block("heading", _text(tag))
    elif tag.name == "tr" and tag.find(_LAYOUT) is None:
        cells = [_text(cell) for cell in tag(["td", "th"])]
        yield Block("row", " | ".join(cells) if any(cells) else "")
    elif tag.name == "li":
        inner = [block for block in _runs(tag) if block.text]
        for i, block in enumerate(inner):
            item = block.kind == "paragraph"
            yield Block("item", f"• {block.text}" if i == 0 else block.text) if item else block
    else:
        yield from _runs(tag)


def _runs(tag: Tag) -> Iterator[Block]:
    from bs4.element import NavigableString, PreformattedString, Tag

    said: list[str] = []
    for piece in tag.children:
        if isinstance(piece, Tag) and (piece.name in _BLOCKS or piece.find(_BLOCKS)):
            yield _paragraph(said)
            said = []
            yield from _blocks(piece)
        elif isinstance(piece, Tag):
            said.append(" " if piece.name == "br" else piece.get_text())
        elif isinstance(piece, NavigableString) and not isinstance(piece, PreformattedString):  # a comment is not read
            said.append(str(piece))
    yield _paragraph(said)


def _paragraph(said: Sequence[str]) -> Block:
    return Block("paragraph", _SPACE.sub(" ", "".join(said)).strip())


def _text(tag: Tag) -> str:
    return _SPACE.sub(" ", tag.get_text(" ")).strip()
