"""The command line called in this process, because a new one takes seconds to start."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer.main

from coach import cli
from coach.app import App
from coach.settings import Settings

Form = dict[str, Any]


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Form]:
        """Output read as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Coach = Callable[..., Result]
COMMANDS = cache(typer.main.get_command)  # made of all functions and their types, each time the program is called


def invoke(*args: object, stdin: str = "") -> Result:
    """Call ``coach ARGS`` and catch what it prints and its exit code; as after a process, no file stays open."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    begin = App.__init__

    def begun(app: App, settings: Settings) -> None:
        begin(app, settings)
        files.callback(app.close)

    with ExitStack() as files, pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(App, "__init__", begun)
        patch.setattr(sys, "argv", ["coach", *map(str, args)])
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        patch.setattr(typer.main, "get_command", COMMANDS)
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
    return Result(code, out.getvalue(), err.getvalue())


@pytest.fixture
def shared_index(share_index: Callable[[Path], None], own_home: Path) -> Path:
    """The home of this test, with the index that is already built."""
    share_index(own_home)
    return own_home


@pytest.fixture
def coach(shared_index: Path) -> Coach:
    """Call the command line."""
    return invoke


@pytest.fixture(scope="module")
def coach_once(share_index: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory) -> Coach:
    """Call the command line for results that several tests of a module look at."""
    home = tmp_path_factory.mktemp("home")
    share_index(home)

    def call(*args: object, stdin: str = "") -> Result:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COACH_HOME", str(home))
            patch.delenv("COACH_MODEL", raising=False)
            patch.delenv("COACH_CONTENT", raising=False)
            return invoke(*args, stdin=stdin)

    return call


@pytest.fixture(scope="session")
def check_quotes(app: App) -> Callable[[Form, list[Form]], int]:
    """Both quotes of every finding stand where it says; returns how many findings there are."""

    def check(line: Form, turns: list[Form]) -> int:
        for finding in line["findings"]:
            assert finding["evidence"]
            assert finding["passages"]
            assert finding["advice"].strip()
            for evidence in finding["evidence"]:
                said = turns[evidence["turn"]]
                assert said["speaker"] == "manager"
                assert evidence["quote"].strip()
                assert evidence["quote"] in said["text"]
            for passage in finding["passages"]:
                assert app.knowledge.verbatim(passage["source"], passage["section"], passage["quote"])
        return len(line["findings"])

    return check
