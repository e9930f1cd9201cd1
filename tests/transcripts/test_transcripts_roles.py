"""Who is manager and who rep: said, on the roster, or guessed with care; and when it is no one-on-one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.domain import Transcript
from coach.errors import InputError
from coach.transcripts import Unreadable, read_transcripts

SUITE = Path(__file__).parents[2] / "eval/suite/transcripts.jsonl"


def read(
    folder: Path, text: str, manager: str | None = None, roster: str | None = None, name: str = "talk.txt"
) -> Transcript | Unreadable:
    (folder / name).write_text(text)
    path = None
    if roster is not None:
        path = folder / "roster.csv"
        path.write_text(roster)
    (item,) = read_transcripts([folder / name], manager, path)
    return item


def leads(item: Transcript | Unreadable) -> tuple[str, str]:
    """The manager's name and how that was told."""
    assert isinstance(item, Transcript), item
    return item.about.manager, item.about.roles


TALK = "Dana Fox: Hi.\nBo Lind: Hello.\n"


@pytest.mark.parametrize("manager", ["dana fox", "Dana", "FOX", "Fox, Dana"])
def test_part_of_a_name_is_enough_where_it_is_clear(tmp_path: Path, manager: str) -> None:
    assert leads(read(tmp_path, TALK, manager)) == ("Dana Fox", "by --manager")


def test_part_of_a_name_that_both_have_is_not(tmp_path: Path) -> None:
    item = read(tmp_path, "Dana Fox: Hi.\nDana Lind: Hello.\n", "Dana")
    assert isinstance(item, Unreadable)
    assert item.reason.startswith(
        "talk.txt: nobody is called Dana; the speakers are Dana Fox, Dana Lind; say who leads"
    )


@pytest.mark.parametrize(
    "roster",
    [
        "manager,team\nDana Fox,North\n",
        "name,role,team\nDana Fox,Sales Manager,North\nBo Lind,Account Manager,North\n",
        "Manager;Rep;Team\nDana Fox;Bo Lind;North\n",
        "file,manager,rep,team,date\ntalk.txt,Dana Fox,,North,2026-05-14\nother,Bo Lind,,South,\n",
        "file,rep,team\nTALK,bo lind,North\n",
        "name,role,team\nBo Lind,rep,North\nDana Fox,manager,North\nDana Ray,rep,South\n",
    ],
)
def test_the_roster_tells_who_leads_and_the_team(tmp_path: Path, roster: str) -> None:
    item = read(tmp_path, TALK, roster=roster)
    assert leads(item) == ("Dana Fox", "by the roster")
    assert item.about.team == "North"
    assert item.about.rep.casefold() == "bo lind"
    assert str(item.about.date) == ("2026-05-14" if "05-14" in roster else "None")


def test_the_roster_completes_first_names(tmp_path: Path) -> None:
    item = read(tmp_path, "Dana: Hi.\nBo: Hello.\n", roster="manager,rep,team\nDana Fox,Bo Lind,North\n")
    assert isinstance(item, Transcript)
    assert (item.about.manager, item.about.rep, item.about.team) == ("Dana Fox", "Bo Lind", "North")


def test_a_roster_that_leaves_doubt_tells_nothing(tmp_path: Path) -> None:
    for roster in ("manager\nDana Fox\nBo Lind\n", "manager,rep\nDana Fox,Dana Ray\n"):
        item = read(tmp_path, "Dana: Hi.\nBo Lind: Hello.\n" if "Ray" in roster else TALK, roster=roster)
        assert isinstance(item, Unreadable)
        assert "say who leads with --manager NAME or a roster" in item.reason


def test_the_option_stands_above_the_roster(tmp_path: Path) -> None:
    assert leads(read(tmp_path, TALK, "Bo", "manager\nDana Fox\n")) == ("Bo Lind", "by --manager")


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("", "roster.csv:1: the first row does not name the columns"),
        ("who,what\na,b\n", "roster.csv:1: the first row does not name the columns; it is: who,what"),
        ("manager,date\nDana,someday\n", "roster.csv:2: date: "),
        ("file,manager\na.txt,Dana\nA.TXT,Bo\n", "roster.csv:3: file: 'A.TXT' stands there twice; keep one row."),
        ("manager,team\n", "says nothing; its columns are file, manager, rep, team, date, name, role."),
    ],
)
def test_a_roster_that_cannot_be_used_is_told_before_anything_is_read(tmp_path: Path, roster: str, words: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, TALK, roster=roster)
    assert words in str(raised.value)


def test_a_roster_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TALK)
    with pytest.raises(InputError, match=r"The roster .*none\.csv cannot be read"):
        list(read_transcripts([tmp_path / "talk.txt"], None, tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("Dana Fox (Sales Manager): Hi.\nBo Lind (Account Manager): Hello.\n", "Dana Fox (Sales Manager)"),
        ("VP Dana: Hi.\nBo: Hello.\n", "VP Dana"),
    ],
)
def test_a_title_in_the_name_tells_who_leads(tmp_path: Path, talk: str, name: str) -> None:
    assert leads(read(tmp_path, talk)) == (name, "by their titles")


@pytest.mark.parametrize("talk", ["Rep: Hi.\nManager: Hello.\n", "rep: Hi.\nmanager: Hello.\n"])
def test_labels_tell_who_leads_and_are_no_names(tmp_path: Path, talk: str) -> None:
    assert leads(read(tmp_path, talk)) == ("", "as labelled")


ASKING = "Dana: How are you? What do you need from me, and can you tell me what you did? You look tired.\nBo: I am.\n"


def test_a_guess_needs_both_questions_and_words_about_the_other(tmp_path: Path) -> None:
    name, how = leads(read(tmp_path, ASKING))
    assert name == "Dana"
    assert how == 'guessed: Dana asks 2 of the 2 questions, says "you" far more often and opens the talk'
    _, how = leads(read(tmp_path, ASKING.replace("?", ".", 1)))
    assert how.startswith("guessed: Dana asks the only question, ")
    for talk in (ASKING.replace("?", "."), ASKING.replace("you", "they").replace("You", "They"),
                 ASKING.replace("Bo:", "Customer:")):  # fmt: skip
        item = read(tmp_path, talk)
        assert isinstance(item, Unreadable)
        assert item.reason.startswith("talk.txt: the speakers are ")


def test_no_guess_about_the_labelled_recordings_is_wrong(tmp_path: Path) -> None:
    """Names taken away, a third and more are told apart; a wrong one would turn a whole critique around."""
    names = {"manager": "Speaker 1", "rep": "Speaker 2"}
    talks = [json.loads(line) for line in SUITE.read_text("utf-8").splitlines()]
    for talk in talks:
        talk["turns"] = [{"speaker": names[turn["speaker"]], "text": turn["text"]} for turn in talk["turns"]]
    (tmp_path / "talks.jsonl").write_text("".join(json.dumps(talk) + "\n" for talk in talks))
    told = [item.about for item in read_transcripts([tmp_path]) if isinstance(item, Transcript)]
    assert all(about.roles.startswith("guessed: Speaker 1 asks ") for about in told)
    assert {about.manager for about in told} == {""}, "a speaker's number is nobody's name"
    assert len(told) > len(talks) / 3


PASSING = (
    "Dana: I would like to go through your deals with you, one by one, and see where I can help.\n"
    "Ed: Sorry, {}\n"
    "Dana: Never mind. Where shall we start, then?\n"
    "Bo: With Acme, I think, since they went quiet on me.\n"
)


def test_somebody_who_pops_in_is_left_out_and_named(tmp_path: Path) -> None:
    item = read(tmp_path, PASSING.format("wrong room."), "Dana")
    assert isinstance(item, Transcript)
    assert item.about.roles == "by --manager; the few words of Ed are left out"
    assert len(item.turns) == 2


def test_a_meeting_of_more_than_two_is_refused_with_their_names(tmp_path: Path) -> None:
    reason = "talk.txt: 3 people speak (Bo, Dana, Ed); only talks between two can be judged"
    long = PASSING.format("I have to say something about Acme as well before you go on.")
    often = PASSING.format("what?") + "Ed: Hm?\nDana: Nothing.\nEd: Ah.\nDana: So.\n"
    for talk in ("Ed: Hello.\nDana: Hi.\nBo: Hi.\n", long, often):
        item = read(tmp_path, talk, "Dana")
        assert isinstance(item, Unreadable)
        assert (item.reason, set(item.people)) == (reason, {"Bo", "Dana", "Ed"})


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        ("Dana: Hi.\nDana: Anyone?\n", "only one speaker (Dana) says anything"),
        ("Dana: [laughs]\nBo: (inaudible)\n", "nobody says anything; check that the export holds the words"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHow are you?\n", "the words have no speakers; export the transcript with"),
        ("Dana: I looked\nBo: yeah\nDana: and saw it.\n", "one of the two only says that they listen"),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nWelcome to all of you.\nDana: Hi.\nBo: Hello.\n",
            "3 people speak (Bo, Dana, somebody without a name)",
        ),
        ("Just a note.\n", "no line names a speaker; each has to open with one, as in"),
    ],
)
def test_what_is_no_conversation_says_why(tmp_path: Path, talk: str, words: str) -> None:
    item = read(tmp_path, talk, "Dana")
    assert isinstance(item, Unreadable)
    assert item.reason.startswith("talk.txt: ")
    assert words in item.reason
