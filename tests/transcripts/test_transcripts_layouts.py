"""What programs and people put between the words: layouts, listeners' sounds, noise, notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain import Transcript
from coach.transcripts import Unreadable, read_transcripts

HI = [("manager", "How are you, Bo?"), ("rep", "Fine, thanks.")]


def read(path: Path, text: str, manager: str | None = "Dana") -> Transcript | Unreadable:
    path.write_text(text, "utf-8")
    (item,) = read_transcripts([path], manager)
    return item


def said(path: Path, text: str) -> list[tuple[str, str]]:
    item = read(path, text)
    assert isinstance(item, Transcript), item
    return [(turn.speaker, turn.text) for turn in item.turns]


LAYOUTS = {
    "one line each": "Dana: How are you, Bo?\nBo: Fine, thanks.\n",
    "no line end": "Dana: How are you, Bo?\r\nBo: Fine, thanks.",
    "wrapped": "Dana: How are\nyou, Bo?\n\nBo: Fine,\n  thanks.\n",
    "small letters": "dana: How are\ndana: you, Bo?\nbo: Fine,\nbo: thanks.\n",
    "bold": "**Dana:** How are you, Bo?\n\n**Bo**: Fine, thanks.\n",
    "time first": "00:00:01 Dana: How are you, Bo?\n00:00:03 Bo: Fine, thanks.\n",
    "time in brackets": "[0:01] Dana: How are you, Bo?\n[0:03] Bo: Fine, thanks.\n",
    "span in brackets": "[00:01.2 - 00:02.9] Dana: How are you, Bo?\n[00:03.0 - 00:04.0] Bo: Fine, thanks.\n",
    "time behind the name": "Dana (00:01): How are you, Bo?\nBo (00:03): Fine, thanks.\n",
    "time behind, words below": "Dana (00:01):\nHow are you, Bo?\n\nBo (00:03):\nFine, thanks.\n",
    "name and time above": "Dana  0:01\nHow are you, Bo?\n\nBo  0:03\nFine, thanks.\n",
    "time of day above": "14 May 2026 14:00\nDana 2:01 PM\nHow are you, Bo?\n\nBo 2:03 p.m.\nFine, thanks.\n",
    "time and name above": "[00:00:01] Dana\nHow are you, Bo?\n\n[00:00:03] Bo\nFine, thanks.\n",
    "span, name, words": "0:0:0.0 --> 0:0:3.9\nDana\nHow are you, Bo?\n\n0:0:4.0 --> 0:0:5.9\nBo\nFine, thanks.\n",
    "span, name and words": "0:00:01 --> 0:00:02\nDana: How are you, Bo?\n\n0:00:03 --> 0:00:04\nBo: Fine, thanks.\n",
    "times between": "00:00:00\n\nDana: How are you, Bo?\n\n00:01:00\n\nBo: Fine, thanks.\n",
    "heading": "Date: 2026-05-14\nTeam: North\nAttendees: Dana, Bo\n\nDana: How are you, Bo?\nBo: Fine, thanks.\n",
    "guest": "Dana: How are you, Bo?\nBo (Guest): Fine,\nBo: thanks.\n",
    "two voices in a caption": "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Dana>How are you, Bo?\n"
    "<v.loud Bo>Fine, <i>thanks.</i>\n",
    "names alone": "0:00:01.000,0:00:03.000\n(Dana)\nHow are you, Bo?\n-\n\n(Bo)\n[laughs]\nFine, thanks.\n",
    "gap in a caption": "WEBVTT\n\n1\n00:01.000 --> 00:04.000\nDana: How are\n\nyou, Bo?\n\n"
    "2\n00:04.000 --> 00:05.000\nBo: Fine, thanks.\n",
    "arrows": "WEBVTT\n\n00:01.000 --> 00:04.000\n>> DANA: How are you, Bo?\n\n"
    "00:04.000 --> 00:05.000\n>> BO: Fine, thanks.\n",
    "out of order": "[00:09] Bo: Fine, thanks.\n[00:01] Dana: How are you, Bo?\n",
    "semicolons": "Sprecher;Speaker;Text\n1;Dana;How are you, Bo?\n2;Bo;Fine, thanks.\n",
    "tabs": "speaker\ttext\nDana\tHow are you, Bo?\nBo\tFine, thanks.\n",
    "numbered rows": 'id,speaker,text\n1,Dana,"How are you, Bo?"\n2,Bo,"Fine, thanks."\n',
    "json lines by another name": '{"id": "a", "turns": [{"speaker": "Dana", "text": "How are you, Bo?"}, '
    '{"speaker": "Bo", "text": "Fine, thanks."}]}\n',
    "noise": "Dana: (crosstalk) How are you, [inaudible 00:03:21] Bo?\nBo: [laughs]\nBo: Fine, thanks. ♪\n",
    "entities": "Dana: How are you, Bo?\nBo: Fine,&nbsp;thanks.\n",
    "notice": "Dana started transcription\nRecording in progress\nDana: How are you, Bo?\nBo: Fine, thanks.\n"
    "Dana stopped transcription\n",
    "notetaker": "Otter.ai Notetaker: This call is recorded for Dana and for nobody else at all.\n"
    "Dana: How are you, Bo?\nBo: Fine, thanks.\n",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read(tmp_path: Path, name: str) -> None:
    assert said(tmp_path / "talk", LAYOUTS[name]) == HI


@pytest.mark.parametrize(
    "name",
    ["Dana", "Dana Fox (Sales)", "Fox, Dana", "Zoë van der Berg", "O'Neil", "J. R. Fox", "Dana's iPhone", "dana.fox",
     "maria del mar", "SPEAKER_00", "Speaker 1", "김민수", "李雷", "دانا", "+49 170 1234567 Dana", "dana@x.test"],
)  # fmt: skip
def test_names_of_many_kinds_are_speakers(tmp_path: Path, name: str) -> None:
    lines = [
        (name, "How are you?"),
        ("Bo", "Fine."),
        (name, "Go on."),
        ("Bo", "I did."),
        (name, "Good."),
        ("Bo", "Bye."),
    ]
    text = "".join(f"{who}: {words}\n" for who, words in lines)
    cues = "".join(f"{i + 1}\n00:00:0{i},000 --> 00:00:0{i},900\n{who}: {w}\n\n" for i, (who, w) in enumerate(lines))
    for file, content in (("talk.txt", text), ("talk.srt", cues)):
        item = read(tmp_path / file, content, name)
        assert isinstance(item, Transcript), item
        assert [(turn.speaker, turn.text) for turn in item.turns] == [
            ("rep" if who == "Bo" else "manager", words) for who, words in lines
        ]


@pytest.mark.parametrize(
    ("nod", "before", "after", "folded"),
    [
        ("Mm-hm.", "I looked at your pipeline", "and it is thin.", True),
        ("Uh-huh, uh-huh.", "I looked at your pipeline.", "It is thin.", True),
        ("Yeah, yeah.", "I looked at your pipeline,", "and it is thin.", True),
        ("Right.", "When I looked at it", "I saw a gap.", True),
        ("(crosstalk)", "I looked at your pipeline.", "It is thin.", True),
        ("Right.", "You are last in the team.", "It has to change.", False),
        ("Mhm.", "Did you call them?", "And what did they say?", False),
        ("yeah", "so how are you", "and the family", False),
        ("Yeah, but no.", "I looked at your pipeline,", "and it is thin.", False),
        ("No.", "I looked at your pipeline,", "and it is thin.", False),
    ],
)
def test_a_listeners_sound_amid_the_others_words_is_no_turn(
    tmp_path: Path, nod: str, before: str, after: str, folded: bool
) -> None:
    talk = said(tmp_path / "talk.txt", f"Dana: {before}\nBo: {nod}\nDana: {after}\nBo: I know it is.\n")
    own = [] if folded else [("rep", nod)]
    whole = [("manager", f"{before} {after}")] if folded else [("manager", before), *own, ("manager", after)]
    assert talk == [*whole, ("rep", "I know it is.")]


def test_turns_of_the_plain_form_keep_their_words_and_numbers(tmp_path: Path) -> None:
    turns = [("Dana", "Well (crosstalk),"), ("Bo", "Mm-hm."), ("Dana", "so &amp; so"), ("Dana", " it is.")]
    body = ", ".join(f'{{"speaker": "{who}", "text": "{text}"}}' for who, text in turns)
    talk = said(tmp_path / "talk.jsonl", f'{{"id": "a", "turns": [{body}]}}')
    assert talk == [("manager" if who == "Dana" else "rep", text) for who, text in turns]


def test_words_with_a_colon_are_no_speaker(tmp_path: Path) -> None:
    text = "Dana: Three things.\nCalls: fifty a day.\nthe point is: call them.\nBo: See https://x.test: it is down.\n"
    assert said(tmp_path / "talk.txt", text) == [
        ("manager", "Three things. Calls: fifty a day. the point is: call them."),
        ("rep", "See https://x.test: it is down."),
    ]


def test_many_conversations_in_a_table_are_told_apart_by_their_id(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(
        "call_id,speaker,text,team,date\n"
        "c1,Dana,Hi.,North,2026-05-14\nc1,Bo,Hello.,,\nc2,Dana,Morning.,South,\nc2,Cy,Hey.,,\n"
    )
    one, two = read_transcripts([path], "dana")
    assert isinstance(one, Transcript) and isinstance(two, Transcript)
    assert [(one.id, one.about.team, str(one.about.date)), (two.id, two.about.team)] == [
        ("c1", "North", "2026-05-14"), ("c2", "South"),
    ]  # fmt: skip


def test_a_list_of_conversations_in_one_json_document(tmp_path: Path) -> None:
    chat = '{"messages": [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}]}'
    path = tmp_path / "chats.json"
    path.write_text(f'[{chat}, {{"id": "own", {chat[1:]}, []]')
    first, second, broken = read_transcripts([path])
    assert (first.id, second.id) == ("chats.json#1", "own")
    assert isinstance(first, Transcript)
    assert first.about.roles.startswith("guessed: the user leads, as in a practice chat")
    assert isinstance(broken, Unreadable)
    assert (
        broken.reason == "chats.json#3: conversation: input should be a valid dictionary or instance of TranscriptForm"
    )


def test_a_chats_other_messages_and_parts_are_left_out(tmp_path: Path) -> None:
    chat = (
        '{"messages": [{"role": "system", "content": "Be Bo."}, {"role": "user", "content": [{"type": "text", '
        '"text": "Hi."}, {"type": "image_url"}]}, {"role": "tool", "content": "x"}, '
        '{"role": "assistant", "content": "Yo."}]}'
    )
    item = read(tmp_path / "chat.jsonl", chat, "assistant")
    assert isinstance(item, Transcript)
    assert [(turn.speaker, turn.text) for turn in item.turns] == [("rep", "Hi."), ("manager", "Yo.")]


def test_what_a_file_says_about_its_conversation_is_kept(tmp_path: Path) -> None:
    heading = "Manager: Dana\nRep: Bo\nTeam: North East\nDate: 14.05.2026\n\n"
    talk = read(tmp_path / "talk.txt", heading + LAYOUTS["one line each"], None)
    noted = read(
        tmp_path / "talk.vtt",
        "WEBVTT\n\nNOTE\nManager: Dana\nTeam: North East\nDate: 14 May 2026\n\n00:01.000 --> 00:02.000\n"
        "Dana: How are you, Bo?\n\n00:02.000 --> 00:03.000\nBo: Fine, thanks.\n",
        None,
    )
    named = read(tmp_path / "2026-05-14 manager=Dana, team=North East.txt", LAYOUTS["one line each"], None)
    for item in (talk, noted, named):
        assert isinstance(item, Transcript), item
        about = item.about
        assert (about.manager, about.rep, about.team, str(about.date)) == ("Dana", "Bo", "North East", "2026-05-14")
        assert about.roles == "as the file says"
