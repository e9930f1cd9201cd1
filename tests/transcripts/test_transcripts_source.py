"""Recordings from files and folders: what is read, in what order, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import About, Transcript
from coach.errors import InputError
from coach.transcripts import FORMATS, Unreadable, read_transcripts, recording_files


def put(path: Path, *ids: str, speakers: tuple[str, str] = ("manager", "rep")) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    turns = [{"speaker": speaker, "text": "Words"} for speaker in speakers]
    path.write_text("".join(json.dumps({"id": one, "turns": turns}) + "\n" for one in ids))
    return path


def ids(*paths: Path) -> list[str]:
    found = list(read_transcripts(paths))
    assert all(isinstance(item, Transcript) for item in found), found
    return [item.id for item in found]


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    assert ids(put(tmp_path / "b.jsonl", "b1", "b2"), put(tmp_path / "a.jsonl", "a1")) == ["b1", "b2", "a1"]


def test_a_folder_is_read_by_name_with_its_subfolders_and_other_files_are_left(tmp_path: Path) -> None:
    put(tmp_path / "b.jsonl", "b")
    put(tmp_path / "a" / "z.JSONL", "z")
    put(tmp_path / "c.pdf", "no")
    put(tmp_path / ".hidden.jsonl", "no")
    put(tmp_path / "results" / "critiques.jsonl", "no")
    put(tmp_path / "~$talk.docx", "no")
    put(tmp_path / ".cache" / "a.jsonl", "no")
    (tmp_path / "folder.jsonl").mkdir()
    assert ids(tmp_path) == ["z", "b"]


def test_the_managers_name_reaches_every_file(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", "a", speakers=("Dana", "Bo"))
    put(tmp_path / "b.jsonl", "b", speakers=("Cy", "Dana"))
    found = [item for item in read_transcripts([tmp_path], "dana") if isinstance(item, Transcript)]
    assert [[turn.speaker for turn in item.turns] for item in found] == [["manager", "rep"], ["rep", "manager"]]


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"The folder .* holds no recording; known formats are .*\.jsonl"):
        list(read_transcripts([tmp_path]))


def test_a_path_that_does_not_exist_is_told_before_anything_is_read(tmp_path: Path) -> None:
    good = put(tmp_path / "a.jsonl", "a")
    (tmp_path / "loose.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    for gone in (tmp_path / "gone.jsonl", tmp_path / "loose.jsonl"):
        with pytest.raises(InputError, match=rf"There is no file .*{gone.name}; check the path"):
            next(read_transcripts([good, gone]))


@pytest.mark.parametrize("name", ["talk", "talk.jsonl.bak", "talk.json", "talk.vtt", "talk.txt"])
def test_the_content_tells_the_format_whatever_the_ending(tmp_path: Path, name: str) -> None:
    assert ids(put(tmp_path / name, "a", "b")) == ["a", "b"]


def test_a_file_of_no_known_format_is_told_with_the_known_ones_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3\x04\x00\x00")
    song, good = read_transcripts([tmp_path / "song.mp3", put(tmp_path / "a.jsonl", "a")])
    assert isinstance(song, Unreadable)
    assert song.reason == f"song.mp3: this is no transcript in a known format; they are {', '.join(sorted(FORMATS))}"
    assert good.id == "a"


def test_a_conversation_without_an_id_is_called_by_its_path_below_what_was_given(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "talk.txt").write_text("Manager: Hi.\nRep: Hello.\n")
    assert ids(tmp_path) == ["north/talk.txt", "south/talk.txt"]
    assert ids(tmp_path / "north", tmp_path / "south") == ["north/talk.txt", "south/talk.txt"]
    assert ids(tmp_path / "south/talk.txt", tmp_path / "north/talk.txt") == ["south/talk.txt", "north/talk.txt"]
    assert ids(tmp_path / "north/talk.txt") == ["talk.txt"]


def test_what_will_be_read_can_be_listed_without_opening_it(tmp_path: Path) -> None:
    first = put(tmp_path / "in/a.jsonl", "a")
    roster = tmp_path / "in/people.csv"
    roster.write_text("manager\nDana\n")
    for name in ("Roster.csv", "labels.jsonl", "critiques.jsonl"):
        put(tmp_path / "in" / name, "c")
    other = put(tmp_path / "other", "b")
    assert recording_files([tmp_path / "in", other, first], roster) == [first, other]
    assert recording_files([tmp_path / "in"]) == [first, roster]


def test_what_cannot_be_used_still_says_whose_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "team=North"
    folder.mkdir()
    (folder / "2026-05-14 torn.docx").write_bytes(b"PK\x03\x04")
    (folder / "crowd.txt").write_text("Ann: Hi.\nBo: Hi.\nCy: Hi.\n")
    (folder / "void.jsonl").write_text("")
    put(folder / "z.jsonl", "a", "a")
    roster = tmp_path / "roster.csv"
    roster.write_text("file,manager,rep,team\ncrowd.txt,Ann Lee,Bo Ray,South\nvoid,Cy,,\n")
    torn, crowd, void, _, again = (item.about for item in read_transcripts([tmp_path], roster=roster))
    assert torn == About(team="North", date=dt.date(2026, 5, 14), file="team=North/2026-05-14 torn.docx")
    assert crowd == About(manager="Ann Lee", rep="Bo Ray", team="South", file="team=North/crowd.txt")
    assert void == About(manager="Cy", team="North", file="team=North/void.jsonl")
    assert again.team == "North"


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_file_with_nothing_in_it_is_not_passed_over_in_silence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a-empty.jsonl").write_bytes(content)
    put(tmp_path / "b.jsonl", "b")
    empty, good = read_transcripts([tmp_path])
    assert isinstance(empty, Unreadable)
    assert "a-empty.jsonl" in empty.reason
    assert good.id == "b"


def test_an_id_that_comes_again_is_refused_the_second_time(tmp_path: Path) -> None:
    first, second = put(tmp_path / "a.jsonl", "x", "y", "x"), put(tmp_path / "b.jsonl", "x")
    found = list(read_transcripts([first, second]))
    assert [item.id for item in found] == ["x", "y", "x#2", "x#3"]
    assert [item.reason for item in found if isinstance(item, Unreadable)] == [
        "a.jsonl: the id 'x' was used before",
        "b.jsonl: the id 'x' was used before",
    ]


def test_a_broken_recording_keeps_its_own_reason_when_its_id_comes_again(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        put(tmp_path / folder / "talks.jsonl").write_text("not JSON\n")
    found = list(read_transcripts([tmp_path]))
    assert len({item.id for item in found}) == 2
    assert [item.reason for item in found if isinstance(item, Unreadable)] == [
        "one/talks.jsonl:1: the line is not JSON",
        "two/talks.jsonl:1: the line is not JSON",
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("source")


@settings(deadline=None)
@given(names=st.lists(st.sampled_from(["a", "a#2", "a#2#2", "a#3", "talks.jsonl:1"]), min_size=1, max_size=7))
def test_no_two_results_share_an_id(folder: Path, names: list[str]) -> None:
    found = list(read_transcripts([put(folder / "talks.jsonl", *names)]))
    assert len(found) == len(names)
    assert len({item.id for item in found}) == len(found)
    assert {item.id for item in found if isinstance(item, Transcript)} <= set(names)
