"""Word documents: paragraphs by their styles, tables row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.errors import InputError
from coach.knowledge.formats.outline import Block, Kind, Outline
from coach.word import read_word

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

MAX_UNPACKED = 100 * 2**20
"""A document that unpacks to more than this is a bomb or no text."""
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


def read_docx(data: bytes, name: str) -> Outline:
    """Read a Word document; its title, or its first top heading, names it.

    Raises:
        InputError: When the file is encrypted, of the old format, broken or a zip bomb.
    """
    if data.startswith(_OLD_OR_LOCKED):
        raise InputError(
            f"{name} is protected by a password or of Word's old format; save it without one as .docx and add that."
        )
    title, blocks = read_word(
        data,
        MAX_UNPACKED,
        _outlined,
        damaged=f"{name} is damaged or no Word document; open it in Word, save it again and add that.",
        too_large=f"{name} unpacks to more than {MAX_UNPACKED // 2**20} MB; save its text alone and add that.",
    )
    first = next((block.text for block in blocks if block.kind == "heading"), "")
    return Outline(first or title, tuple(blocks))


def _outlined(document: Document) -> tuple[str, list[Block]]:
    title = " ".join((document.core_properties.title or "").split())
    return title, [block for piece in document.iter_inner_content() for block in _blocks(piece)]


def _blocks(piece: Paragraph | Table) -> list[Block]:
    from docx.table import Table

    if isinstance(piece, Table):
        rows = ([" ".join(cell.text.split()) for cell in row.cells] for row in piece.rows)
        return [Block("row", " | ".join(dict.fromkeys(row))) for row in rows if any(row)]
    text = " ".join(piece.text.split())
    style = (piece.style.name or "") if piece.style else ""
    kind: Kind = "paragraph"
    if style.startswith(("Heading", "Title")):
        kind = "heading"
    elif style.startswith("List"):
        kind, text = "item", f"• {text}" if text else ""
    return [Block(kind, text)] if text else []
