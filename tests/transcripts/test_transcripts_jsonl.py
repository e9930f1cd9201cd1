"""The plain form: every line is a conversation or says, in one line, why it cannot be used."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from coach.domain import About, Transcript
from coach.transcripts import Unreadable, read_transcripts
from coach.transcripts.files import mark
from coach.transcripts.formats.json_document import laid_out
from coach.transcripts.formats.jsonl import MAX_LINE
from coach.transcripts.forms import MAX_TURNS

Item = Transcript | Unreadable


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jsonl")


def talk(*speakers: str, id: object = "a", **more: object) -> bytes:
    turns = [{"speaker": speaker, "text": f"Words {i}"} for i, speaker in enumerate(speakers)]
    return json.dumps({"id": id, "turns": turns, **more}).encode()


TALK = talk("manager", "rep")


def items(folder: Path, *lines: bytes, manager: str | None = None) -> list[Item]:
    path = folder / "talks.jsonl"
    path.write_bytes(b"\n".join(lines))
    return list(read_transcripts([path], manager))


def only(folder: Path, line: bytes, manager: str | None = None) -> Item:
    (item,) = items(folder, line, manager=manager)
    return item


def reason(folder: Path, line: bytes, manager: str | None = None) -> str:
    item = only(folder, line, manager)
    assert isinstance(item, Unreadable)
    return item.reason


def speakers(item: Item) -> list[str]:
    assert isinstance(item, Transcript), item
    return [turn.speaker for turn in item.turns]


def test_turns_are_read_in_order_word_for_word(tmp_path: Path) -> None:
    turns = [{"speaker": "rep", "text": "Hi.  \n“So?”"}, {"speaker": " manager ", "text": "", "mood": "calm"}]
    item = only(tmp_path, json.dumps({"id": " a ", "turns": turns, "source": "call 7"}).encode())
    assert isinstance(item, Transcript)
    assert item.id == "a"
    assert [(t.i, t.speaker, t.text) for t in item.turns] == [(0, "rep", "Hi.  \n“So?”"), (1, "manager", "")]


def test_a_byte_order_mark_windows_ends_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    found = items(
        tmp_path, b"\xef\xbb\xbf" + TALK + b"\r", b"", b"   \t\r", talk("rep", "manager", id="b") + b"\r", b""
    )
    assert [item.id for item in found] == ["a", "b"]
    assert all(isinstance(item, Transcript) for item in found)


def test_line_separators_inside_the_words_do_not_split_the_line(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "turns": [{"speaker": s, "text": "a\u2028b\x85c"} for s in ("manager", "rep")]})
    item = only(tmp_path, line.encode())
    assert isinstance(item, Transcript)
    raw = only(tmp_path, line.encode().decode("unicode_escape").encode())
    assert raw == item


@pytest.mark.parametrize("name", ["Dana Fox", "dana fox", "DANA FOX"])
def test_the_managers_name_tells_who_leads(tmp_path: Path, name: str) -> None:
    assert speakers(only(tmp_path, talk("Bo", "Dana Fox", "Bo"), name)) == ["rep", "manager", "rep"]


def test_names_without_saying_who_leads_are_not_guessed(tmp_path: Path) -> None:
    told = "talks.jsonl:1: the speakers are Bo, Dana Fox; say who leads with --manager NAME or a roster"
    about = About(file="talks.jsonl")
    assert only(tmp_path, talk("Bo", "Dana Fox")) == Unreadable("a", told, about, ("Bo", "Dana Fox"))


def test_a_name_that_nobody_has_is_not_guessed(tmp_path: Path) -> None:
    assert "the speakers are Bo, Dana" in reason(tmp_path, talk("Bo", "Dana"), "Eve")


def test_a_name_changes_nothing_in_talks_that_say_manager_and_rep(tmp_path: Path) -> None:
    assert speakers(only(tmp_path, TALK, "Dana")) == ["manager", "rep"]


def test_the_named_one_leads_even_when_called_rep(tmp_path: Path) -> None:
    assert speakers(only(tmp_path, talk("Dana", "rep"), "rep")) == ["rep", "manager"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (talk("manager"), "only one speaker (manager) says anything; a one-on-one needs a manager and a rep"),
        (talk("Dana", "Dana"), "only one speaker (Dana) says anything"),
        (talk("manager", "rep", "customer"), "3 people speak (customer, manager, rep); only talks between two"),
        (b"{", "the line is not JSON"),
        (b"id: a", "the line is not JSON"),
        (b"[" * 100_000, "the line is not JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}", "the line is not JSON"),
        (b'{"id": "caf\xe9"}', "the line is not UTF-8 text; save the file as UTF-8"),
        (b"\x00\x01\x02\xff\xfe" * 20, "the line is not UTF-8 text"),
        (b"[1]", "line: input should be a valid dictionary"),
        (b"null", "line: input should be a valid dictionary"),
        (b"{}", "id: field required"),
        (talk("manager", "rep", id=7), "id: input should be a valid string"),
        (talk("manager", "rep", id="  "), "id: string should have at least 1 character"),
        (talk("manager", "rep", id="x" * 201), "id: string should have at most 200 characters"),
        (talk(), "turns: tuple should have at least 1 item"),
        (talk("manager", ""), "turns.1.speaker: string should have at least 1 character"),
        (talk("manager", "r" * 81), "turns.1.speaker: string should have at most 80 characters"),
        (b'{"id": "a", "turns": [{"speaker": "rep"}]}', "turns.0.text: field required"),
        (b'{"id": "a", "turns": "none"}', "turns: input should be a valid tuple"),
        (talk(*["manager", "rep"] * 1000, "manager"), f"turns: tuple should have at most {MAX_TURNS} items"),
    ],
)
def test_a_line_that_cannot_be_used_says_why_and_where(tmp_path: Path, line: bytes, words: str) -> None:
    found = items(tmp_path, talk("manager", "rep", id="before"), line, talk("manager", "rep", id="after"))
    assert [type(item) for item in found] == [Transcript, Unreadable, Transcript]
    assert found[1].reason.startswith("talks.jsonl:2: ")
    assert words in found[1].reason


def test_a_broken_line_keeps_its_id_where_it_has_one(tmp_path: Path) -> None:
    assert only(tmp_path, talk(id="call-7")).id == "call-7"
    assert only(tmp_path, b'{"turns": []}').id == "talks.jsonl:1"
    assert only(tmp_path, b'{"id": "  ", "turns": []}').id == "talks.jsonl:1"
    assert only(tmp_path, b"{").id == "talks.jsonl:1"


def test_a_broken_lines_id_is_as_short_as_any_id(tmp_path: Path) -> None:
    assert len(only(tmp_path, talk("manager", "rep", id="x" * 100_000)).id) <= 200


def test_speakers_with_endless_names_do_not_fill_the_screen(tmp_path: Path) -> None:
    found = reason(tmp_path, talk(*[f"{n:080d}" for n in range(50)]))
    assert "50 people speak (" in found
    assert len(found) < 350


def test_many_lines_that_are_no_json_are_one_failure_and_the_others_are_read(tmp_path: Path) -> None:
    noise, other = [b"\xff\x00" * 20] * 900, talk("manager", "rep", id="b")
    first, odd, last, *few = items(tmp_path, TALK, *noise, other, b"{", b"{")
    assert (first.id, odd.id, last.id, [one.id for one in few]) == (
        "a", "talks.jsonl:2", "b", ["talks.jsonl:903", "talks.jsonl:904"],
    )  # fmt: skip
    assert isinstance(odd, Unreadable)
    assert odd.reason.startswith("talks.jsonl:2: the line is not UTF-8 text; save the file as UTF-8 (the same goes for")
    assert "the 899 lines after it" in odd.reason


def test_half_an_emoji_makes_a_line_unreadable_not_the_whole_evaluation(tmp_path: Path) -> None:
    item = only(tmp_path, b'{"id": "a", "turns": [{"speaker": "manager", "text": "\\ud83d"}, '
                          b'{"speaker": "rep", "text": "?"}]}')  # fmt: skip
    assert isinstance(item, Unreadable)
    assert "\n" not in item.reason
    item = only(tmp_path, b'{"id": "a\\ud83d", "turns": []}')
    assert isinstance(item, Unreadable)
    item.id.encode()


def test_a_line_up_to_the_limit_is_read_and_one_over_it_is_not(tmp_path: Path) -> None:
    fits = talk("manager", "rep", id="fits", note="")
    fits = fits.replace(b'"note": ""', b'"note": "' + b"x" * (MAX_LINE - len(fits) - 1) + b'"')
    over = fits.replace(b"fits", b"overs")
    found = items(tmp_path, fits, over, b"y" * (3 * MAX_LINE), TALK)
    assert [item.id for item in found] == ["fits", "talks.jsonl:2", "talks.jsonl:3", "a"]
    assert [type(item) for item in found] == [Transcript, Unreadable, Unreadable, Transcript]
    assert found[1].reason == "talks.jsonl:2: the line is longer than 2,000,000 bytes; split the recording"


def test_a_last_line_over_the_limit_without_an_end_is_told(tmp_path: Path) -> None:
    found = items(tmp_path, TALK, b"y" * (MAX_LINE + 5))
    assert [type(item) for item in found] == [Transcript, Unreadable]


NAMES = st.sampled_from(["manager", "rep", "Dana", "", " rep", "a\nb"]) | st.text(max_size=5)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=4), deeper, max_size=3),
    max_leaves=6,
)
TALKS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.text(max_size=4) | ANY,
        "turns": st.lists(
            st.fixed_dictionaries({"speaker": NAMES | ANY, "text": st.text(max_size=9) | ANY}), max_size=4
        )
        | ANY,
    },
)
LINES = st.lists(TALKS.map(lambda data: json.dumps(data).encode()) | st.binary(max_size=40), max_size=4)


@settings(deadline=None, max_examples=300)
@given(lines=LINES, manager=st.none() | NAMES)
@example(lines=[talk("manager", "a\nb")], manager=None)
@example(lines=[talk("manager", "rep", id="a\ud800")], manager=None)
def test_every_line_that_is_not_blank_gives_one_conversation_or_one_reason(
    folder: Path, lines: list[bytes], manager: str | None
) -> None:
    assume(mark(b"\n".join(lines)) in (None, "utf-8-sig"))  # a damaged UTF-16 file has no lines
    assume(not laid_out(b"\n".join(lines).decode(errors="replace")))  # nor has a document over several of them
    found = items(folder, *lines, manager=manager)
    expected = [line for line in b"\n".join(lines).split(b"\n") if line.strip()]
    more = [re.search(r"goes for the (\d+) lines", one.reason) for one in found if isinstance(one, Unreadable)]
    assert len(found) + sum(int(match[1]) for match in more if match) == (len(expected) or 1)
    for item in found:
        json.dumps(item.id, ensure_ascii=False).encode()
        if isinstance(item, Unreadable):
            assert item.reason.startswith("talks.jsonl:")
            assert len(item.reason.splitlines()) == 1
            assert len(item.reason) < 500
        else:
            assert {turn.speaker for turn in item.turns} == {"manager", "rep"}
            assert [turn.i for turn in item.turns] == list(range(len(item.turns)))


@given(data=ANY)
def test_further_fields_change_nothing(folder: Path, data: Any) -> None:  # noqa: ANN401
    plain = only(folder, TALK)
    line = json.loads(TALK) | {"labels": data}
    assert only(folder, json.dumps(line).encode()) == plain
