"""Files that nobody should send: each is one reason, and the next file is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.domain import Transcript
from coach.transcripts import FORMATS, Unreadable, read_transcripts
from coach.transcripts.files import MAX_FILE
from coach.transcripts.formats import SUFFIXES, docx

TALK = "Manager: Hi.\nRep: Hello.\n"


VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nManager: Hi.\n\n"

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.vtt", b"", "the file holds no conversation"),
    "blank": ("a.txt", b" \n\n", "the file holds no conversation"),
    "binary": ("a.txt", bytes(range(256)) * 20, "the file is not UTF-8 text"),
    "nul bytes": ("a.txt", b"Manager: Hi.\0\nRep: Hello.\n", "the file is not text"),
    "pdf": ("a.txt", b"%PDF-1.7\n", "this is a PDF; save its text as .txt"),
    "old word": ("a.docx", b"\xd0\xcf\x11\xe0" * 9, "protected by a password or of Word's old format"),
    "rich text": ("a.rtf", b"{\\rtf1\\ansi}", "this is rich text"),
    "utf-16 cut off": ("a.txt", TALK.encode("utf-16")[:-1], "the file is cut off or damaged; export it again"),
    "odd code page": ("a.txt", "Manager: Привет, как дела? Мне тяжело.\nRep: Да.\n".encode("cp1251"), "not UTF-8 text"),
    "cp1252 with a hole": ("a.txt", "Dana: It’s “ok”.\nBo: Yes – ok.\n".encode("cp1252") * 9000 + b"\x81", "not UTF-8"),
    "no word file": ("a.docx", b"PK\x03\x04" + b"x" * 99, "damaged or no Word document"),
    "one speaker": ("a.vtt", VTT.encode(), "only one speaker (Manager) says anything"),
    "time that cannot be": ("a.vtt", VTT.replace("00:01", "99:99").encode(), "this is no VTT file (Invalid timestamp"),
    "captions that are none": ("a.srt", b"1\nhello\n", "this is no SRT file"),
    "broken quotes": ("a.csv", b'speaker,text\nManager,"' + b"x" * 200_000, "a.csv:2: the table is broken"),
    "no columns": ("a.csv", b"a,b\n1,2\n", "a.csv:1: the first row does not name the columns; it is: a,b"),
    "half json": ("a.json", b'{"turns": [', "the file is not JSON"),
    "deep json": ("a.json", b"[" * 100_000, "the file is not JSON"),
    "wrong json": ("a.json", b'{"name": "x"}', "turns: field required"),
    "too much talk": ("a.txt", TALK.encode() * 1001, "the talk has 2,002 turns, more than 2,000; split the recording"),
    "endless words": ("a.txt", TALK.encode() + b"word " * 400_000, "the talk has more than 2,000,000 characters"),
    "large file": ("a.txt", b"x" * (MAX_FILE + 1), "the file is larger than 20 MB; split it"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_reason_with_its_name_and_the_next_is_read(tmp_path: Path, name: str) -> None:
    file, content, words = HOSTILE[name]
    (tmp_path / file).write_bytes(content)
    (tmp_path / "z.txt").write_text(TALK)
    bad, good = read_transcripts([tmp_path / file, tmp_path / "z.txt"])
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith(file)
    assert words in bad.reason
    assert len(bad.reason.splitlines()) == 1
    assert isinstance(good, Transcript)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    (item,) = read_transcripts([tmp_path / "a.txt"])
    assert isinstance(item, Unreadable)
    assert item.reason == "a.txt: the file cannot be read (Input/output error)"


def test_a_word_document_that_unpacks_to_too_much_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MAX_UNPACKED", 2**10)
    Document().save(str(tmp_path / "a.docx"))
    (item,) = read_transcripts([tmp_path / "a.docx"])
    assert isinstance(item, Unreadable)
    assert item.reason.startswith("a.docx: the document unpacks to more than")


def test_twenty_thousand_captions_are_the_turns_of_two(tmp_path: Path) -> None:
    lines = (f"[{i // 3600}:{i // 60 % 60:02d}:{i % 60:02d}] {'Rep' if i // 100 % 2 else 'Manager'}: well {i}\n"
             for i in range(20_000))  # fmt: skip
    (tmp_path / "a.txt").write_text("".join(lines))
    (item,) = read_transcripts([tmp_path / "a.txt"])
    assert isinstance(item, Transcript)
    assert len(item.turns) == 200
    assert item.turns[-1].text.endswith("well 19999")


def test_a_formula_in_a_cell_is_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('speaker,text\nmanager,"=HYPERLINK(""http://x"")"\nrep,+1\n')
    (item,) = read_transcripts([tmp_path / "a.csv"])
    assert isinstance(item, Transcript)
    assert [turn.text for turn in item.turns] == ['=HYPERLINK("http://x")', "+1"]


def test_recordings_are_read_one_at_a_time(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TALK)
    found = read_transcripts([tmp_path])
    assert next(found).id == "a.txt"
    (tmp_path / "b.txt").write_text("gone")
    assert isinstance(next(found), Unreadable)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


PIECES = st.sampled_from(
    ["WEBVTT", "\n", "\n\n", "00:01.000 --> 00:02.000", "00:00:01,000 --> 00:00:02,000", "0:00:01.000,0:00:02.000", "1",
     "Dana: ", "Bo: ", "<v Dana>", "</v>", "<v", "(Dana)", "speaker,text", ";", '"', "[00:01] ", "Dana  0:03", "NOTE ",
     "{", "}", "[", "]", '{"turns": []}', "&#0;", "&#xD800;", "(crosstalk)", "mm", "-->", "\ufeff", "\0", "Team: North",
     "Date: 2026-99-99", "Recording in progress", "\u2028", "\u0661:\u0662\u0663", "²:00"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=25).map("".join)


@settings(deadline=None, max_examples=250)
@given(text=TEXTS, suffix=st.sampled_from(sorted(SUFFIXES)), encoding=st.sampled_from(["utf-8", "utf-16"]))
@example(text="Dana: a&#xD800;\nBo: b", suffix=".txt", encoding="utf-8")
@example(text="[0:01] Dana: a\n[²:00] Bo: b", suffix=".txt", encoding="utf-8")
def test_no_text_ends_the_reading(folder: Path, text: str, suffix: str, encoding: str) -> None:
    path = folder / f"talk{suffix}"
    path.write_bytes(text.encode(encoding, errors="surrogatepass"))
    found = list(read_transcripts([path], "Dana"))
    assert found
    for item in found:
        item.id.encode()
        if isinstance(item, Unreadable):
            assert item.reason.startswith("talk.")
            assert "\n" not in item.reason
            item.reason.encode()
        else:
            assert {turn.speaker for turn in item.turns} == {"manager", "rep"}
            item.model_dump_json()


@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=300), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_no_bytes_end_the_reading(folder: Path, content: bytes, suffix: str) -> None:
    path = folder / f"talk{suffix}"
    for head in (b"", b"PK\x03\x04", b"\xff\xfe"):
        path.write_bytes(head + content)
        assert list(read_transcripts([path]))


def test_every_ending_belongs_to_one_format() -> None:
    endings = [suffix for one in FORMATS.values() for suffix in one.suffixes]
    assert len(endings) == len(set(endings))
