"""axe-core over every page: on a desk by day and on a phone at night, nothing serious or critical."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import OVERFLOW, SLOW, begin, button, choice, say
from playwright.sync_api import Browser, Page, expect
from serving import serving
from shipped import Product

from coach.app import App

PASSWORD = "correct horse battery"  # noqa: S105
RESTYLED = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
# Colour scheme, width and rules: a page whose rules all hold is asked again only for those that depend on how it looks.
LOOKS = (("light", 1280, {}), ("dark", 390, {"runOnly": RESTYLED}))
GRAVE = ("serious", "critical")
AXE = Axe().axe_script
RUN = "options => axe.run(options).then(results => results.violations)"
STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"
TALK = {
    "id": "one",
    "turns": [
        {"speaker": "manager", "text": "You have gone quiet, and I am worried about you. How are you really doing?"},
        {"speaker": "rep", "text": "Tired, if you ask me."},
        {"speaker": "manager", "text": "Make the calls or you are out."},
    ],
}


class Judge:
    """Collects what axe-core finds wrong, by page and look."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}

    def look(self, name: str) -> None:
        """Judge what the window shows, in both looks."""
        self.page.add_style_tag(content=STILL)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        for scheme, width, rules in LOOKS:
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": 900})
            violations = self.page.evaluate(RUN, {"resultTypes": ["violations"], **rules})
            grave = [
                f"{one['impact']} {one['id']} at {node['target']}: {node['html'][:150]}"
                for one in violations
                if one["impact"] in GRAVE
                for node in one["nodes"]
            ]
            grave += ["runs out of the window"] if self.page.evaluate(OVERFLOW) > 0 else []
            if grave:
                self.found[f"{name}, {scheme}, {width} px"] = grave

    def visit(self, url: str, name: str = "") -> None:
        """Open a page and judge it."""
        answer = self.page.goto(url)
        assert answer is None or answer.ok, url
        self.look(name or url)


@pytest.fixture(scope="module")
def shared_app(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The product as others reach it: there is a login, too."""
    with product(tmp_path_factory.mktemp("web"), pace=0, names=("coach.example",), password=PASSWORD) as app:
        yield app


def test_no_page_has_a_serious_fault(shared_app: App, browser: Browser) -> None:
    with serving(shared_app) as url, browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(SLOW)
        judge = Judge(page)
        page.goto(url)
        judge.look("login")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        first, second = practise(judge)
        recording(judge, url)
        for path in (
            f"/compare?one={first}&other={second}", f"/debrief/{first}", "/progress", "/progress/delete", "/desk",
            "/desk/scenarios", "/desk/scenarios/edit?id=burnout", "/desk/scripts", "/desk/recordings", "/knowledge",
            "/knowledge?words=trust", f"/knowledge?source={shared_app.knowledge.articles[0].id}", "/rules",
            "/calibration", "/calibration?set=suite",
        ):  # fmt: skip
            judge.visit(url + path, path)
        judge.visit(next(shared_app.settings.home.glob("evaluations/*/report.html")).as_uri(), "report.html")
    assert judge.found == {}


def practise(judge: Judge) -> tuple[str, str]:
    """The page's own panes, from the choice to two branches side by side; the ids of both."""
    page = judge.page
    choice(page)
    page.get_by_text("My conversation tomorrow").click()
    judge.look("choose")
    choice(page).click()
    expect(button(page, "Start the conversation")).to_be_visible()
    judge.look("brief")
    button(page, "Choose another").click()
    begin(page)
    for words in ("You have gone quiet lately. How are you really doing?", "Make the calls or you are out."):
        say(page, words)
    page.get_by_text("Back to an earlier moment").click()
    page.get_by_text("The brief again").click()
    button(page, "A hint from the coach").click()
    expect(page.get_by_text("The coach whispers:")).to_be_visible()
    page.locator("#words textarea").fill("<b></b>")
    page.locator("#words textarea").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    judge.look("talk")
    first = page.url
    page.goto(f"{first}&rewind=3")
    expect(button(page, "Start again from here")).to_be_visible()
    judge.look("rewind")
    button(page, "Start again from here").click()
    expect(page).not_to_have_url(re.compile(f"{first[-32:]}|rewind"))
    say(page, "What weighs most on you?")
    second = page.url
    button(page, "End the conversation").click()
    expect(button(page, "Skip")).to_be_visible()
    judge.look("reflect")
    button(page, "Skip").click()
    debrief = page.locator("#debrief .debrief")
    expect(debrief).to_be_visible()
    page.locator(".idea").first.click()
    expect(page.locator("#answer .reply")).to_be_visible()
    for details in debrief.locator("details:not(details details)").all():
        details.locator("summary").first.click()
    button(page, "Delete this talk").click()
    expect(button(page, "Delete it for good")).to_be_visible()
    judge.look("read")
    return first[-32:], second[-32:]


def recording(judge: Judge, url: str) -> None:
    """A recording judged on the desk."""
    page = judge.page
    page.goto(f"{url}/desk/recordings")
    files = [{"name": "talk.jsonl", "mimeType": "text/plain", "buffer": json.dumps(TALK).encode()}]
    page.locator("input[name=files]").set_input_files(files)
    page.locator("form:has(input[type=file]) button").click()
    expect(page.get_by_role("link", name=re.compile("report", re.IGNORECASE)).first).to_be_visible(timeout=60_000)
    judge.look("what came of recordings")
