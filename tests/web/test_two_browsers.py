"""Two people at two browsers: neither is ever sent what the other says.

One owner's talks are kept together, and whoever is let in may list them. What is promised beyond that: a talk is sent
to nobody who does not name it or ask for the owner's list, a name cannot be guessed, and what a browser claims was
said before counts for nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
from browsing import SLOW, begin, words
from playwright.sync_api import Browser, expect
from serving import serving

from coach.app import App
from coach.settings import Settings
from eval.bench.web import Queue

ONE, TWO = "I say the word rhinoceros.", "I say the word periwinkle."
PASSWORD = "correct horse battery"  # noqa: S105


def test_two_windows_at_once_show_only_their_own_words(browser: Browser, site: str) -> None:
    with browser.new_context() as here, browser.new_context() as there:
        pages = [context.new_page() for context in (here, there)]
        for page in pages:
            page.set_default_timeout(SLOW)
            page.goto(site)
            begin(page)
        assert pages[0].url != pages[1].url
        for round_ in ("first", "second"):
            for page, text in zip(pages, (ONE, TWO), strict=True):  # both are on their way at the same time
                words(page).fill(f"{text} The {round_} time.")
                words(page).press("Enter")
            for page in pages:
                expect(page.locator("#chat")).to_contain_text(f"The {round_} time.", timeout=SLOW)
                expect(words(page)).to_be_editable(timeout=SLOW)
        for page, foreign in zip(pages, ("periwinkle", "rhinoceros"), strict=True):
            assert foreign not in page.content()
            page.reload()
            expect(page.locator("#chat")).to_contain_text("The second time.", timeout=SLOW)
            assert foreign not in page.content()


def test_the_queue_sends_a_talk_to_who_names_it_and_to_nobody_else(site: str, web_app: App) -> None:
    with ThreadPoolExecutor(1) as apart:  # playwright's loop runs in this thread
        got = apart.submit(lambda: asyncio.run(_raw(site))).result()
    assert "rhinoceros" in got["one"] and "periwinkle" not in got["one"]
    assert "periwinkle" in got["two"] and "rhinoceros" not in got["two"]
    for name in ("guessed", "empty", "list", "cut", "claimed"):
        assert "rhinoceros" not in got[name] and "periwinkle" not in got[name], name
    assert "no practice session" in got["guessed"]
    said = [turn.text for turn in web_app.store.path(web_app.store.session(got["id"], "local"))]
    assert ONE in said and "forged" not in json.dumps(said)
    assert re.fullmatch("[0-9a-f]{32}", got["id"])


async def _raw(url: str) -> dict[str, str]:
    """All that two windows are sent while both talk at once, and what others get who try for it."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        one, two, third = [await Queue.of(client) for _ in range(3)]
        talks = [
            (await client.post("/api/sessions", json={"scenario": "burnout", "seed": 1})).json()["id"] for _ in range(2)
        ]
        say = one.event("words", "submit")
        first, second = await asyncio.gather(_all(one, say, [talks[0], ONE]), _all(two, say, [talks[1], TWO]))
        forged = [{"role": "user", "content": [{"type": "text", "text": "forged"}]}]
        return {
            "id": talks[0],
            "one": first,
            "two": second,
            "guessed": await _all(third, say, [f"{int(talks[0], 16) + 1:032x}", "What was said here?"]),
            "empty": await _all(third, say, ["", "What was said here?"]),
            "list": await _all(third, third.event("leave", "click"), [""]),
            "cut": await _all(third, say, [talks[0][:31], "What was said here?"]),
            "claimed": await _all(third, say, ["gone", "And then?", forged, talks[0]]),
        }


async def _all(queue: Queue, event: int, data: list[Any]) -> str:
    return json.dumps([message async for message in queue.use(event, data)])


def test_who_is_not_let_in_gets_nothing_even_with_the_address(web_app: App) -> None:
    settings = Settings(home=web_app.settings.home, pace=0, names=("coach.example",), password=PASSWORD)
    talk = web_app.practice.reply(web_app.practice.start("local", "burnout", None, 1), ONE).id
    with closing(App(settings)) as app, serving(app) as url, httpx.Client(base_url=url) as client:
        sent = {"data": [talk, "What was said?"], "fn_index": 1, "session_hash": "a"}
        answers = [
            client.get(f"/?session={talk}"), client.get(f"/api/sessions/{talk}"), client.get(f"/debrief/{talk}"),
            client.post("/gradio_api/queue/join", json=sent),
            client.get("/gradio_api/queue/data", params={"session_hash": "a"}),
        ]  # fmt: skip
    assert {answer.status_code for answer in answers} <= {303, 401}
    assert not any("rhinoceros" in answer.text for answer in answers)
