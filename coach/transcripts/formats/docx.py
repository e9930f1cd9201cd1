"""Word documents as Teams and Meet export them: their paragraphs, read as plain text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from coach.errors import InputError
from coach.transcripts.files import File
from coach.transcripts.formats import plain
from coach.transcripts.recording import Recording

SUFFIXES = (".docx",)
MAX_UNPACKED = 50 * 2**20
"""Bytes; an hour of talk unpacks to about 1 MB, a zip bomb to thousands."""


def read(file: File) -> Iterator[Recording]:
    """Yield the one conversation of a Word document.

    Raises:
        InputError: if the file is damaged, no Word document, or unpacks to more than a talk can take.
    """
    data = file.data()
    broken = InputError(f"{file.name}: this is damaged or no Word document; export it again, or save it as text")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise broken from None
    if unpacked > MAX_UNPACKED:
        raise InputError(f"{file.name}: the document unpacks to more than {MAX_UNPACKED // 2**20} MB; save it as text")

    from docx import Document

    try:
        paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]
    except Exception:  # noqa: BLE001 - python-docx, lxml and zipfile raise whatever a broken file makes them trip over
        raise broken from None
    yield plain.talk("\n".join(paragraphs).replace("\v", "\n").split("\n"), file.name)
