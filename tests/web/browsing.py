"""What the tests in a real browser do on the page, and what they ask of it."""

from __future__ import annotations

import re
import time
from weakref import WeakKeyDictionary

from playwright.sync_api import Locator, Page, Request, expect

SLOW = 20_000  # milliseconds that a step may take on a busy machine
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

_ON_THE_WAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Keep what the page asks for until it has got it, so that it can be left when all has come."""
    asked = _ON_THE_WAY[page] = set()
    page.on("request", lambda request: asked.add(request))
    page.on("requestfinished", lambda request: asked.discard(request))
    page.on("requestfailed", lambda request: asked.discard(request))


def settle(page: Page) -> None:
    """Wait until all that a watched page asked for has come; Gradio logs a stream that is cut short as an error."""
    end = time.monotonic() + SLOW / 1000
    while _ON_THE_WAY[page]:
        assert time.monotonic() < end, [request.url for request in _ON_THE_WAY[page]]
        page.wait_for_timeout(20)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def words(page: Page) -> Locator:
    return page.locator("#words textarea")


def choice(page: Page) -> Locator:
    """The first of the cards, each of which is a link to a brief, once they are shown."""
    expect(page.locator(".cards .card").first).to_be_visible(timeout=SLOW)
    page.wait_for_load_state("networkidle", timeout=SLOW)  # Gradio logs a stream that a link cuts short as an error
    return page.locator(".cards .card").first.get_by_role("link")


def begin(page: Page) -> None:
    """From the choice over the brief into the talk."""
    choice(page).click()
    button(page, "Start the conversation").click()
    expect(words(page)).to_be_editable(timeout=SLOW)
    expect(page).to_have_url(re.compile(r"\?session=\w+"), timeout=SLOW)


def say(page: Page, text: str, left: str = "") -> None:
    """Type, send with Enter and wait for the answer, after which so much is left in the box."""
    expect(words(page)).to_be_editable(timeout=SLOW)
    replies = page.locator("#chat .bot.message")
    said = replies.count()
    words(page).fill(text)
    words(page).press("Enter")
    expect(page.locator("#chat")).to_contain_text(text[:60], timeout=SLOW)
    expect(replies).to_have_count(said + 1, timeout=SLOW)
    expect(replies.last).not_to_have_text("…", timeout=SLOW)
    expect(words(page)).to_be_editable(timeout=SLOW)
    expect(words(page)).to_have_value(left, timeout=SLOW)
