"""Hostile words wherever somebody may put some: shown as words, run by nothing, and the page keeps its shape."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from browsing import SLOW, button, say, words
from playwright.sync_api import Browser, Page, expect
from serving import finished

from coach.app import App
from coach.content import read_text, scenario_files

FLAG = "window.taken = 1"
EVIL = (
    f"</script><script>{FLAG}</script><img src=x onerror='{FLAG}'><svg onload={FLAG}></textarea></title>"
    f"<iframe srcdoc='<script>parent.{FLAG}</script>'></iframe> <a href='javascript:{FLAG}'>press</a> "
    f"[press](javascript:{FLAG}) {{{{ 7 * 7 }}}} ${{{FLAG}}} \" ' \u202egnitirw\u202c \u05e9\u05dc\u05d5 😀👩‍👩‍👧 "
    f"{'w' * 400}"
)
SHOWN = f"<script>{FLAG}</script>"
LONG = "word " * 4_000  # 20,000 characters
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth: width } = document.documentElement;
  if (scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1);
  return wide.map((e) => `${e.tagName} #${e.id} .${e.getAttribute('class')}`);
}"""
QUESTION = "How are you really doing, and what weighs most on you? "
RECORDING = {"id": EVIL[:60], "turns": [{"speaker": who, "text": EVIL} for who in ("manager", "rep", "manager")]}


@pytest.fixture
def client(site: str):
    with httpx.Client(base_url=site, timeout=60, follow_redirects=True) as client:
        yield client


def talked(client: httpx.Client, scenario: str) -> tuple[str, str]:
    """Two branches of a talk full of hostile words, both ended and judged."""
    first = client.post("/api/sessions", json={"scenario": scenario, "seed": 3}).json()["id"]
    here = f"/api/sessions/{first}"
    for text in (QUESTION + EVIL, EVIL):
        assert client.post(f"{here}/replies", json={"text": text}).is_success
    second = client.post(f"{here}/rewind", json={"turn": 1}).json()["id"]
    there = f"/api/sessions/{second}"
    assert client.post(f"{there}/replies", json={"text": f"I will listen. {EVIL}"}).is_success
    for one in (here, there):
        for text, status in ((LONG, 400), ("a\x00b", 400)):
            assert client.post(f"{one}/replies", json={"text": text}).status_code == status
        assert client.post(f"{one}/end").is_success
        assert client.get(f"{one}/critique").is_success
        assert client.post(f"{one}/questions", json={"question": EVIL[:400]}).is_success
    marks = {"session": first, "finding": 0, "reason": EVIL[:590]}
    client.post("/contest", data=marks)
    client.post("/override", data={**marks, "principle": "coaching", "level": "4", "by": EVIL[:70]})
    return first, second


def scenario(app: App) -> str:
    """The burnt-out rep under hostile names, as a trainer's YAML."""
    text = read_text(scenario_files(app.places)["burnout"])
    for field in ("title", "stakes", "goal", "  role", "  fear"):
        text = re.sub(rf"^{field}: .*$", f"{field}: {json.dumps(EVIL[:160])}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^id: .*$", "id: hostile", text, count=1, flags=re.MULTILINE)


def recorded(client: httpx.Client) -> str:
    """Hostile recordings, judged; the address of what came of them."""
    name = f"{EVIL[:40]}.jsonl".replace("/", "")
    page = client.post("/desk/recordings", files={"files": (name, json.dumps(RECORDING))}, data={"manager": EVIL[:70]})
    return str(finished(client, page).url.path)


def test_hostile_words_stay_words_everywhere(browser: Browser, site: str, web_app: App, client: httpx.Client) -> None:
    yaml = scenario(web_app)
    saved = client.post("/desk/scenarios/save", data={"text": yaml})
    assert saved.is_success, saved.text
    note = (
        "files",
        (f"{EVIL[:40].replace('/', '')}.md", f"# {EVIL}\n\n## {EVIL}\n\nA note on trust. {EVIL}\n".encode()),
    )
    assert client.post("/knowledge", files=[note]).is_success
    first, second = talked(client, "hostile")
    judged = recorded(client)
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page, faults = context.new_page(), []
        page.set_default_timeout(SLOW)
        page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
        page.on("pageerror", lambda error: faults.append(str(error)))
        own = next(one.source for one in web_app.knowledge.added.documents())
        for path, shows in (
            ("/", False), ("/?scenario=hostile", True), (f"/?session={first}", True), (f"/?session={second}", True),
            (f"/?session={first}&rewind=3", True), (f"/compare?one={first}&other={second}", True),
            (f"/debrief/{first}", True), ("/progress", True), ("/knowledge", False),
            (f"/knowledge?{httpx.QueryParams(source=own)}", False),
            (f"/knowledge?{httpx.QueryParams(words=EVIL)}", False),
            ("/desk/scenarios", True), ("/desk/scenarios/edit?id=hostile", True), ("/desk/recordings", False),
            (judged, False), ("/calibration", False), (f"/calibration?{httpx.QueryParams(set=EVIL[:30])}", False),
        ):  # fmt: skip
            answer = page.goto(site + path)
            assert answer is not None and answer.status < 500, path
            harmless(page, path, shows)
        typed(page, site)
        report = next(web_app.settings.home.glob("evaluations/*/report.html"))
        page.goto(report.as_uri())
        harmless(page, "report.html", True)
        assert faults == []
    kept = client.get("/progress/data.json")
    assert EVIL in [turn["text"] for talk in client.get("/api/sessions").json() for turn in talk["turns"]]
    assert kept.headers["content-type"].startswith("application/json") and "attachment" in str(kept.headers)
    assert client.get(f"/debrief/{first}.pdf").content.startswith(b"%PDF")


def typed(page: Page, site: str) -> None:
    """What somebody types into the page itself."""
    page.goto(f"{site}/?scenario=burnout")
    button(page, "Start the conversation").click()
    words(page).fill(LONG)
    words(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("characters, more than anyone says at once")
    expect(words(page)).to_have_value(LONG)
    say(page, QUESTION + EVIL)
    expect(page.get_by_role("alert")).to_have_count(0)
    harmless(page, "the talk", True)


def harmless(page: Page, path: str, shows: bool) -> None:
    """Nothing of it ran, what should be shown is shown as words, and nothing runs out of the window."""
    if "session=" in path or "scenario=" in path or path == "/":
        expect(page.locator(".pane:visible")).to_have_count(1)
    if shows:
        expect(page.locator("body")).to_contain_text(SHOWN)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("window.taken") is None, path
    assert page.locator("a[href^='javascript']").count() == 0, path
    assert page.evaluate(TOO_WIDE) == [], path
