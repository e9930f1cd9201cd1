"""What is read: pages that cannot be broken by what was said, and a print that says the same."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from coach.content import Library
from coach.debrief import Debrief, debrief, in_words
from coach.domain import (
    ASPECTS,
    PRINCIPLES,
    AspectLean,
    Citation,
    Critique,
    Difficulty,
    Evidence,
    Finding,
    Practice,
    PrincipleId,
    Provenance,
    RepState,
    Scenario,
    Transcript,
    Turn,
)
from coach.programme import Next
from coach.reports import render

EVIL = "<script>alert('x')</script> & \"so\""
STATE = RepState(trust=40, strain=70, openness=20, mood="guarded")
VOID = {"input", "br", "img", "meta", "link", "hr"}


class Page(HTMLParser):
    """Collects text, ids, links and whatever is not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.ids, self.links, self.tags = "", [], [], set[str]()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def finding(kind: str, turn: int, principle: PrincipleId = "coaching", **more: object) -> Finding:
    return Finding.model_validate(
        {
            "principle": principle, "kind": kind, "code": {"strength": "ASK", "slip": "BLAME"}.get(kind), "level": 2,
            "advice": f"Advice on {kind}", "effect": f"Effect of {kind}",
            "evidence": (Evidence(turn=turn, quote=f"Quote {turn}"),),
            "passages": (Citation(source="the-source", section="The section", quote="The passage"),),
            **more,
        }
    )  # fmt: skip


FULL = Critique(
    levels={**dict.fromkeys(PRINCIPLES), "coaching": 5, "trust": 1},
    overall=3, lean=0, best=1, worst=3, keep=0, change=1,
    findings=(
        finding("strength", 1, passages=(Citation(source="s", section="t", quote="q", title="A fine title"),)),
        finding("slip", 3, better_words="What happened?", better_words_from="a coded exchange"),
        finding("missed", 5, "wellbeing"),
        finding("slip", 3, "trust"),
    ),
    profile=(
        AspectLean(aspect=ASPECTS[0], lean=None, evidence=0),
        AspectLean(aspect=ASPECTS[1], lean=1.5, evidence=1),
        AspectLean(aspect=ASPECTS[2], lean=-0.5, evidence=4),
    ),
    plan=(Practice(principle="data", tip="Look at it together", exercise="One deal a week"),),
    dropped=2, reliability="Agrees with mentors on 7 of 10 levels",
    provenance=Provenance(coder="local-3", content="abc123", version="0.1.0"),
)  # fmt: skip
BARE = Critique(levels=dict.fromkeys(PRINCIPLES), overall=3, lean=0, best=None, worst=None, findings=())


def view(library: Library, critique: Critique, words: str = "How was it?", reflection: str = "Too fast.") -> Debrief:
    turns = [Turn(i=0, speaker="rep", text="You wanted me?", state=STATE)]
    for trust, opened in ((44.4, ()), (35.0, ()), (50.0, ("nights",))):
        state = STATE.model_copy(update={"trust": trust})
        turns.append(Turn(i=len(turns), speaker="manager", text=words, state=state, opened=opened))
        turns.append(Turn(i=len(turns), speaker="rep", text=f"Answer {len(turns)}", state=state))
    transcript = Transcript(id="s", turns=tuple(turns))
    return debrief(transcript, library.scenarios["burnout"], Difficulty.HARD, critique, reflection)


def page(library: Library, critique: Critique, **more: str) -> Page:
    return Page(render("debrief.html", debrief=view(library, critique, **more), library=library, in_words=in_words))


def test_the_debrief_says_whose_advice_it_is_where_the_model_gave_none(library: Library) -> None:
    mixed = FULL.model_copy(
        update={
            "provenance": Provenance(model="openai:some"),
            "findings": (
                *FULL.findings[:3],
                FULL.findings[3].model_copy(update={"worded_by": "authored"}),
            ),
        }
    )
    told = "The advice in 1 of its 4 observations was not written by the model"
    assert told in page(library, mixed).words
    assert told not in page(library, FULL).words


def test_the_debrief_shows_every_finding_with_both_its_quotes(library: Library) -> None:
    words = page(library, FULL).words
    assert "Keep: " + library.acts["ASK"] in words
    assert "Change first: " + library.acts["BLAME"] in words
    assert "An opening: there was room for " + library.acts["wellbeing"] in words
    for turn in (1, 3, 5):
        assert f"Quote {turn}" in words
    assert "Carys then said: Answer 2" in words
    assert "A fine title, t" in words
    assert "the-source, The section" in words
    assert "What happened?" in words
    assert "2 more observations" in words


def test_the_debrief_shows_the_path_of_trust_and_what_was_hidden(library: Library, burnout: Scenario) -> None:
    words = page(library, FULL).words
    for change in ("+4", "-9", "+15"):
        assert change in words
    assert f"Told you (after your 3rd reply): {burnout.facts[0].text}" in words
    kept = [fact for fact in burnout.facts if fact.id != "nights"]
    assert words.count("Carys keeps back one thing about") == len(kept)
    assert all(fact.text in words for fact in kept)
    assert words.index("keeps back") < words.index("things she kept back") < words.rindex("keeps back")
    assert "What was missing" not in words and "Stayed hidden" not in words


def test_the_debrief_says_how_far_to_trust_it(library: Library) -> None:
    words = page(library, FULL).words
    assert "Agrees with mentors on 7 of 10 levels" in words
    analysts = words.index("For analysts")
    assert words.index("no marks") < words.index("belongs to the play. If") < analysts < words.index("Coder local-3")
    assert "local-3" not in words[:analysts] and "abc123" not in words[:analysts]
    assert "content abc123" in words
    assert "2 of its observations were left out because their quotes did not check" in words
    assert "not an assessment" in words


def test_places_are_called_by_the_managers_own_count_and_trust_in_cards_by_words(library: Library) -> None:
    words = page(library, FULL).words
    assert re.search(r"\bturns?\W*\d", words, re.I) is None
    assert "You, in your 2nd reply. Trust fell a little." in words
    assert re.search(r"Trust (rose|fell) by", words) is None


def test_levels_stand_in_words_with_the_anchor_that_explains_them(library: Library) -> None:
    words = page(library, FULL).words
    assert library.principles["coaching"].levels[5] in words
    assert library.principles["trust"].levels[1] in words
    assert words.count("Nothing in the talk called for it.") == len(PRINCIPLES) - 2


def test_every_link_to_a_turn_leads_to_that_turn(library: Library) -> None:
    found = page(library, FULL)
    assert found.links
    here, there = ([link for link in found.links if link.startswith(start)] for start in ("#", "/"))
    assert {link.removeprefix("#") for link in here} <= set(found.ids)
    assert "/knowledge?source=the-source&section=The%20section&quote=The%20passage#here" in there
    assert len(here) + len(there) == len(found.links)
    assert len(found.ids) == len(set(found.ids))


def test_a_talk_without_findings_is_still_a_page(library: Library) -> None:
    words = page(library, BARE, reflection="").words
    assert "Nothing in this talk could be read with enough certainty" in words
    assert "Before reading this you said" not in words
    assert "observation" not in words
    assert "What to practise next" not in words
    assert "Coder unknown" in words


def test_one_more_observation_is_not_called_observations(library: Library) -> None:
    words = page(library, FULL.model_copy(update={"findings": FULL.findings[:3]})).words
    assert "1 more observation" in words
    assert "observations were" in words
    assert "1 more observations" not in words


def test_nothing_that_was_said_or_written_becomes_part_of_the_page(library: Library) -> None:
    evil = FULL.model_copy(
        update={
            "findings": tuple(
                f.model_copy(
                    update={
                        "advice": EVIL, "effect": EVIL, "better_words": EVIL, "better_words_from": EVIL,
                        "evidence": (Evidence(turn=1, quote=EVIL),),
                        "passages": (Citation(source=EVIL, section=EVIL, quote=EVIL, title=EVIL),),
                    }
                )
                for f in FULL.findings
            ),
            "reliability": EVIL,
            "plan": (Practice(principle="data", tip=EVIL, exercise=EVIL),),
        }
    )  # fmt: skip
    found = page(library, evil, words=EVIL, reflection=EVIL)
    assert "script" not in found.tags
    assert found.words.count(EVIL) >= 20


def test_the_print_says_the_same_in_plain_words(library: Library, burnout: Scenario) -> None:
    text = render("debrief.txt", debrief=view(library, FULL, words='It\'s "so" & so'), library=library)
    assert "Carys told you one thing" in text
    assert f"KEEP: {library.acts['ASK']}" in text
    assert f"CHANGE FIRST: {library.acts['BLAME']}" in text
    assert 'You said (in your 2nd reply): "Quote 3"' in text
    assert 'For instance: "What happened?"' in text
    assert ' 44 (+4)  It\'s "so" & so\n' in text
    assert "<- told you something" in text
    assert f"Told you: {burnout.facts[0].text}" in text
    assert "WHAT CARYS WAS CARRYING" in text
    assert "Look at it together" in text
    assert "Agrees with mentors on 7 of 10 levels" in text
    assert "<" not in text.replace("<- told you something", "")
    assert "\n\n\n\n" not in text


def test_the_print_does_not_give_hidden_facts_away(library: Library, burnout: Scenario) -> None:
    text = render("debrief.txt", debrief=view(library, BARE, reflection=""), library=library)
    assert text.count("Carys keeps back one thing about") in (1, 2)
    assert "more things she kept back; to read on: coach ask" in text
    assert all(fact.text not in text for fact in burnout.facts[1:])
    assert "Before reading this you said" not in text


def test_an_opening_that_was_let_pass_is_not_printed_as_something_said_well(library: Library) -> None:
    critique = FULL.model_copy(update={"keep": None, "change": 2})
    text = render("debrief.txt", debrief=view(library, critique), library=library)
    assert f"CHANGE FIRST: there was room for {library.acts['wellbeing']}" in text
    assert "You answered (in your 3rd reply)" in text
    assert "KEEP" not in text
    assert "Nothing in this talk" not in page(library, critique).words


def test_an_opening_let_pass_shows_the_reps_words_and_what_it_kept_hidden(library: Library, burnout: Scenario) -> None:
    critique = FULL.model_copy(update={"keep": None, "change": 2})
    hinted = burnout.facts[1]
    seen = view(library, critique)
    before = seen.turns[4].model_copy(update={"state": STATE.model_copy(update={"hinted": hinted.id})})
    seen = seen.model_copy(update={"turns": (*seen.turns[:4], before, *seen.turns[5:])})
    words = " ".join(Page(render("debrief.html", debrief=seen, library=library, in_words=in_words)).words.split())
    card = words[words.index("Change first") : words.index("What Carys was carrying")]
    assert "Answer 4 Carys, just before" in card and "What you answered, in your 3rd reply" in card
    near = f"Carys was close to saying something here. {seen.secrets[1].way}"
    assert near in card
    assert hinted.text not in card
    text = render("debrief.txt", debrief=seen, library=library)
    assert 'Carys had said: "Answer 4"' in text and f"What was near: {near}" in text


def test_a_talk_in_which_nothing_stood_in_the_way_says_so_and_what_would_take_it_further(library: Library) -> None:
    critique = FULL.model_copy(update={"change": None, "findings": FULL.findings[:1]})
    seen = view(library, critique)
    told = seen.model_copy(update={"secrets": ()})
    for debrief_, further in ((seen, "keeps back one thing about"), (told, library.principles["trust"].practise)):
        words = Page(render("debrief.html", debrief=debrief_, library=library, in_words=in_words)).words
        text = render("debrief.txt", debrief=debrief_, library=library)
        for shown in (words, text):
            said = shown.index("nothing stood in the way this time")
            assert said < shown.index("What would take it further") < shown.index(further)


def test_the_brief_says_who_what_and_how_long(burnout: Scenario) -> None:
    evil = burnout.model_copy(update={"brief": f"First.\n\n{EVIL}", "goal": EVIL})
    found = Page(render("brief.html", scenario=evil, difficulty="hard", face=""))
    for words in (burnout.title, burnout.persona.name, burnout.persona.role, EVIL, "15 minutes, hard", "Carys speaks"):
        assert words in found.words
    assert "script" not in found.tags


@pytest.mark.parametrize(("times", "words"), [(0, ""), (1, "Practised 1 time."), (2, "Practised 2 times.")])
def test_a_card_says_how_often_it_was_practised(burnout: Scenario, times: int, words: str) -> None:
    card = {
        "scenario": burnout,
        "focus": ["asking first", "seeing the strain", "a third"],
        "practised": times,
        "face": "",
        "own": False,
        "best": "",
    }
    found = Page(render("cards.html", cards=[card]))
    assert "What it calls for: asking first; seeing the strain." in found.words
    assert ("Practised" in found.words) == bool(words)
    assert words in found.words


def test_nothing_comes_next_before_a_talk_was_judged(burnout: Scenario) -> None:
    following = Next(burnout, Difficulty.HARD, None)
    found = Page(render("ahead.html", unfinished=[], following=following, why="", new=True))
    assert "Next for you" not in found.words
    assert "Choose a conversation" in found.words


def test_the_start_says_what_comes_next_and_why(library: Library, burnout: Scenario) -> None:
    following, why = Next(burnout, Difficulty.HARD, "data", sure=True), library.acts["data"]
    found = Page(render("ahead.html", unfinished=[], following=following, why=why, new=False))
    assert f"{burnout.title}, hard" in found.words
    assert f"In several of your talks you could have won most by {why}." in found.words


def test_style_sheets_are_rendered_as_they_are() -> None:
    assert "{" in render("style.css")
    assert "&#" not in render("style.css") + render("page.css")


def test_a_forgotten_name_is_an_error_and_never_an_empty_place(burnout: Scenario) -> None:
    with pytest.raises(UndefinedError, match="difficulty"):
        render("brief.html", scenario=burnout)
    with pytest.raises(TemplateNotFound):
        render("none.html")
