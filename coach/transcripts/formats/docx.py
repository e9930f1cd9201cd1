"""Word documents as Teams and Meet export them: their paragraphs, read as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from coach.transcripts.files import File
from coach.transcripts.formats import plain
from coach.transcripts.recording import Recording
from coach.word import read_word

SUFFIXES = (".docx",)
MAX_UNPACKED = 50 * 2**20
"""Bytes; an hour of talk unpacks to about 1 MB, a zip bomb to thousands."""


def read(file: File) -> Iterator[Recording]:
    """Yield the one conversation of a Word document.

    Raises:
        InputError: if the file is damaged, no Word document, or unpacks to more than a talk can take.
    """
    paragraphs = read_word(
        file.data(),
        MAX_UNPACKED,
        lambda document: [paragraph.text for paragraph in document.paragraphs],
        damaged=f"{file.name}: this is damaged or no Word document; export it again, or save it as text",
        too_large=f"{file.name}: the document unpacks to more than {MAX_UNPACKED // 2**20} MB; save it as text",
    )
    yield plain.talk("\n".join(paragraphs).replace("\v", "\n").split("\n"), file.name)
