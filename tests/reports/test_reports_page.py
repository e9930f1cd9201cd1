"""The HTML report: one file without a script or a network, harmless whatever was said, no ranking of people."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from result_lines import TALK, failed, finding, result, write

from coach.content import Library
from coach.domain import About
from coach.reports import page, write_reports
from coach.reports.lines import CritiqueLine, Said
from coach.reports.page import clock, label
from coach.reports.render import upfirst
from coach.reports.trust import NO_ASSESSMENT

EVIL = "</style><script>alert(1)</script><img src=x onerror=alert(1)> \u202egnirts\u202c \"'&"
VOID = {"meta", "br"}
TEAMS = [
    result(f"t{n}", team=team, manager=manager, date=f"2026-0{n + 1}-01", levels={"trust": level, "coaching": 2})
    for n, (team, manager, level) in enumerate(
        [("North", "Ann", 4), ("North", "Ben", 5), ("North", "Ann", 4), ("South", "Cid", 1), ("South", "Cid", 2)]
    )
]


class Report(HTMLParser):
    """Collects words, ids, links, headings and tags, and sees that everything is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.text = html, ""
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []
        self.words = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.text += " "
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if found.get("href") else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        assert not any(name.startswith("on") for name in found)
        assert "src" not in found
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def report(tmp_path: Path, library: Library, *lines: CritiqueLine, without: tuple[str, ...] = ()) -> Report:
    made = write_reports(write(tmp_path, lines, *without), library)[0]
    return Report(made.read_text(encoding="utf-8"))


def test_it_says_what_was_scored_what_failed_and_how_far_to_trust_it(tmp_path: Path, library: Library) -> None:
    lines = [*TEAMS, result("fallen", reason="The model did not answer", dropped=2), failed(reason=EVIL)]
    found = report(tmp_path, library, *lines)
    assert "6 recorded conversations of 3 managers in 2 teams, 1 Jan 2026 to 1 May 2026." in found.words
    assert "1 recording could not be scored" in found.words
    assert " ".join(EVIL.split()) in found.words
    assert "Measured on 42 talks." in found.words
    assert "2 observations left out because the quotes did not check." in found.words
    assert "In 1 recording: The model did not answer" in found.words
    assert "Read by offline, local-3." in found.words
    assert found.words.count(NO_ASSESSMENT) == 2


def test_what_failed_says_once_where_and_a_guess_asks_to_be_checked(tmp_path: Path, library: Library) -> None:
    torn = failed("call 7", "f1.csv:2: two people").model_copy(update={"about": About(file="f1.csv")})
    guess = About(manager="Priya Nair", rep="Sam", roles="guessed: Priya Nair asks the only question")
    lines = [result("a"), result("b", manager="Priya"), torn, failed("x.txt", "x.txt: torn")]
    found = report(tmp_path, library, lines[0].model_copy(update={"about": guess}), *lines[1:])
    assert "2 recorded conversations of 1 manager." in found.words
    assert "f1.csv, line 2: two people x.txt: torn" in found.words
    assert "Who leads was guessed in 1 of 2 conversations: please check" in found.words
    assert "Priya Nair leads Sam (a)" in found.words
    assert '<details class="note" open>' in found.html
    assert "guessed in" not in report(tmp_path, library, result()).words


def test_a_moment_that_its_conversation_does_not_bear_out_is_not_shown(tmp_path: Path, library: Library) -> None:
    mixed = result(findings=(finding("strength", 1, "Hm?", level=3), finding("slip", 3, "You always.", level=3)))
    found = report(tmp_path, library, mixed)
    assert "No moment stands out clearly." in found.words
    assert "Strongest" not in found.words


def test_it_is_one_file_without_script_or_network(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, *TEAMS)
    assert not {"script", "img", "link", "iframe", "form", "object"} & set(found.tags)
    assert "default-src 'none'" in found.html
    assert "url(" not in found.html
    assert {link[0] for link in found.links} == {"#"}


def test_every_link_leads_somewhere_and_headings_come_in_order(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, *TEAMS)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert found.tags.count("main") == 1
    assert len(re.findall('<th scope="(?:row|col)"', found.html)) == found.tags.count("th")


def test_a_cell_says_in_words_how_often_and_of_how_many(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, *TEAMS)
    assert "<b>rather often</b> <span>3 of 3</span> <small>44–100%" in found.html
    assert "too few</b> <span>2</span>" in found.html
    assert "not called for" in found.words
    assert f"{upfirst(library.acts['trust'])}, North A leader" in found.words.replace("  ", " ")
    assert f"{upfirst(library.acts['coaching'])} helped in none of the 5 conversations" in found.words


def test_nobody_is_ranked_and_no_level_is_a_number(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, *TEAMS)
    summary = found.words[: found.words.index("By team and date.")]
    assert not [name for name in ("Ann", "Ben", "Cid") if name in summary]
    listed = [link for link in found.links if re.fullmatch(r"#t\d", link)][-5:]
    assert listed == ["#t0", "#t1", "#t2", "#t3", "#t4"]
    assert not re.search(r"[Ll]evel \d|\d/5|pass(ed)?\b(?! )|rank", found.words)


def test_a_conversation_has_its_codes_beside_its_lines(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, *TEAMS)
    ask, blame = library.acts["ASK"], library.acts["BLAME"]
    assert f"Ann, 1st reply, at 1:07 What would help? Helped most helps: {ask}" in found.words
    assert f"Ann, 2nd reply, at 1:02:30 You always complain. Cost most costs: {blame}" in found.words
    assert f"Keep: {ask} What would help? Effect of strength" in found.words
    assert f"Change first: {blame} You always complain. Effect of slip" in found.words


def test_moments_show_both_sides_and_lead_to_their_line(tmp_path: Path, library: Library) -> None:
    let_pass = result(findings=(finding("missed", 3, "Anyway."),), keep=None, change=0, best=None)
    found = report(tmp_path, library, let_pass)
    assert f"An opening let pass: {library.acts['coaching']} The rep: Fewer calls." in found.words
    assert "The manager answered: Anyway. Effect of missed What would serve better. Advice on missed" in found.words
    assert "#t0-3" in found.links
    assert "Strongest" not in found.words


def test_change_is_drawn_with_its_words(tmp_path: Path, library: Library) -> None:
    days = ("05", "06", "07", "12", "13", "14")
    dated = [result(f"t{n}", date=f"2026-01-{day}", levels={"trust": 4}) for n, day in enumerate(days)]
    found = report(tmp_path, library, *dated, result("undated"))
    trust = upfirst(library.acts["trust"])
    drawn = "no clear change. week of 5 Jan 2026: helped in 3 of 3. week of 12 Jan 2026: helped in 3 of 3. "
    assert f'role="img" aria-label="{trust}: {drawn}"' in found.html
    assert found.tags.count("svg") == 2
    assert "Without a date, and left out: 1." in found.words
    found = report(tmp_path, library, dated[0], dated[5])
    assert "Too few conversations at different times" in found.words


def test_without_teams_dates_and_words_it_is_still_a_report(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, result(), without=("about", "turns"))
    assert "1 recorded conversation." in found.words
    assert "table" in found.tags
    assert "Teams and principles" not in found.words
    assert "These recordings have no dates" in found.words
    assert f"Manager, 1st reply Helped most helps: {library.acts['ASK']}" in found.words
    assert {link[1:] for link in found.links} <= set(found.ids)


def test_where_nothing_was_scored_it_says_so(tmp_path: Path, library: Library) -> None:
    found = report(tmp_path, library, failed())
    assert "No recording could be scored" in found.words
    assert "table" not in found.tags


def test_nothing_that_was_said_becomes_part_of_the_page(tmp_path: Path, library: Library) -> None:
    about = About(manager=EVIL, rep=EVIL, team=EVIL, file=EVIL, roles=EVIL)
    found = finding("slip", 3, EVIL, advice=EVIL, effect=EVIL, better_words=EVIL, better_words_from=EVIL)
    said = tuple(Said(speaker=turn.speaker, text=EVIL) for turn in TALK)
    line = result(EVIL, findings=(found, found), change=1, reason=EVIL, reliability=EVIL, turns=said)
    made = report(tmp_path, library, line.model_copy(update={"about": about}))
    assert not {"script", "img"} & set(made.tags)
    assert made.words.count(" ".join(EVIL.split())) >= 20
    assert made.html.count('dir="auto"') >= len(TALK)


def test_only_as_many_conversations_open_as_a_mail_can_carry(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_TALKS", 4)
    found = report(tmp_path, library, *TEAMS)
    assert "4 of 5 conversations can be opened here" in found.words
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert re.search(r"\d of \d conversations can be opened in this report", found.words)
    monkeypatch.setattr(page, "MOST_TALK_BYTES", 0)
    found = report(tmp_path, library, *TEAMS)
    assert "0 of 5 conversations can be opened here" in found.words
    assert {link[1:] for link in found.links} <= set(found.ids)


def test_many_failures_and_teams_are_cut_and_said(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_FAILED", 1)
    monkeypatch.setattr("coach.reports.write.MOST_TEAMS", 1)
    found = report(tmp_path, library, *TEAMS, failed("a"), failed("b"))
    assert "The rest stand in conversations.csv." in found.words
    assert "Left out here for want of room: 1 of 2 teams." in found.words


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (67.9, "1:07"), (3750, "1:02:30")])
def test_places_in_a_recording_read_like_a_clock(seconds: float, said: str) -> None:
    assert clock(seconds) == said


def test_a_conversation_is_called_by_what_is_known() -> None:
    assert label(About(), "t1") == "t1"
    assert label(About(rep="Mei"), "t1") == "Mei, t1"


def test_a_cell_opens_its_conversations_on_a_phone_without_a_script(tmp_path: Path, library: Library) -> None:
    path = write_reports(write(tmp_path, TEAMS), library)[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        phone = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False).new_page()
        phone.goto(path.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        behind = phone.locator("#c0-trust")
        expect(behind).to_be_hidden()
        phone.locator("a[href='#c0-trust']").click()
        expect(behind).to_be_visible()
        behind.get_by_role("link", name="t1").click()
        expect(behind).to_be_hidden()
        expect(phone.locator("#t1")).to_be_visible()
        phone.locator("#moments a").first.click()
        expect(phone.locator(".lines li:target")).to_be_visible()
        browser.close()
