"""Readers of added documents, one module a format, found by file extension.

A reader takes the bytes of a file and returns its outline: title and blocks in reading order. It raises
``InputError`` when the bytes cannot be read. To support another format, write a module with such a function and
name its extensions here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from coach.knowledge.formats.docx import read_docx
from coach.knowledge.formats.html import read_html
from coach.knowledge.formats.markdown import read_markdown
from coach.knowledge.formats.outline import Block, Outline
from coach.knowledge.formats.pdf import read_pdf
from coach.knowledge.formats.text import read_text

Reader = Callable[[bytes, str], Outline]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".docx": read_docx,
        ".htm": read_html,
        ".html": read_html,
        ".markdown": read_markdown,
        ".md": read_markdown,
        ".pdf": read_pdf,
        ".text": read_text,
        ".txt": read_text,
    }
)

__all__ = ["Block", "Outline", "READERS", "Reader"]
