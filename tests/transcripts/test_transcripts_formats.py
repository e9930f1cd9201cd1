"""One conversation as each program writes it: the same turns, codes, levels and findings in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.app import App
from coach.domain import Transcript
from coach.transcripts import FORMATS, read_transcripts

RECORDINGS = Path(__file__).parent / "recordings"
Said = list[tuple[str, str]]


def only(path: Path, manager: str | None = None) -> Transcript:
    (item,) = read_transcripts([path], manager)
    assert isinstance(item, Transcript), item
    return item


def pairs(talk: Transcript) -> Said:
    return [(turn.speaker, turn.text) for turn in talk.turns]


PLAIN = only(RECORDINGS / "turns.jsonl")
TIMES = [3.2, 12.0, 18.5, 24.0, 30.3, 44.0]


def teams_docx(path: Path) -> None:
    """As Teams exports since 2023: a paragraph an utterance, name and time above the words."""
    document = Document()
    document.add_paragraph("One on one-20260514_140000-Meeting Transcript")
    document.add_paragraph("May 14, 2026, 2:00PM")
    document.add_paragraph("Dana Fox started transcription")
    for turn in PLAIN.turns:
        paragraph = document.add_paragraph()
        name = PLAIN.about.manager if turn.speaker == "manager" else PLAIN.about.rep
        paragraph.add_run(name).bold = True
        paragraph.add_run(f"   0:{int(turn.seconds or 0):02d}").add_break()
        paragraph.add_run(turn.text)
    document.save(str(path))


def old_teams_docx(path: Path) -> None:
    """As Teams exported before: the span of time, the name and the words, each on its line."""
    document = Document()
    for turn in PLAIN.turns:
        name = PLAIN.about.manager if turn.speaker == "manager" else PLAIN.about.rep
        document.add_paragraph(f"0:0:{turn.seconds} --> 0:0:59.120\n{name}\n{turn.text}")
    document.save(str(path))


def utf16(path: Path) -> None:
    path.write_text((RECORDINGS / "zoom.vtt").read_text("utf-8").replace("\n", "\r\n"), "utf-16")


def windows(path: Path) -> None:
    path.write_bytes((RECORDINGS / "named.txt").read_text("utf-8").replace("'", "’").encode("cp1252"))


SCORED = ("turns.jsonl", "messages.json", "export.csv", "zoom.vtt", "captions.srt", "meet.txt", "teams.docx")
MADE: dict[str, Callable[[Path], None]] = {
    "teams.docx": teams_docx, "old_teams.docx": old_teams_docx, "utf16.vtt": utf16, "windows.txt": windows,
}  # fmt: skip
NAMES = [path.name for path in sorted(RECORDINGS.iterdir())] + list(MADE)


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Transcript]:
    folder = tmp_path_factory.mktemp("formats")
    for name, make in MADE.items():
        make(folder / name)
    return {name: only((folder if name in MADE else RECORDINGS) / name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_format_gives_the_same_turns_and_people(talks: dict[str, Transcript], name: str) -> None:
    talk = talks[name]
    assert [(who, text.replace("’", "'")) for who, text in pairs(talk)] == pairs(PLAIN)
    assert (talk.about.manager, talk.about.rep, talk.about.file) == ("Dana Fox", "Bo Lind", name)
    assert talk.about.roles.startswith('guessed: Dana Fox asks 3 of the 4 questions, says "you" far more often')
    assert talk.about.guessed


def test_every_format_gives_the_same_codes_levels_and_findings(talks: dict[str, Transcript], app: App) -> None:
    told = ("codes", "levels", "overall", "lean", "best", "worst", "findings")
    first, *others = app.scorer.score(talks[name] for name in SCORED)
    assert any(first["codes"].values()) and first["findings"]
    for line in others:
        assert {key: line[key] for key in told} == {key: first[key] for key in told}, line["id"]


def test_times_are_kept_as_far_as_the_format_holds_them(talks: dict[str, Transcript]) -> None:
    exact = {"zoom.vtt", "teams.vtt", "captions.srt", "meet.sbv", "turns.jsonl", "utf16.vtt", "old_teams.docx"}
    whole = {"export.csv", "stamped.txt", "teams_copied.txt", "teams.docx"}
    for name, talk in talks.items():
        times = [turn.seconds for turn in talk.turns]
        if name in exact:
            assert times == TIMES, name
        elif name in whole:
            assert times == [float(int(time)) for time in TIMES], name
        elif name == "zoom_captions.txt":
            assert times == [0, 9, 15, 21, 27, 41], "times of day count from the first"
        elif name == "meet.txt":
            assert times == [0.0, None, None, None, None, None]
        else:
            assert set(times) == {None}, name


def test_days_are_found_where_the_format_tells_them(talks: dict[str, Transcript]) -> None:
    told = {name for name, talk in talks.items() if str(talk.about.date) == "2026-05-14"}
    assert told == {"meet.txt", "teams_copied.txt", "teams.docx", "turns.jsonl"}


def test_every_registered_format_is_among_the_recordings() -> None:
    endings = {Path(name).suffix for name in NAMES}
    assert all(set(one.suffixes) & endings for one in FORMATS.values())


# Writers of the formats, for conversations that nobody wrote down before.


def as_vtt(said: Said) -> str:
    return "WEBVTT\n\n" + "".join(
        f"00:{i // 60:02d}:{i % 60:02d}.000 --> 00:{i // 60:02d}:{i % 60:02d}.900\n<v {who}>{text}</v>\n\n"
        for i, (who, text) in enumerate(said)
    )


def as_srt(said: Said) -> str:
    return "".join(
        f"{i + 1}\n00:{i // 60:02d}:{i % 60:02d},000 --> 00:{i // 60:02d}:{i % 60:02d},900\n{who}: {text}\n\n"
        for i, (who, text) in enumerate(said)
    )


def as_text(said: Said) -> str:
    return "".join(f"{who}: {text}\n" for who, text in said)


def as_stamped(said: Said) -> str:
    return "".join(f"[{i // 60:02d}:{i % 60:02d}] {who}: {text}\n" for i, (who, text) in enumerate(said))


def as_csv(said: Said) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([("speaker", "text"), *said])
    return file.getvalue()


def as_json(said: Said) -> str:
    return json.dumps({"turns": [{"speaker": who, "text": text} for who, text in said]})


def as_jsonl(said: Said) -> str:
    return json.dumps({"id": "talk", "turns": [{"speaker": who, "text": text} for who, text in said]})


WRITERS = {
    "talk.vtt": as_vtt, "talk.srt": as_srt, "talk.txt": as_text, "stamped.txt": as_stamped, "talk.csv": as_csv,
    "talk.json": as_json, "talk.jsonl": as_jsonl,
}  # fmt: skip
WORDS = st.text("abcdeABCDE éü,'-?!$%&0123456789:=+@", min_size=1, max_size=40).map(lambda text: " ".join(text.split()))
TEXTS = WORDS.filter(bool).map(lambda text: f"Well {text} then.")
PEOPLE = st.sampled_from(
    [("manager", "rep"), ("Dana Fox", "Bo Lind"), ("Zoë van Dam", "J. O'Neil"), ("Speaker 1", "Speaker 2")]
)


@st.composite
def talks_between(draw: st.DrawFn) -> Said:
    """Two people in turn, as JSONL holds them: nobody speaks twice in a row."""
    people = draw(PEOPLE)
    texts = draw(st.lists(TEXTS, min_size=2, max_size=8))
    return [(people[i % 2], text) for i, text in enumerate(texts)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


@settings(deadline=None, max_examples=80)
@given(said=talks_between())
@example(said=[("Dana Fox", "=1+1"), ("Bo Lind", "@SUM(A1)"), ("Dana Fox", "Look: last."), ("Bo Lind", "Right.")])
@example(said=[("manager", "We spoke at 10:30. Fine?"), ("rep", "No."), ("manager", "So: what now?")])
def test_what_is_written_in_any_format_is_read_back(folder: Path, said: Said) -> None:
    leads = said[0][0]
    expected = [("manager" if who == leads else "rep", text) for who, text in said]
    for name, write in WRITERS.items():
        (folder / name).write_text(write(said), "utf-8", newline="")
        assert pairs(only(folder / name, leads)) == expected, name
