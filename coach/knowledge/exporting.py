"""Writes added documents as Markdown that is added again to the very same passages.

The front matter says ``passages: kept``: every paragraph of such a file is one passage, neither joined nor cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from coach.domain import Passage
from coach.errors import InputError
from coach.knowledge.entries import Document

_MARKS = re.compile(r"[\\`*_\[\]<>&|~#]")
_START = re.compile(r"(?m)^(\d*)(?=[#+\-=:.)])")
_EDGE = re.compile(r"^[ \t]+|[ \t]+$")


def export(documents: Iterable[tuple[Document, Sequence[Passage]]], folder: Path) -> list[Path]:
    """Write documents into a folder, a file for each.

    Returns:
        The files.

    Raises:
        InputError: When a file is there already, in which case nothing is written, or the folder cannot be written.
    """
    texts = {folder / _file_name(document.source): as_markdown(document.title, ps) for document, ps in documents}
    for path in texts:
        if path.exists():
            raise InputError(f"{path} exists already; export to an empty folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); export to a folder of yours.") from error
    return list(texts)


def _file_name(source: str) -> str:
    return source if source.lower().endswith((".md", ".markdown")) else f"{source}.md"


def as_markdown(title: str, passages: Iterable[Passage]) -> str:
    """A document as Markdown with its headings."""
    parts = [f'---\ntitle: "{title}"\npassages: kept\n---']
    section = ""
    for passage in passages:
        if passage.section != section:
            section = passage.section
            parts.append(f"## {_escaped(section)}")
        parts.append(_escaped(passage.text))
    return "\n\n".join(parts) + "\n"


def _escaped(text: str) -> str:
    """Text as a paragraph of Markdown in which nothing is a mark and every line end stays."""
    lines = _START.sub(r"\1\\", _MARKS.sub(r"\\\g<0>", text)).split("\n")
    return "\\\n".join(_EDGE.sub(_entities, line) for line in lines)


def _entities(blank: re.Match[str]) -> str:
    return "".join(f"&#{ord(c)};" for c in blank[0])
