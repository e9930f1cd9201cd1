"""Plain text: finds the headings, lists and paragraphs that a reader sees without any marks.

A short line without final punctuation that stands before a paragraph is a heading. Lines after one that ends with a
colon are its list, with bullets or without. A line that goes on in lower case continues the line before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.knowledge.formats.outline import Block, Outline, decode

MAX_HEADING_WORDS = 14
_BULLET = re.compile(r"\s*(?:[-*+•‣◦▪●·–—]|\(?[a-zA-Z][.)])\s+(?=\S)")
_NUMBER = re.compile(r"\s*\(?(\d{1,3})[.)]\s+(?=\S)")
_RULE = re.compile(r"\s*([=\-_*~])\1{2,}\s*$")
_FINAL = (".", "!", ";", ",", ":", "…")
_SMALL = re.compile(
    r"an?|and|are|as|at|be|but|by|for|from|if|in|into|is|its?|nor|not|of|off|on|or|over|per|so|than|that|the|their|then"
    r"|to|up|via|vs|with|without|your?"
)


@dataclass(frozen=True)
class _Line:
    text: str
    gap: bool
    """Whether a blank line, or the start, comes before it."""
    ruled: bool = False
    """Whether it is underlined."""
    number: int = 0
    bullet: bool = False

    @property
    def open(self) -> bool:
        """Whether no sentence ends here."""
        return not self.text.rstrip("\"'”’)»*_ ").endswith((*_FINAL, "?"))


def read_text(data: bytes, name: str) -> Outline:
    """Read a plain text file; a heading on its first line names the document."""
    lines = _lines(decode(data, name))
    lines = _unwrap(lines)
    blocks: list[Block] = []
    listing = False
    for i, line in enumerate(lines):
        before = lines[i - 1] if i else None
        after = lines[i + 1] if i + 1 < len(lines) else None
        if _is_heading(line, before, after, lines, i, listing):
            blocks.append(Block("heading", line.text))
            listing = False
        elif line.bullet or line.number or (listing and _goes_on(line, before)):
            blocks.append(Block("item", line.text))
        else:
            blocks.append(Block("paragraph", line.text))
            listing = line.text.endswith(":")
    title = blocks[0].text if blocks and blocks[0].kind == "heading" else ""
    return Outline(title, tuple(blocks))


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    gap = True
    for raw in text.split("\n"):
        stripped = raw.strip()
        if not stripped:
            gap = True
        elif _RULE.match(raw):
            if lines and not gap and raw.strip()[0] in "=-" and len(lines[-1].text.split()) <= MAX_HEADING_WORDS:
                lines[-1] = _Line(lines[-1].text, lines[-1].gap, ruled=True)
            gap = True
        else:
            number = _NUMBER.match(raw)
            lines.append(_Line(stripped, gap, False, int(number[1]) if number else 0, bool(_BULLET.match(raw))))
            gap = False
    return lines


def _unwrap(lines: list[_Line]) -> list[_Line]:
    """Join the lines of paragraphs that were broken at a column."""
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if not b.gap]
    turned = sum(a.open and b.text[:1].islower() for a, b in pairs)
    wrapped = turned >= 2 and turned * 4 >= len(pairs)
    joined: list[_Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and _continues(line, last, wrapped):
            joined[-1] = _Line(f"{last.text} {line.text}", last.gap, False, last.number, last.bullet)
        else:
            joined.append(line)
    return joined


def _continues(line: _Line, last: _Line, wrapped: bool) -> bool:
    """Whether a line goes on with the one before it."""
    if line.gap or line.bullet or line.number or last.ruled:
        return False
    if wrapped:
        return not (last.text.endswith(":") and len(last.text) < 60)
    return last.open and line.text[:1].islower() and not last.bullet


def _is_heading(
    line: _Line, before: _Line | None, after: _Line | None, lines: list[_Line], i: int, listing: bool
) -> bool:
    if line.ruled:
        return True
    if line.bullet or after is None or len(line.text.split()) > MAX_HEADING_WORDS or line.text[:1].islower():
        return False
    if line.number:
        return line.open and not _in_run(lines, i)
    titled = _title_case(line.text)
    if not line.open and not (titled and line.text.endswith("?") and not listing):
        return False
    if not listing or before is None:
        return not (after.number or after.bullet) or titled or line.gap
    if before.text.endswith(":"):
        return False
    return titled and not _title_case(before.text)


def _goes_on(line: _Line, before: _Line | None) -> bool:
    """Whether a line without a bullet belongs to the list before it."""
    if before is None:
        return False
    question = line.text.endswith("?")
    short = len(line.text.split()) <= MAX_HEADING_WORDS + 6
    if before.text.endswith(":"):
        return short and (line.open or question or not line.gap)
    return short and (line.open or (question and before.text.endswith("?")))


def _in_run(lines: list[_Line], i: int) -> bool:
    """Whether a numbered line has a neighbour with the number before or after it."""
    number = lines[i].number
    before = lines[i - 1].number if i else 0
    after = lines[i + 1].number if i + 1 < len(lines) else 0
    return (before > 0 and before == number - 1) or after == number + 1


def _title_case(text: str) -> bool:
    words = [w for w in re.findall(r"[^\W\d_][\w’'-]*", text) if not _SMALL.fullmatch(w.lower())]
    return len(words) >= 2 and all(w[0].isupper() for w in words)
