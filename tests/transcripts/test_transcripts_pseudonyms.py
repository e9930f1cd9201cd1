"""Pseudonyms: names go, everyday words stay, and the same name is the same everywhere."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import About, Transcript, Turn
from coach.errors import StoreError
from coach.transcripts import Unreadable
from coach.transcripts.pseudonyms import Pseudonyms

ABOUT = About(manager="Dana Whitlock", rep="Sam Ortiz", team="North", roles="Dana Whitlock leads, by the roster")


def replaced(*texts: str, about: About = ABOUT, secret: bytes = b"s") -> list[str]:
    turns = tuple(Turn(i=i, speaker="manager" if i % 2 else "rep", text=text) for i, text in enumerate(texts))
    return [turn.text for turn in Pseudonyms(secret).replace(Transcript(id="x", about=about, turns=turns)).turns]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Hi Dana, Whitlock here.", "Dana Whitlock"),
        ("so dana and sam talked, DANA did", "dana sam DANA"),
        ("Dana's deal, and Ortiz’s.", "Dana Ortiz"),
        ("I met Priya at Globex in Leeds.", "Priya Globex Leeds"),
        ("Priya said no.", "Priya"),
        ("Ask Mark about it.", "Mark"),
        ("Will, how are you?", "Will"),
        ("Globex called. We like Globex.", "Globex"),
        ("Anne-Marie is out.", "Anne Marie"),
        ("Write to sam.ortiz+x@globex.co.uk now.", "sam ortiz globex"),
        ("See https://globex.example/deal?id=7.", "globex deal"),
        ("Call +44 20 7946 0958 or 030 1234567.", "7946 1234567"),
    ],
)
def test_what_names_somebody_is_replaced(text: str, gone: str) -> None:
    (found,) = replaced(text)
    assert not [word for word in gone.split() if re.search(rf"\b{word}\b", found)]
    assert found != text


@pytest.mark.parametrize(
    "text",
    [
        "Will you mark it? Don't. May I? I'm fine.",
        "We closed 250,000 in Q3, on Tuesday the 2024-05-06 at 12:30.",
        'He said "Nothing works" and left. (Then he came back.) The CRM is slow: Why?',
        "Everything is fine. everything. We like Everything.",
        "",
    ],
)
def test_everyday_words_and_figures_stay(text: str) -> None:
    assert replaced(text) == [text]


def test_a_name_is_the_same_in_every_recording_and_its_parts_match() -> None:
    made = Pseudonyms(b"s").replace(Transcript(id="x", about=ABOUT, turns=(Turn(i=0, speaker="rep", text="Dana!"),)))
    first, last = made.about.manager.split()
    assert made.turns[0].text == f"{first}!"
    assert made.about.roles == f"{first} {last} leads, by the roster"
    assert (made.about.team, made.id) == ("North", "x")
    assert replaced("Bye, Dana.", "Globex? Yes, Globex.")[0] == f"Bye, {first}."
    assert replaced("Bye, Dana.", secret=b"other") != [f"Bye, {first}."]


def test_two_names_never_become_one_nor_a_name_that_somebody_has() -> None:
    names = ["Priya", "Tom", "Globex", "Initech", "Hooli", "Dana", "Sam", "Ortiz", "Whitlock"]
    for secret in range(40):
        (found,) = replaced("We met " + " and ".join(names), secret=bytes([secret]))
        made = re.findall(r"[A-Z]\w+", found)[1:]
        assert len(set(made)) == len(names)
        assert not set(made) & set(names)


def test_no_other_name_shows_the_one_it_replaces() -> None:
    for secret in range(200):
        (found,) = replaced("Bye, Sam, and see you, Ann.", secret=bytes([secret]))
        assert not re.search("sam|ann", found, re.IGNORECASE)


def test_the_reason_of_a_failure_names_nobody() -> None:
    about = About(manager="Dana Whitlock", team="North", file="Dana and Sam.vtt")
    reason = "Dana and Sam.vtt: nobody is called Dana; the speakers are Dana Whitlock, the boss; say who leads"
    failed = Unreadable("Dana and Sam.vtt", reason, about, ("Dana Whitlock", "the boss", "Dana"))
    (found,) = Pseudonyms(b"s").every([failed])
    assert isinstance(found, Unreadable)
    told = found.reason.removeprefix("Dana and Sam.vtt: nobody is called ")
    assert not re.search("Dana|Whitlock|boss", told)
    assert told.endswith("; say who leads")
    assert f"the speakers are {found.about.manager}, " in told
    assert (found.id, found.people, found.about.team) == ("Dana and Sam.vtt", (), "North")
    bare = Unreadable("a.docx", "a.docx: this is damaged", About(file="a.docx"))
    assert list(Pseudonyms(b"s").every([bare])) == [bare]


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    turn = Transcript(id="x", about=ABOUT, turns=(Turn(i=0, speaker="rep", text="Dana"),))
    assert Pseudonyms.of(path).replace(turn) == Pseudonyms.of(path).replace(turn)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match="key of the pseudonyms"):
        Pseudonyms.of(path)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_text_breaks_it_and_no_speaker_is_left(texts: list[str]) -> None:
    found = replaced(*texts, "Thanks, Whitlock.")
    assert len(found) == len(texts) + 1
    assert not any("Whitlock" in text for text in found)
