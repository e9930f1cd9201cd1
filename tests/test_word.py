"""Word documents that nobody vouches for: read whole, or refused with the one sentence that was asked for."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as Opened

from coach.errors import InputError
from coach.word import read_word

MOST = 2**20
GROWING = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OPENING = f"""<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<w:document xmlns:w="{SPACE}"><w:body><w:p><w:r><w:t>x&a;</w:t></w:r></w:p></w:body></w:document>""".encode()


def made(body: bytes | None = None) -> bytes:
    """A document of one paragraph, or the same archive around another body."""
    document, file, changed = Document(), io.BytesIO(), io.BytesIO()
    document.add_paragraph("How are you?")
    document.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if body is not None and name == "word/document.xml" else old.read(name))
    return changed.getvalue()


def words(document: Opened) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def read(data: bytes) -> list[str]:
    return read_word(data, MOST, words, damaged="It is damaged.", too_large="It is too large.")


BOMB = made(b" " * (MOST + 1))
LIAR = BOMB.replace((MOST + 1).to_bytes(4, "little"), (9).to_bytes(4, "little"))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{GROWING}]><x>&l9;</x>'.encode()


def test_an_entity_never_opens_a_file() -> None:
    assert read(made(OPENING)) == ["x"]


def test_a_sound_document_is_read() -> None:
    assert read(made()) == ["How are you?"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "It is damaged."),
        (b"Just words.", "It is damaged."),
        (b"PK\x03\x04" + b"x" * 99, "It is damaged."),
        (made()[:-30], "It is damaged."),
        (made(b"<x/>"), "It is damaged."),
        (made(LAUGHS), "It is damaged."),
        (LIAR, "It is damaged."),
        (BOMB, "It is too large."),
    ],
    ids=["empty", "text", "no archive", "cut off", "no document", "growing entities", "lying bomb", "bomb"],
)
def test_what_cannot_be_read_is_the_sentence_that_was_asked_for(data: bytes, told: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert str(refused.value) == told
