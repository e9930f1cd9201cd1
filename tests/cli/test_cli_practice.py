"""``coach practice``: a conversation in the terminal, from the brief to the critique."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys

import pytest
from shipped import KIND

from coach import cli
from coach.app import App
from coach.settings import read_settings

SORRY = "That sounds hard, thank you for telling me. What weighs most on you at the moment?"


@pytest.fixture
def sessions(shared_index):
    """What this test's practices left in the database."""

    def read() -> list[list[tuple[str, str]]]:
        app = App(read_settings())
        found = [
            [(turn.speaker, turn.text) for turn in app.store.path(session)] for session in app.store.sessions("local")
        ]
        app.store.close()
        return found

    return read


def practise(coach, *lines: str, seed: int = 3, scenario: str = "burnout", options: tuple[str, ...] = ()):
    return coach("practice", scenario, "--seed", seed, *options, stdin="".join(f"{line}\n" for line in lines))


def squeeze(text: str) -> str:
    return re.sub(r"[\s│]+", " ", text)


def test_from_the_brief_to_the_critique(coach, burnout, sessions):
    result = practise(coach, KIND, SORRY, "/end", "I listened, I think.")
    assert (result.code, result.err) == (0, "")
    shown = squeeze(result.out)
    assert burnout.title in shown
    assert squeeze(burnout.goal) in shown
    assert "/end ends the talk" in shown
    (path,) = sessions()
    assert [speaker for speaker, _ in path] == ["rep", "manager", "rep", "manager", "rep", "rep"]
    for speaker, text in path:
        if speaker == "rep":
            assert squeeze(f"Carys: {text}") in shown
    assert 'Before reading this you said: "I listened, I think."' in result.out
    assert "THE PATH OF TRUST" in result.out
    assert "WHAT CARYS WAS CARRYING" in result.out


def test_the_critique_quotes_the_manager_and_the_knowledge_base(coach, app, sessions):
    result = practise(coach, KIND, SORRY, "/quit", "")
    said = re.findall(r'You (?:said|answered) \(in your \w+ reply\): "(.+)"', result.out)
    sourced = re.findall(r'^  "(.+)"\n    - ', result.out, re.MULTILINE)
    assert said
    assert sourced
    words = [text for speaker, text in sessions()[0] if speaker == "manager"]
    assert all(any(quote in text for text in words) for quote in said)
    passages = [passage.text for passage in app.knowledge.passages()]
    assert all(any(quote in text for text in passages) for quote in sourced)
    assert "Before reading this you said" not in result.out


def test_the_end_of_input_ends_the_talk(coach):
    result = practise(coach, KIND)
    assert result.code == 0
    assert "THE PATH OF TRUST" in result.out


@pytest.mark.parametrize("stop", ["/end", " /QUIT ", None])
def test_saying_nothing_gives_nothing_to_look_back_on(coach, sessions, stop):
    result = practise(coach, *([stop] if stop else []))
    assert result.code == 0
    assert "You said nothing, so there is nothing to look back on." in result.out
    assert "THE PATH OF TRUST" not in result.out
    assert [len(path) for path in sessions()] == [1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "There is nothing to send yet"),
        ("   ", "There is nothing to send yet"),
        ("x" * 50_000, "That is 50,000 characters"),
        ("😀😀", "An emoji alone cannot be heard"),
        ("<b><i></i></b>", "That message is only markup"),
        ("a\x00b", "characters that are not text"),
        ("\x1b[2J", "characters that are not text"),
    ],
    ids=["empty", "blank", "long", "emoji", "markup", "NUL", "escape"],
)
def test_what_cannot_be_said_comes_back_with_the_reason_and_costs_nothing(coach, sessions, line, reason):
    result = practise(coach, line, KIND, "/end", "")
    assert result.code == 0
    assert reason in squeeze(result.out)
    (path,) = sessions()
    assert [text for speaker, text in path if speaker == "manager"] == [KIND]
    assert "THE PATH OF TRUST" in result.out


def test_markup_and_terminal_markup_are_shown_as_they_are(coach, sessions):
    odd = "[bold red]How[/] are you, <b>really</b>? {{ 7 * 7 }} [/nothing]"
    result = practise(coach, odd, "/end", odd)
    assert result.code == 0
    assert f'you said: "{odd}"' in result.out
    assert ("manager", odd) in sessions()[0]


def test_the_same_seed_gives_the_same_words(coach):
    talks = [practise(coach, KIND, SORRY, "/end", "", seed=11).out.partition("Before you read on") for _ in range(2)]
    assert talks[0][:2] == talks[1][:2]


def test_without_a_seed_the_rep_varies(coach):
    first = coach("practice", "burnout", stdin="/end\n").out
    assert any(coach("practice", "burnout", stdin="/end\n").out != first for _ in range(12))


def test_the_difficulty_can_be_chosen(coach):
    assert practise(coach, KIND, "/end", "", options=("--difficulty", "hard")).code == 0
    result = practise(coach, options=("--difficulty", "brutal"))
    assert (result.code, result.out) == (2, "")
    assert "There is no difficulty 'brutal'; choose easy, standard or hard." in result.err


def test_an_unknown_scenario_is_told_with_the_known_ones(coach):
    result = practise(coach, scenario="picnic")
    assert (result.code, result.out) == (2, "")
    assert "There is no scenario 'picnic'; the scenarios are: " in result.err
    assert "burnout" in result.err


def test_nothing_hidden_is_shown_during_the_talk(coach, burnout):
    out = squeeze(practise(coach, "Hi.", "/end", "").out)
    talk, _, _ = out.partition("Before you read on")
    assert not any(squeeze(fact.text) in talk for fact in burnout.facts)
    assert not any(squeeze(line) in talk for fact in burnout.facts for line in fact.lines)


def test_a_person_at_a_terminal_is_asked(shared_index, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "argv", ["coach", "practice", "burnout"])
    monkeypatch.setattr(sys, "stdin", Terminal("/end\n"))
    with pytest.raises(SystemExit):
        cli.main()
    assert "You: " in capsys.readouterr().out


def test_a_real_process_fed_through_a_pipe_where_a_line_that_is_no_text_is_refused_alone(shared_index, sessions):
    words = b"\xff\xfe\xff\n" + f"{KIND}\n\n😀\n{SORRY}\n/end\nIt went well.\n".encode()
    done = subprocess.run(
        [sys.executable, "-m", "coach", "practice", "burnout", "--seed", "3"],
        input=words, capture_output=True, timeout=120, check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"},
    )  # fmt: skip
    out = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "characters that are not text" in squeeze(out)
    assert [text for speaker, text in sessions()[0] if speaker == "manager"] == [KIND, SORRY]
    assert "An emoji alone cannot be heard" in out
    assert 'Before reading this you said: "It went well."' in out
    assert "THE PATH OF TRUST" in out


PROMISED = f"{SORRY} I will call Colin tomorrow."


def test_the_same_rep_can_be_met_again_by_the_id_that_the_debrief_prints(coach, burnout):
    first = practise(coach, KIND, PROMISED, "/end", "")
    command = re.search(r"coach practice (burnout) (--after) (\w{32}) (--since) kept", first.out)
    assert command
    _, *after, since = command.groups()
    again = practise(coach, "Morning. Send me the forecast.", "/end", "", options=(*after, since, "broken"))
    assert (again.code, again.err) == (0, "")
    shown = squeeze(again.out)
    assert any(squeeze(line) in shown for line in burnout.next_time.broken)
    assert "You said: “I will call Colin tomorrow.”" in shown
    assert "CHANGE FIRST: a promise that was not kept" in again.out
    assert "WHAT YOU PROMISED LAST TIME" in again.out
    assert "WHAT YOU PROMISED LAST TIME" not in first.out


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--after", "none", "--since", "kept"), "There is no practice session 'none' here"),
        (("--after", "none"), "There is no practice session 'none' here"),
        (("--since", "kept"), "Name the session that this one follows"),
        (
            ("--after", "none", "--since", "later"),
            "Nothing is called 'later' here; choose kept, broken, better, worse or",
        ),
    ],
)
def test_what_cannot_follow_is_told(coach, sessions, options, reason):
    result = practise(coach, options=options)
    assert result.code == 2
    assert reason in squeeze(result.err)
    assert sessions() == []
