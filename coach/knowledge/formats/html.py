"""HTML pages: headings, paragraphs, list items and table rows of what a reader reads, without menus and scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coach.errors import InputError
from coach.knowledge.formats.outline import Block, Kind, Outline, decode

if TYPE_CHECKING:
    from bs4.element import PageElement, Tag

_UNREAD = ["script", "style", "template", "noscript", "nav", "header", "footer", "aside", "form", "svg", "iframe"]
_KINDS: dict[str, Kind] = {**{f"h{n}": "heading" for n in range(1, 7)}, "li": "item", "tr": "row"}
_TEXTS = ["p", "blockquote", "pre", "dd", "dt", "figcaption", "td", "div", "section", "article", "main", "body"]
_BLOCKS = [*_KINDS, *_TEXTS]
_SPACE = re.compile(r"\s+")


def read_html(data: bytes, name: str) -> Outline:
    """Read an HTML file; its first level-1 heading, or its title, names the document.

    Raises:
        InputError: When the file is no text, or nested so deeply that no person wrote it.
    """
    from bs4 import BeautifulSoup

    try:
        soup = BeautifulSoup(decode(data, name), "html.parser")
        for unread in soup(_UNREAD):
            unread.decompose()
        title = _text(soup.h1) if soup.h1 else _text(soup.title) if soup.title else ""
        if soup.title:
            soup.title.decompose()
        blocks = [block for tag in soup(_BLOCKS) for block in _block(tag)]
        loose = [] if blocks else [Block("paragraph", _text(soup))]
    except RecursionError:
        raise InputError(f"{name} is nested too deeply to be read; save its text as .txt and add that.") from None
    return Outline(title, tuple(block for block in (*blocks, *loose) if block.text))


def _block(tag: Tag) -> list[Block]:
    """What a tag says itself; a container says only what stands outside of the blocks in it."""
    if tag.name == "tr":
        return [Block("row", " | ".join(_text(cell) for cell in tag(["td", "th"])))]
    if tag.find_parent("tr") is not None:
        return []
    kind: Kind = _KINDS.get(tag.name, "paragraph")
    text = _SPACE.sub(" ", "".join(map(_outside, tag.children))).strip()
    return [Block(kind, f"• {text}" if kind == "item" else text)] if text else []


def _outside(piece: PageElement) -> str:
    """The words of a text or an inline tag; a block in it speaks for itself."""
    from bs4.element import NavigableString, PreformattedString, Tag

    if isinstance(piece, NavigableString):
        return "" if isinstance(piece, PreformattedString) else str(piece)  # a comment is not read
    tag = piece if isinstance(piece, Tag) else None
    if tag is None or tag.name in _BLOCKS or tag.name in ("ul", "ol", "dl", "table"):
        return " "
    if tag.find(_BLOCKS) is None:
        return " " if tag.name == "br" else tag.get_text()
    return "".join(map(_outside, tag.children))


def _text(tag: Tag) -> str:
    return _SPACE.sub(" ", tag.get_text(" ")).strip()
