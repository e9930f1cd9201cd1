"""Markdown documents: headings, paragraphs, list items and table rows, with the marks taken off."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from coach.knowledge.formats.outline import Block, Kind, Outline, decode

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE)
_KEPT = re.compile(r"^passages:\s*kept\s*$", re.MULTILINE)
_QUOTED = re.compile(r"([\"'])(.*)\1")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.DOTALL)


def read_markdown(data: bytes, name: str) -> Outline:
    """Read a Markdown file; the front matter's title, or the first level-1 heading, names the document.

    With ``passages: kept`` in the front matter, as our own export has it, every paragraph is a passage.
    """
    from markdown_it import MarkdownIt

    text = decode(data, name)
    title, kept = "", False
    if front := _FRONT_MATTER.match(text):
        found = _TITLE.search(front[1])
        title = _QUOTED.sub(r"\2", found[1]) if found else ""
        kept = bool(_KEPT.search(front[1]))
        text = text[front.end() :]
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    blocks, first = _blocks(tokens)
    if kept:
        blocks = [block if block.kind == "heading" else Block("passage", block.text) for block in blocks]
    return Outline(title or first, tuple(blocks))


def _blocks(tokens: list[Token]) -> tuple[list[Block], str]:
    blocks: list[Block] = []
    cells: list[str] = []
    depth, fresh, first, tag = 0, False, "", ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open":
            depth, fresh = depth + 1, True
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "heading_open":
            tag = token.tag
        elif token.type == "tr_close":
            blocks.append(Block("row", " | ".join(cells)))
            cells = []
        elif token.type in ("inline", "fence", "code_block", "html_block") and (text := _text(token)):
            if tag:
                blocks.append(Block("heading", text))
                first = first or (text if tag == "h1" else "")
            elif before and before.type in ("th_open", "td_open"):
                cells.append(text)
            else:
                kind: Kind = "item" if depth else "paragraph"
                blocks.append(Block(kind, f"• {text}" if depth and fresh else text))
                fresh = False
        if token.type == "heading_close":
            tag = ""
    return blocks, first


def _text(token: Token) -> str:
    """The words of a token as a reader sees them."""
    if token.type == "html_block":
        return html.unescape(_TAG.sub(" ", token.content)).strip()
    if token.type != "inline":
        return token.content.strip()
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" " if child.type == "softbreak" else "\n")
        elif child.type == "html_inline":
            parts.append("")
        else:
            parts.append(child.content)
    return "".join(parts).strip()
