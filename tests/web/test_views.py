"""What the page shows: escaped, complete, nothing hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from shipped import KIND

from coach.app import OWNER
from coach.domain import Difficulty, Turn
from coach.web import views

NASTY = "<script>alert('x')</script> & <b>bold</b>"


@pytest.fixture
def ended(web_app):
    session = web_app.practice.start(OWNER, "burnout", Difficulty.EASY, 5)
    for text in (KIND, f"{NASTY} What weighs most on you?", "Do it or you are fired, I do not care how you feel."):
        session = web_app.practice.reply(session, text)
    return web_app.practice.reflect(web_app.practice.end(session), NASTY)


def test_words_are_shown_as_they_were_typed():
    path = [Turn(i=0, speaker="rep", text="Hi."), Turn(i=1, speaker="manager", text=NASTY)]
    first, second = views.messages(path)
    assert first == {"role": "assistant", "content": "Hi."}
    assert second["role"] == "user"
    assert "<" not in second["content"]
    assert second["content"].count("&lt;") == NASTY.count("<")


def test_quotation_marks_stay_readable():
    assert views.message("rep", 'It\'s "fine".')["content"] == 'It\'s "fine".'


def test_lines_stay_lines():
    assert views.message("manager", "One.\nTwo <br>.")["content"] == "One.<br>Two &lt;br&gt;."


def test_a_notice_is_read_out_and_escaped():
    shown = views.notice(NASTY)
    assert shown.startswith('<p role="alert">')
    assert "<script" not in shown


def test_the_way_back_names_what_was_said_and_chooses_the_last(web_app, ended):
    path = web_app.store.path(ended)
    shown = views.earlier(ended.id, path, "Go back")
    assert re.findall(r'value="(\d+)"', shown) == ["1", "3", "5"]
    assert re.search(r'value="5" selected>Your 3rd reply: Do it', shown)
    assert f'name="session" value="{ended.id}"' in shown
    assert escape(NASTY)[:20] in shown
    assert "<script" not in shown
    assert "not said anything yet" in views.earlier(ended.id, path[:1], "Go back")


def test_the_cards_say_what_can_be_practised_and_how_often_it_was(web_app, burnout):
    before = views.cards(web_app)
    assert escape(burnout.title) in before
    assert burnout.persona.name in before
    web_app.practice.start(OWNER, "burnout", None, 1)
    once = views.cards(web_app)
    web_app.practice.start(OWNER, "burnout", None, 2)
    twice = views.cards(web_app)
    assert len({before, once, twice}) == 3
    assert not any(fact.text in twice for fact in burnout.facts)


def test_the_start_recommends_a_conversation_only_where_several_talks_speak_for_it(web_app, ended, monkeypatch):
    web_app.practice.critique(ended)
    following = views.suggestion(web_app)
    assert following.scenario.id in web_app.library.scenarios
    for sure in (True, False):
        monkeypatch.setattr(views, "suggestion", lambda _app, sure=sure: replace(following, sure=sure))
        shown = views.ahead(web_app)
        assert (escape(following.scenario.title) in shown) == sure
        assert (web_app.library.acts[following.principle] in shown) == sure
        assert ("nearest to a talk that awaits you" in shown) != sure


def test_the_brief_holds_what_the_manager_may_know(web_app, burnout):
    shown = views.brief(web_app, "burnout", Difficulty.HARD)
    assert escape(burnout.goal) in shown
    assert f"About {burnout.minutes} minutes, hard" in shown
    assert "Carys speaks first" in shown
    assert not any(fact.text in shown or fact.topic in shown.split() for fact in burnout.facts)


def test_the_cards_say_how_it_went_best_in_words_and_count_a_talk_once(web_app, ended, burnout):
    web_app.practice.critique(ended)
    before = _card(web_app, burnout.title)
    assert "as the coach read it: <b>" in before.lower()
    web_app.practice.rewind(ended, 1)
    assert _card(web_app, burnout.title) == before


def _card(app, title):
    return next(card for card in views.cards(app).split("<article") if escape(title) in card)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "yesterday"), (3, "on Sunday"), (30, "on 5 May")]
)  # fmt: skip
def test_a_day_is_named_as_one_would(days, words):
    now = datetime(2025, 6, 4, 12, tzinfo=UTC)
    assert views.day(now - timedelta(days=days), now) == words
    assert views.day(None) == ""


def test_the_title_is_escaped(web_app, burnout):
    odd = burnout.model_copy(
        update={"title": NASTY, "persona": burnout.persona.model_copy(update={"name": NASTY, "role": NASTY})}
    )
    shown = views.title(web_app, odd, ())
    assert "<script" not in shown
    assert shown.count(_html(NASTY)) == 3


def test_the_debrief_shows_both_quotes_of_what_to_keep_and_to_change(web_app, ended):
    shown = views.debriefing(web_app, ended)
    critique = web_app.practice.critique(ended)
    assert critique.findings
    for index in (critique.keep, critique.change):
        if index is not None:
            finding = critique.findings[index]
            assert all(_html(evidence.quote) in shown for evidence in finding.evidence)
            assert all(_html(passage.quote) in shown for passage in finding.passages)
            assert _html(finding.advice) in shown
    assert 'class="said"' in shown
    assert 'class="source"' in shown


def test_the_debrief_shows_markup_as_it_was_typed(web_app, ended):
    shown = views.debriefing(web_app, ended)
    assert "<script" not in shown
    assert "<b>bold</b>" not in shown
    assert f"you said: <q>{_html(NASTY)}</q>" in shown


def test_the_debrief_says_what_was_carried_and_what_it_is_worth(web_app, ended, burnout):
    shown = views.debriefing(web_app, ended)
    assert all(_html(fact.text) in shown for fact in burnout.facts)
    assert "What Carys was carrying" in shown
    assert _html(web_app.practice.critique(ended).reliability) in shown
    assert "It is not an assessment" in shown
    assert all(_html(act) in shown.lower() for act in map(web_app.library.acts.get, web_app.library.principles))


def _html(text: str) -> str:
    """As Jinja escapes it."""
    return escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def test_a_broken_promise_passed_over_comes_first(web_app):
    session = web_app.practice.start(OWNER, "burnout", Difficulty.EASY, 5)
    promise = f"I will call Colin tomorrow {NASTY}."
    last = web_app.practice.end(web_app.practice.reply(session, f"{KIND} {promise}"))
    assert "What you promised last time" not in views.debriefing(web_app, last)
    again = web_app.practice.start(OWNER, "burnout", None, 5, last.id, "broken")
    again = web_app.practice.end(web_app.practice.reply(again, "Send me the forecast."))
    shown = views.debriefing(web_app, again)
    assert "<script" not in shown
    assert _html(promise) in shown
    assert "Change first: a promise that was not kept" in shown
    assert shown.count("Change first") == 1
    assert shown.index("Change first: a promise that was not kept") < shown.index("What you promised last time")
    assert _html(web_app.library.principles["integrity"].practise) in shown
