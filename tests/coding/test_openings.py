from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.coding.openings import Openings
from coach.coding.train_openings import ANSWERS, cue_lines, fit
from coach.content.places import shipped
from coach.domain import PRINCIPLES
from coach.errors import ConfigError

READER = Openings.load()


def test_reads_every_principle_of_every_turn() -> None:
    found = READER.read(["I cried in the car park on Sunday.", "Go on, then."])
    assert [list(one) for one in found] == [list(PRINCIPLES)] * 2
    assert all(0.0 <= p <= 1.0 for one in found for p in one.values())


def test_no_turns() -> None:
    assert READER.read([]) == []


def test_a_turn_without_words_calls_for_nothing() -> None:
    assert set(READER.read(["  "])[0].values()) == {0.0}


def test_a_turn_is_read_alone() -> None:
    texts = ["I closed it and nobody said anything.", "Fine.", "Can I learn how to run a tender?"]
    assert READER.read(texts) == [READER.read([text])[0] for text in texts]


@pytest.mark.parametrize(
    ("principle", "calling", "idle"),
    [
        ("recognition", "I closed the biggest deal of the year on Friday and nobody said a word.", "Shall we start?"),
        ("developing", "I'd like to become a team lead one day, is there a course?", "Shall we start?"),
        ("motivation", "My bonus is gone and honestly I'm bored, I've had an offer.", "Shall we start?"),
        ("wellbeing", "I can't sleep, I'm exhausted, I cried in the car on Sunday.", "It's Tuesday, the usual room."),
        (
            "vision",
            "Why are we doing this at all, what's the point of the new target?",
            "It's Tuesday, the usual room.",
        ),
    ],
)
def test_a_plain_call_stands_out(principle: str, calling: str, idle: str) -> None:
    loud, quiet = READER.read([calling, idle])
    assert loud[principle] > quiet[principle]  # type: ignore[index]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(0.0 <= p <= 1.0 for p in READER.read([text])[0].values())


def test_saved_and_loaded_it_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "openings.npz"
    READER.save(path)
    again = Openings.load(path)
    assert again.version == READER.version
    assert again.read(["Why did they move the target?"]) == READER.read(["Why did they move the target?"])


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"nothing of the kind")
    np.savez(tmp_path / "other.npz", a=np.zeros(2))
    for path in (broken, tmp_path / "other.npz", tmp_path / "absent.npz"):
        with pytest.raises(ConfigError):
            Openings.load(path)


def conversation(rep: str, rated: bool) -> dict[str, object]:
    turns = [{"speaker": "rep", "text": rep}, {"speaker": "manager", "text": "Right."}]
    levels = {p: 2 if rated and p == "recognition" else None for p in PRINCIPLES}
    return {"turns": turns, "codes": {"1": []}, "levels": levels}


def test_training_learns_the_words_of_rated_conversations_and_repeats_itself() -> None:
    lines = [conversation("nobody noticed the tender", True), conversation("shall we meet on tuesday", False)] * 8
    one, two = fit(lines, [], []), fit(lines, [], [])
    assert one.version == two.version
    loud, quiet = one.read(["nobody noticed the tender", "shall we meet on tuesday"])
    assert loud["recognition"] > 0.5 > quiet["recognition"]


def test_the_cues_of_every_principle_are_read() -> None:
    cues = cue_lines(shipped() / "knowledge" / "principles.yaml")
    assert {principle for _, principle in cues} == set(PRINCIPLES)


def test_every_principle_has_answers() -> None:
    assert set(ANSWERS) == set(PRINCIPLES)
