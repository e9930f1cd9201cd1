"""The command line as a whole: help, errors as one sentence, and what it leaves unloaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coach import cli, errors

COMMANDS = ("ui", "practice", "ask", "run", "evaluate", "report", "scenarios", "knowledge", "schema", "doctor")
HEAVY = (
    "alembic", "chromadb", "fastapi", "gradio", "langchain", "langchain_chroma", "langchain_core", "numpy", "openai",
    "pydantic", "scipy", "sklearn", "sqlalchemy", "uvicorn", "wordllama", "yaml",
)  # fmt: skip


def test_help_names_every_command(coach):
    result = coach("--help")
    assert result.code == 0
    assert all(f" {name} " in result.out for name in COMMANDS)


@pytest.mark.parametrize(
    "command",
    [
        *[(name,) for name in COMMANDS],
        ("scenarios", "list"),
        ("scenarios", "check"),
        ("knowledge", "search"),
        ("knowledge", "add"),
        ("knowledge", "build"),
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(coach, command):
    result = coach(*command, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"{' '.join(command)} [OPTIONS]" in result.out


@pytest.mark.parametrize("args", [(), ("scenarios",), ("knowledge",)], ids=str)
def test_without_a_command_the_help_is_shown(coach, args):
    result = coach(*args)
    assert result.code == 2
    assert "Usage: " in result.out + result.err


@pytest.mark.parametrize(
    "args", [("sing",), ("schema", "a", "b"), ("run",), ("evaluate", "x.jsonl"), ("ui", "--port", "0")], ids=str
)
def test_wrong_usage_exits_with_2_and_says_how_to_go_on(coach, args):
    result = coach(*args)
    assert (result.code, result.out) == (2, "")
    assert "Usage: " in result.err


@pytest.mark.parametrize(
    "error",
    [
        errors.InputError("One."),
        errors.KnowledgeError("Two."),
        errors.StoreError("Three."),
        errors.ModelError("Four."),
        errors.ConfigError("Five."),
        errors.ContentError([errors.Problem(Path("a.yaml"), 3, "id", "is missing; add it")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_ours_is_a_sentence_and_exit_code_2(coach, monkeypatch, error):
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    assert coach("anything") == (2, "", f"coach: {error}\n")


def test_a_fault_of_the_program_is_not_hidden(coach, monkeypatch):
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(ZeroDivisionError):
        coach("anything")


@pytest.mark.parametrize(
    "command",
    [
        ("practice", "burnout"),
        ("run", "script.yaml"),
        ("evaluate", "talks.jsonl", "--out", "out"),
        ("ui", "--no-browser"),
        ("doctor",),
    ],
    ids=lambda command: command[0],
)
def test_an_unknown_model_is_named_with_the_known_ones(coach, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = coach(*command, "--model", "oracle-9")
    assert result.code == 2
    assert result.err.startswith("coach: ")
    assert "'oracle-9'" in result.err
    assert "offline" in result.err
    assert result.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_environment_chooses_the_model_and_the_option_wins(coach, monkeypatch):
    monkeypatch.setenv("COACH_MODEL", "oracle-9")
    assert coach("doctor").code == 2
    assert "voice: offline" in coach("doctor", "--model", "offline").out


@pytest.mark.parametrize("command", [("scenarios", "list"), ("doctor",), ("knowledge", "search", "x")], ids=str)
def test_a_content_folder_that_is_not_there_is_named(coach, command, tmp_path):
    result = coach(*command, "--content", tmp_path / "mine")
    assert result.code == 2
    assert f"{tmp_path / 'mine'} does not exist" in result.err


def test_importing_the_command_line_loads_no_heavy_library():
    code = f"import sys, coach.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_a_reader_that_has_gone_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-m", "coach", "schema", "scenario"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read()
        assert process.wait(60) in (0, 1)
    assert complaint == b""
