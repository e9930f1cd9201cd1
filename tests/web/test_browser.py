"""The page in a real browser: the way from the choice to the critique, on a desk and on a phone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator

import pytest
from browsing import OVERFLOW, SLOW, begin, button, choice, say, settle, watch, words
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect
from shipped import HARSH, KIND

from coach.app import App

MARKUP = "<b>bold</b> <script>document.title = 'taken over'</script> & **stars** $x$ what weighs most on you?"

# Somebody very quick: types as soon as the box that the turn has closed is open again.
TYPING_AT_ONCE = """() => {
  const box = document.querySelector('#words textarea');
  let closed = false;
  new MutationObserver(() => {
    if (closed && !box.disabled && !box.value) {
      box.value = 'Typed at once';
      box.dispatchEvent(new Event('input', { bubbles: true }));
    }
    closed = box.disabled;
  }).observe(box, { attributes: true });
}"""


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
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
            watch(page)
            page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: None if _here(request.url, site) else foreign.append(request.url))
            page.goto(site + path)
            return page

        yield opened
    assert faults == []
    assert foreign == []


def _is_fault(message: ConsoleMessage) -> bool:
    """Whether an error was logged; that Gradio gives up a stream of its own as a page is left is none."""
    return message.type == "error" and not message.text.startswith("AbortError: signal is aborted")


def _here(url: str, site: str) -> bool:
    return url.startswith((f"{site}/", "data:", "blob:"))


def test_from_the_choice_to_the_critique(visit):
    page = visit()
    expect(page.get_by_text("what you write stays on this computer")).to_be_visible(timeout=SLOW)
    choice(page).click()
    expect(page.get_by_text("Your aim.")).to_be_visible(timeout=SLOW)
    page.get_by_label("Hard", exact=True).check()
    expect(page.get_by_text("minutes, hard")).to_be_visible(timeout=SLOW)
    button(page, "Choose another").click()
    begin(page)

    say(page, KIND)
    say(page, MARKUP)
    chat = page.locator("#chat")
    expect(chat).to_contain_text(MARKUP)
    assert page.locator("#chat b", has_text="bold").count() == 0
    assert page.title() == "Sales leadership coach"

    address, before = page.url, chat.inner_text()
    settle(page)
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

    expect(debrief.locator("#turn-1")).not_to_be_visible()  # the replies are folded until a point leads to them
    debrief.locator("svg.trust a").first.click()
    expect(page).to_have_url(re.compile("session=.*#turn-1$"))
    expect(debrief.locator("#turn-1")).to_be_in_viewport()
    page.locator(".idea").first.click()
    expect(page.locator("#answer .reply")).to_be_visible(timeout=SLOW)

    settle(page)
    page.reload()
    expect(debrief).to_be_visible(timeout=SLOW)
    button(page, "Practise again").click()
    expect(choice(page)).to_be_visible(timeout=SLOW)
    expect(page).not_to_have_url(re.compile("session="), timeout=SLOW)


def test_an_end_by_mistake_is_taken_back_and_a_talk_left_for_later(visit):
    page = visit(width=390, height=844)
    begin(page)
    say(page, KIND)
    button(page, "End the conversation").click()
    button(page, "Back to the conversation").click(timeout=SLOW)
    expect(page.locator("#chat")).to_contain_text(KIND, timeout=SLOW)
    expect(page.locator("textarea:visible")).to_have_count(1)  # the words; what the page keeps for itself stays unseen
    say(page, HARSH)
    button(page, "Leave and go on later").click()
    expect(page.get_by_role("region", name="Conversations to practise")).to_be_visible(timeout=SLOW)
    expect(page.locator("textarea:visible, input[type=text]:visible")).to_have_count(0)


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


def test_a_click_before_the_page_has_loaded_all_is_not_undone(browser, site):
    """The page asks for what it shows first; a person may be quicker than the answer."""
    with contextlib.closing(browser.new_context()) as context:
        page, held = context.new_page(), []
        page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))
        page.goto(site)
        page.get_by_text("My conversation tomorrow").click(timeout=SLOW)
        expect(page.locator("#tomorrow textarea")).to_have_count(5, timeout=SLOW)  # made as the fold opens
        for box in page.locator("#tomorrow textarea").all():
            box.fill("Marta, account manager, three years with us, wants to leave.")
        button(page, "Make my conversation").click(timeout=SLOW)
        expect(button(page, "Start the conversation")).to_be_visible(timeout=SLOW)
        held[0].continue_()
        page.wait_for_load_state("networkidle", timeout=SLOW)  # the answer has come
        expect(button(page, "Start the conversation")).to_be_visible()
        button(page, "Start the conversation").click(timeout=SLOW)
        expect(words(page)).to_be_editable(timeout=SLOW)


def test_after_the_critique_the_same_rep_is_met_again_on_a_small_phone(visit):
    page = visit(360, 740)
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
    expect(page.get_by_text("Change first: a promise that was not kept")).to_be_visible(timeout=SLOW)


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
    page.get_by_text("Back to an earlier moment").click()
    page.get_by_label("Go back and answer differently").select_option("3")
    button(page, "Go back to this moment").click()
    expect(page.get_by_role("heading", name="Back to this moment")).to_be_visible(timeout=SLOW)
    expect(page.locator("#until-then")).not_to_contain_text("copy me on every email")
    button(page, "Start again from here").click()
    expect(words(page)).to_be_editable(timeout=SLOW)
    expect(page).not_to_have_url(first, timeout=SLOW)
    say(page, "So it was never about one call. What weighs most on you?")

    button(page, "Leave and go on later").click()
    expect(page.get_by_role("link", name="Go on with Carys").first).to_be_visible(timeout=SLOW)
    settle(page)
    page.get_by_role("link", name="Go on with Carys").first.click()
    button(page, "End the conversation").click()
    button(page, "Skip").click()
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
    expect(page.locator("#delete-question")).to_be_focused(timeout=SLOW)
    expect(button(page, "Delete it for good")).to_be_in_viewport(ratio=1)
    button(page, "Keep it").click()
    expect(page.locator("#delete")).to_be_focused(timeout=SLOW)
    button(page, "Delete this talk").click()
    button(page, "Delete it for good").click()
    expect(page.get_by_text("The talk is deleted")).to_be_visible(timeout=SLOW)
    settle(page)
    page.goto(first)
    expect(choice(page)).to_be_visible(timeout=SLOW)


def test_what_is_typed_the_moment_the_box_opens_is_not_wiped_away(visit):
    page = visit(path="/?scenario=burnout")
    button(page, "Start the conversation").click(timeout=SLOW)
    expect(words(page)).to_be_editable(timeout=SLOW)
    page.evaluate(TYPING_AT_ONCE)
    say(page, KIND, left="Typed at once")
    page.wait_for_timeout(1000)  # for the page to take in the end of the stream
    expect(words(page)).to_have_value("Typed at once")


def test_a_trainer_mends_a_scenario_while_typing_saves_it_and_tries_it(
    visit: Callable[..., Page], web_app: App
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
    web_app.discard("burnout-2")
