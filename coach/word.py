"""Opening Word documents that nobody vouches for: bombs and broken files end in one sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from coach.errors import InputError

if TYPE_CHECKING:
    from docx.document import Document

T = TypeVar("T")


def read_word(data: bytes, most: int, take: Callable[[Document], T], *, damaged: str, too_large: str) -> T:
    """What ``take`` finds in a document that unpacks to at most ``most`` bytes.

    Raises:
        InputError: with the sentence for a damaged file, or for one that unpacks to more.
    """
    broken = InputError(damaged)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise broken from None
    if unpacked > most:
        raise InputError(too_large)

    import docx

    try:
        return take(docx.Document(io.BytesIO(data)))
    except Exception:  # noqa: BLE001 - python-docx, lxml and zipfile raise whatever a broken file makes them trip over
        raise broken from None
