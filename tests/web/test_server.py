"""What the server does besides answering: it warms up, so that nobody's first turn is slow."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import Any, cast

import pytest
import uvicorn
from fastapi import FastAPI

from coach.app import App
from coach.coding.topics import finder
from coach.domain import Scenario
from coach.errors import ConfigError
from coach.rep.aptness import answers
from coach.rep.giveaways import secrets
from coach.rep.guard import Guard
from coach.rep.patterns import patterns, people
from coach.web.server import Server
from coach.web.warming import warm

MADE: tuple[Any, ...] = (finder, answers, patterns, people, secrets)  # kept for each rep
WORDS = "What is on your mind today?"


def never() -> bool:
    return False


def missed() -> list[int]:
    return [made.cache_info().misses for made in MADE]


def test_after_the_warm_up_a_first_turn_makes_nothing_anew(web_app: App, burnout: Scenario) -> None:
    for made in MADE:
        made.cache_clear()
    some = {"burnout": web_app.library.scenarios["burnout"]}
    guarded = SimpleNamespace(library=SimpleNamespace(scenarios=some), voice=SimpleNamespace(id="a model"))
    warm(cast(App, guarded), never)
    before = missed()
    assert all(before)
    session = web_app.practice.start("local", "burnout", None, 1)
    web_app.practice.reply(session, WORDS)
    assert Guard(burnout, (), [], WORDS).check_all("It has been a long month.") is None
    assert missed() == before


def test_a_warm_up_ends_when_the_server_does_and_leaves_errors_to_those_who_can_mend_them(
    web_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []
    monkeypatch.setattr("coach.web.warming._meet", lambda scenario, _coder, *, guarded: met.append(scenario.id))
    warm(web_app, lambda: len(met) == 2)
    assert met == list(web_app.library.scenarios)[:2]

    def damaged() -> None:
        raise ConfigError("The coder's data file is damaged.")

    monkeypatch.setattr("coach.coding.LocalCoder.load", damaged)
    warm(web_app, never)
    assert len(met) == 2


def test_what_comes_after_the_start_begins_when_the_server_answers() -> None:
    seen: list[bool] = []

    async def begun() -> None:
        config = uvicorn.Config(FastAPI(), log_level="critical", lifespan="off")
        config.load()
        server = Server(config, lambda: seen.append(server.started))
        server.lifespan = config.lifespan_class(config)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            await server.startup([listener])
            await server.shutdown([listener])

    asyncio.run(begun())
    assert seen == [True]
