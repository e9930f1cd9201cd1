"""The page in a real browser: the way from the choice to the critique, on a desk and on a phone."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import OVERFLOW, SLOW, begin, button, choice, say, words
from playwright.sync_api import Browser, Locator, Page, expect

KIND = "You have gone quiet lately and I am worried about you. How are you really doing?"
MARKUP = "<b>bold</b> <script>document.title = 'taken over'</script> & **stars** $x$ what weighs most on you?"
HARSH = "I do not care how you feel. Make the calls or you are out, and copy me on every email."


@pytest.fixture(scope="module")
def server(web_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``coach ui`` in a process of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "coach", "ui", "--port", str(port), "--no-browser"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | {"COACH_HOME": str(web_home), "COACH_PACE": "0"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 90
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, "the server did not become ready"
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5):
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open the page in a window of its own; at the end nothing may have gone wrong or gone out."""
    faults: list[str] = []
    foreign: list[str] = []
    with contextlib.ExitStack() as windows:

        def opened(width: int = 1280, height: int = 900, path: str = "/") -> Page:
            context = windows.enter_context(
                contextlib.closing(browser.new_context(viewport={"width": width, "height": height}))
            )
            context.set_default_timeout(SLOW)
            page = context.new_page()
            page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: None if _here(request.url, server) else foreign.append(request.url))
            page.goto(server + path)
            return page

        yield opened
    assert faults == []
    assert foreign == []


def _here(url: str, server: str) -> bool:
    return url.startswith((f"{server}/", "data:", "blob:"))


def test_from_the_choice_to_the_critique(visit):
    page = visit()
    expect(page.get_by_text("what you write stays on this computer")).to_be_visible(timeout=SLOW)
    choice(page).click()
    expect(page.get_by_text("Your aim.")).to_be_visible(timeout=SLOW)
    button(page, "Choose another").click()
    begin(page)

    say(page, KIND)
    say(page, MARKUP)
    chat = page.locator("#chat")
    expect(chat).to_contain_text(MARKUP)
    assert page.locator("#chat b", has_text="bold").count() == 0
    assert page.title() == "Sales leadership coach"

    address, before = page.url, chat.inner_text()
    page.reload()
    expect(chat).to_contain_text(MARKUP, timeout=SLOW)
    assert (page.url, chat.inner_text()) == (address, before)
    say(page, HARSH)

    button(page, "End the conversation").click()
    thoughts = page.locator("#thoughts textarea")
    thoughts.fill("Went well <i>until</i> the end.")
    button(page, "Show me the critique").click()
    debrief = page.locator("#debrief .debrief")
    expect(debrief).to_be_visible(timeout=SLOW)
    expect(debrief).to_contain_text("Went well <i>until</i> the end.")
    quote, source = debrief.locator(".pair .said").first, debrief.locator(".pair .source").first
    expect(quote).to_be_visible()
    expect(source).to_be_visible()
    assert any(quote.inner_text().strip() in text for text in (KIND, MARKUP, HARSH))
    expect(debrief).to_contain_text("What Carys was carrying")
    assert page.evaluate("window.scrollY") < 50

    debrief.locator("svg.trust a").first.click()
    expect(page).to_have_url(re.compile("session=.*#turn-1$"))
    expect(debrief.locator("#turn-1")).to_be_in_viewport()
    page.locator(".idea").first.click()
    expect(page.locator("#answer .reply")).to_be_visible(timeout=SLOW)

    page.reload()
    expect(debrief).to_be_visible(timeout=SLOW)
    button(page, "Practise again").click()
    expect(button(page, "Read the brief")).to_be_visible(timeout=SLOW)
    expect(page).not_to_have_url(re.compile("session="), timeout=SLOW)


def test_words_that_cannot_be_sent_come_back_with_the_reason(visit):
    page = visit()
    begin(page)
    alert = page.get_by_role("alert")
    for text, reason in (
        ("😀😀", "An emoji alone cannot be heard"),
        ("<b></b>", "only markup"),
        ("x" * 4_001, "That is 4,001 characters"),
    ):
        words(page).fill(text)
        words(page).press("Enter")
        expect(alert).to_contain_text(reason, timeout=SLOW)
        expect(words(page)).to_have_value(text, timeout=SLOW)
        expect(words(page)).to_be_editable(timeout=SLOW)
    say(page, KIND)
    expect(alert).to_have_count(0, timeout=SLOW)


def test_on_a_phone_nothing_runs_out_of_the_window(visit):
    page = visit(390, 844)
    on = choice(page)
    panes = {"choose": page.evaluate(OVERFLOW)}
    on.click()
    expect(button(page, "Start the conversation")).to_be_visible(timeout=SLOW)
    panes["brief"] = page.evaluate(OVERFLOW)
    button(page, "Start the conversation").click()
    say(page, f"{'w' * 300} {KIND}")
    panes["talk"] = page.evaluate(OVERFLOW)
    button(page, "End the conversation").click()
    expect(page.locator("#thoughts textarea")).to_be_visible(timeout=SLOW)
    panes["reflect"] = page.evaluate(OVERFLOW)
    button(page, "Skip").click()
    debrief = page.locator("#debrief .debrief")
    expect(debrief).to_be_visible(timeout=SLOW)
    panes["read"] = page.evaluate(OVERFLOW)
    for details in debrief.locator("details:not(details details)").all():
        details.locator("summary").first.click()
    panes["read, unfolded"] = page.evaluate(OVERFLOW)
    assert panes == dict.fromkeys(panes, 0)


def test_the_keyboard_is_enough(visit):
    page = visit()

    def reach(target: Locator) -> None:
        for _ in range(40):
            if target.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{target} cannot be reached with the Tab key")

    reach(choice(page))
    page.keyboard.press("Enter")
    expect(button(page, "Start the conversation")).to_be_visible(timeout=SLOW)
    reach(button(page, "Start the conversation"))
    page.keyboard.press("Enter")
    expect(words(page)).to_be_editable(timeout=SLOW)
    reach(words(page))
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and the second?")
    expect(words(page)).to_have_value("First line\nand the second?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat")).to_contain_text("and the second?", timeout=SLOW)
    expect(words(page)).to_have_value("", timeout=SLOW)
    expect(words(page)).to_be_editable(timeout=SLOW)  # the rep has answered, and the focus is back in the box
    reach(button(page, "End the conversation"))
    page.keyboard.press("Enter")
    expect(page.locator("#thoughts textarea")).to_be_visible(timeout=SLOW)
    reach(button(page, "Show me the critique"))
    page.keyboard.press("Enter")
    expect(page.locator("#debrief .debrief")).to_be_visible(timeout=SLOW)


def test_two_windows_hold_two_talks(visit):
    one, two = visit(), visit()
    begin(one)
    begin(two)
    assert one.url != two.url
    say(one, "This is said to one.")
    say(two, "This is said to two.")
    expect(one.locator("#chat")).not_to_contain_text("said to two")
    expect(two.locator("#chat")).not_to_contain_text("said to one")


def test_the_address_of_a_talk_that_is_gone_leads_to_the_choice(visit):
    expect(choice(visit(path="/?session=gone"))).to_be_visible()


def test_a_click_before_the_page_has_loaded_all_is_not_undone(browser, server):
    """The page asks for what it shows first; a person may be quicker than the answer."""
    with contextlib.closing(browser.new_context()) as context:
        page, held = context.new_page(), []
        page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))
        page.goto(server)
        button(page, "Read the brief").click(timeout=SLOW)
        expect(button(page, "Start the conversation")).to_be_visible(timeout=SLOW)
        held[0].continue_()
        page.wait_for_load_state("networkidle", timeout=SLOW)  # the answer has come
        expect(button(page, "Start the conversation")).to_be_visible()
        button(page, "Start the conversation").click(timeout=SLOW)
        expect(words(page)).to_be_editable(timeout=SLOW)


@pytest.mark.parametrize("width", [1280, 360])
def test_after_the_critique_the_same_rep_is_met_again(visit, width):
    page = visit(width=width)
    begin(page)
    say(page, f"{KIND} I will call Colin tomorrow.")
    button(page, "End the conversation").click()
    button(page, "Skip").click()
    expect(page.get_by_text("Meet again next week. What has happened since?")).to_be_visible(timeout=SLOW)
    assert page.evaluate(OVERFLOW) <= 0
    page.get_by_label("I did not do what I promised").check()
    address = page.url
    button(page, "Meet again next week").click()
    expect(page.locator("#chat")).to_contain_text("You said: “I will call Colin tomorrow.”", timeout=SLOW)
    expect(page.get_by_text("You did not do what you promised.")).to_be_visible()
    expect(page).not_to_have_url(address)
    say(page, "How is the pipeline?")
    button(page, "End the conversation").click()
    button(page, "Skip").click()
    expect(page.get_by_text("Change first: Integrity")).to_be_visible(timeout=SLOW)


def test_a_moment_is_answered_differently_and_both_ways_stand_side_by_side(visit):
    page = visit(path="/?scenario=burnout")
    button(page, "Start the conversation").click(timeout=SLOW)
    expect(page).to_have_url(re.compile(r"\?session=\w+"), timeout=SLOW)
    say(page, KIND)
    say(page, HARSH)
    for name in ("A hint from the coach", "Leave and go on later", "End the conversation"):
        expect(button(page, name)).to_be_in_viewport(ratio=1)
    button(page, "A hint from the coach").click()
    expect(page.get_by_text("The coach whispers:")).to_be_visible(timeout=SLOW)
    portrait = page.locator(".across svg")
    expect(portrait).to_have_attribute("aria-label", re.compile("Carys "))
    first = page.url
    page.goto(f"{first}&rewind=3")  # as a link in a debrief does
    expect(page.get_by_role("heading", name="Back to this moment")).to_be_visible(timeout=SLOW)
    expect(page.locator("#until-then")).not_to_contain_text("copy me on every email")
    button(page, "Start again from here").click()
    expect(words(page)).to_be_editable(timeout=SLOW)
    expect(page).not_to_have_url(first, timeout=SLOW)
    say(page, "So it was never about one call. What weighs most on you?")

    button(page, "Leave and go on later").click()
    page.get_by_role("link", name="Go on with Carys").first.click()
    button(page, "End the conversation").click()
    button(page, "Skip").click()
    button(page, "Compare with another try").click()
    beside = page.locator("#compared .compare")
    expect(beside.get_by_text("copy me on every email").first).to_be_visible(timeout=SLOW)
    expect(beside.get_by_text("So it was never about one call.").first).to_be_visible()
    one, other = (side.bounding_box() for side in beside.locator(".side").all())
    assert one["y"] == other["y"]
    page.set_viewport_size({"width": 390, "height": 844})
    one, other = (side.bounding_box() for side in beside.locator(".side").all())
    assert one["y"] + one["height"] <= other["y"]
    assert page.evaluate(OVERFLOW) <= 0
    button(page, "Delete this talk").click()
    button(page, "Delete it for good").click()
    expect(page.get_by_text("The talk is deleted")).to_be_visible(timeout=SLOW)
    page.goto(first)
    expect(button(page, "Read the brief")).to_be_visible(timeout=SLOW)


def test_a_trainer_mends_a_scenario_while_typing_saves_it_and_tries_it(
    visit: Callable[..., Page], web_home: Path
) -> None:
    page = visit(path="/desk")
    page.get_by_role("link", name="Scenarios").click()
    page.get_by_role("link", name="The calm one").click()
    text, preview = page.get_by_label("The scenario, as YAML"), page.locator("#preview")
    expect(preview).to_contain_text("Sound.")
    text.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("minutos: 15\n")
    expect(preview).to_contain_text("1 thing to mend before it can be saved", timeout=SLOW)
    expect(preview).to_contain_text("minutos: is not a known field")
    preview.get_by_role("link", name="Line 1").click()
    assert page.evaluate("() => getSelection().toString()") == "minutos: 15"
    page.keyboard.press("Delete")
    expect(preview).to_contain_text("Sound.", timeout=SLOW)
    button(page, "Save and try it").click()
    page.wait_for_url("**/?scenario=burnout-2")
    expect(button(page, "Start the conversation")).to_be_visible(timeout=SLOW)
    (web_home / "content" / "knowledge" / "scenarios" / "burnout-2.yaml").unlink()
