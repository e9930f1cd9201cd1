"""Splits a document into passages: small, focused, never across a heading, lists with the line that leads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.knowledge.formats.outline import Block, Outline

MAX_WORDS = 150
JOIN_WORDS = 30
MAX_CHARS = 2400
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|Mr|Mrs|Ms|Dr|Prof|St|No|Inc|Ltd|Fig|approx)|\b[A-Z])\.$")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
_CONTENTS = re.compile(r"(?:table of )?contents\W*", re.IGNORECASE)
_LEADING_NUMBER = re.compile(r"\W*\d*[.)]?\s*")


@dataclass(frozen=True)
class Piece:
    """A passage before it has a source: its section, its text, and whether it is worth finding."""

    section: str
    text: str
    searchable: bool = True


def split(outline: Outline, title: str) -> list[Piece]:
    """Split a document.

    Args:
        outline: What the reader of its format saw.
        title: Names the section of text before the first heading.

    Returns:
        Passages of at most ``MAX_WORDS`` words in reading order; every block stands in one of them or names a section.
    """
    headings = {_plain(block.text) for block in outline.blocks if block.kind == "heading"}
    pieces: list[Piece] = []
    for section, blocks in _sections(outline.blocks, title):
        contents = bool(_CONTENTS.fullmatch(section)) or _lists_headings(blocks, headings)
        kept = all(block.kind == "passage" for block in blocks)
        texts = _kept(blocks) if kept else _pack(_groups(blocks))
        pieces.extend(Piece(section, text, not contents) for text in texts)
    return pieces


def _plain(text: str) -> str:
    return _LEADING_NUMBER.sub("", text, count=1).casefold().strip()


def _lists_headings(blocks: Sequence[Block], headings: set[str]) -> bool:
    items = [line for block in blocks if block.kind in ("item", "passage") for line in block.text.split("\n")]
    return len(items) >= 4 and sum(_plain(item) in headings for item in items) * 3 >= len(items) * 2


def _sections(blocks: Sequence[Block], title: str) -> Iterator[tuple[str, list[Block]]]:
    """Group blocks by heading; a heading with nothing of its own is put in front of the next one."""
    path: list[str] = []
    body: list[Block] = []
    for i, block in enumerate(blocks):
        if block.kind != "heading":
            body.append(block)
            continue
        if body:
            yield " > ".join(path) or title, body
            path, body = [], []
        if not (i == 0 and block.text == title and _has_heading_next(blocks)):
            path.append(block.text)
    if body:
        yield " > ".join(path) or title, body
    elif path:
        yield title, [Block("paragraph", heading) for heading in path]


def _has_heading_next(blocks: Sequence[Block]) -> bool:
    return len(blocks) > 1 and blocks[1].kind == "heading"


def _kept(blocks: Sequence[Block]) -> Iterator[str]:
    """Passages as they are; those that are too long were not made by ``split``."""
    for block in blocks:
        lines = block.text.split("\n")
        if _words(lines) > MAX_WORDS or sum(map(len, lines)) > 2 * MAX_CHARS:
            yield from _cut(lines)
        else:
            yield block.text


def _groups(blocks: Sequence[Block]) -> Iterator[list[str]]:
    """Put every list with the paragraph that leads it."""
    group: list[str] = []
    listing = False
    for block in blocks:
        if block.kind in ("item", "row"):
            listing = True
        elif group and (listing or not group[-1].endswith(":")):
            yield group
            group, listing = [], False
        group.append(block.text)
    if group:
        yield group


def _pack(groups: Iterator[list[str]]) -> Iterator[str]:
    """Join small neighbours and cut large groups."""
    held: list[str] = []
    for group in groups:
        size = _words(group)
        if held and _words(held) + size > JOIN_WORDS:
            yield "\n".join(held)
            held = []
        if size > MAX_WORDS or sum(map(len, group)) > MAX_CHARS:
            yield from _cut(group)
        else:
            held.extend(group)
    if held:
        yield "\n".join(held)


def _cut(group: Sequence[str]) -> Iterator[str]:
    """Cut a group that is too long, between its lines where possible; a short lead is repeated."""
    lead = group[0] if len(group) > 1 and len(group[0].split()) <= MAX_WORDS // 4 else ""
    held: list[str] = []
    for line in group:
        for part in _cut_line(line, MAX_WORDS - len(lead.split())):
            if held and (_words(held) + len(part.split()) > MAX_WORDS or sum(map(len, held)) + len(part) > MAX_CHARS):
                yield "\n".join(held)
                held = [lead] if lead else []
            held.append(part)
    if held:
        yield "\n".join(held)


def _cut_line(line: str, limit: int) -> Iterator[str]:
    """Cut a line into runs of whole sentences of about equal size; a sentence without end is cut between words."""
    if len(line.split()) <= limit and len(line) <= MAX_CHARS // 2:
        yield line
        return
    parts = [part for sentence in sentences(line) for part in _cut_sentence(sentence, limit)]
    aim = max(1, len(line.split()) // max(1, -(-len(line.split()) // limit)))
    held: list[str] = []
    for part in parts:
        over = _words(held) + len(part.split()) > limit or sum(map(len, held)) + len(part) > MAX_CHARS // 2
        if held and (over or _words(held) >= aim):
            yield " ".join(held)
            held = []
        held.append(part)
    if held:
        yield " ".join(held)


def _cut_sentence(sentence: str, limit: int) -> Iterator[str]:
    held: list[str] = []
    length = 0
    for word in sentence.split():
        for start in range(0, len(word), MAX_CHARS // 4):
            part = word[start : start + MAX_CHARS // 4]
            if held and (len(held) >= limit or length + len(part) > MAX_CHARS // 2):
                yield " ".join(held)
                held, length = [], 0
            held.append(part)
            length += len(part) + 1
    if held:
        yield " ".join(held)


def sentences(text: str) -> list[str]:
    """Split text into sentences, without breaking after common abbreviations and initials."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[start : match.start() + 1].rstrip()):
            found.append(text[start : match.end()].strip())
            start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _words(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)
