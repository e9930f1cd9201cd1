"""What the page's controls do, called as Gradio calls them."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from shipped import KIND

from coach.app import OWNER
from coach.domain import Critique, Difficulty
from coach.errors import CoachError, StoreError

PANES = ("choose", "brief", "talk", "reflect", "read", "rewind")


@pytest.fixture(scope="module")
def page(web_app, in_loop):
    import gradio as gr

    from coach.web.page import Page

    def make() -> Page:
        with gr.Blocks(analytics_enabled=False):
            return Page(web_app)

    return in_loop(make)


@pytest.fixture
def started(page):
    """The id of a talk that has begun."""
    return page.brief.start("burnout", "standard")[page.session_id]


def pane(page: Any, update: dict[Any, Any]) -> str:  # noqa: ANN401
    """The pane that an update shows; all others must be hidden. Before any update it is the choice."""
    columns = {name: getattr(page, name).column for name in PANES}
    if not any(column in update for column in columns.values()):
        return "choose"
    visible = [name for name, column in columns.items() if update[column]["visible"]]
    assert len(visible) == 1
    return visible[0]


def request(**query: str) -> Any:  # noqa: ANN401
    return SimpleNamespace(query_params=query)


def test_the_page_is_built_with_private_controls(web_app, in_loop):
    from coach.web.page import CONCURRENT, build

    blocks = in_loop(lambda: build(web_app))
    functions = blocks.fns.values()
    assert functions
    assert all(function.api_visibility == "private" for function in functions)
    handlers = [function for function in functions if function.fn is not None and function.targets[0][1] != "load"]
    assert {function.concurrency_limit for function in handlers if function.inputs or function.outputs} >= {CONCURRENT}


def test_the_choice_comes_first(page):
    shown = page.load(request())
    assert pane(page, shown) == "choose"
    assert not shown.get(page.session_id)
    assert "Conversations to practise" in shown[page.choose.cards]


@pytest.mark.parametrize("name", ["none", "<script>", "../../etc/passwd"])
def test_the_address_of_a_session_that_is_gone_leads_to_the_choice(page, name):
    assert pane(page, page.load(request(session=name))) == "choose"


def test_the_address_of_a_scenario_leads_to_its_brief(page):
    shown = page.load(request(scenario="personal-crisis"))
    assert pane(page, shown) == "brief"
    assert shown[page.choose.scenario]["value"] == "personal-crisis"
    assert pane(page, page.load(request(scenario="none"))) == "choose"


def test_the_brief_is_read_before_the_talk(page, burnout):
    shown = page.brief.read("burnout", "hard")
    assert pane(page, shown) == "brief"
    assert f"About {burnout.minutes} minutes, hard" in shown[page.brief.text]
    assert f"About {burnout.minutes} minutes, medium" in page.brief.read("burnout", "standard")[page.brief.text]


def test_a_talk_starts_with_the_rep(page, web_app):
    shown = page.brief.start("burnout", "easy")
    session = web_app.practice.resume(OWNER, shown[page.session_id])
    assert pane(page, shown) == "talk"
    assert session.difficulty == "easy"
    assert [message["role"] for message in shown[page.talk.chat]] == ["assistant"]
    assert shown[page.talk.words]["value"] == ""
    assert "Carys Beddoe" in shown[page.talk.title]
    assert "minutes, easy" in shown[page.talk.brief]


def test_every_talk_is_another(page):
    assert len({page.brief.start("burnout", "easy")[page.talk.chat][0]["content"] for _ in range(12)}) > 1


def test_words_are_shown_at_once_and_then_the_answer(page, started):
    pending, *parts, answered = page.talk.say(started, KIND)
    assert [message["role"] for message in pending[page.talk.chat]] == ["assistant", "user", "assistant"]
    assert pending[page.talk.chat][1]["content"] == KIND
    assert pending[page.talk.chat][2]["content"] == "…"
    assert answered[page.talk.chat][2]["content"] not in ("", "…")
    assert {update[page.talk.words] for update in (pending, *parts, answered)} == {""}  # the browser closes the box
    assert answered[page.talk.notice] == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "nothing to send"), ("x" * 50_000, "50,000 characters"), ("😀", "emoji alone"), ("<b></b>", "only markup")],
    ids=["empty", "long", "emoji", "markup"],
)
def test_words_that_cannot_be_sent_come_back_with_the_reason(page, web_app, started, text, reason):
    *_, back = page.talk.say(started, text)
    assert back[page.talk.words] == text
    assert reason in back[page.talk.notice]
    assert len(back[page.talk.chat]) == 1
    assert len(web_app.store.path(web_app.practice.resume(OWNER, started))) == 1


def test_what_happened_in_another_window_is_kept_and_the_words_come_back(page, web_app, started, monkeypatch):
    elsewhere = web_app.practice.resume(OWNER, started)
    web_app.practice.reply(elsewhere, KIND)
    monkeypatch.setattr("coach.session.Practice.resume", lambda *_args: elsewhere)
    *_, back = page.talk.say(started, "And I say this.")
    assert back[page.talk.words] == "And I say this."
    assert "another window" in back[page.talk.notice]


def test_a_fault_of_the_store_gives_the_words_back(page, started, monkeypatch):
    def fail(*_args: object) -> None:
        raise StoreError("The database cannot be used (disk full).")

    monkeypatch.setattr("coach.session.Practice.reply", fail)
    *_, back = page.talk.say(started, KIND)
    assert back[page.talk.words] == KIND
    assert "disk full" in back[page.talk.notice]


def test_a_session_that_was_deleted_gives_the_words_back_or_begins_anew(page, web_app, started):
    web_app.store.delete(web_app.practice.resume(OWNER, started))
    last = list(page.talk.say(started, KIND))[-1]
    assert last.get(page.talk.notice) or pane(page, last) == "choose"
    for control in (page.talk.finish, page.reflect.judge):
        assert pane(page, control(started)) == "choose"


def test_a_reload_in_mid_conversation_shows_it_as_it_stands(page, started):
    *_, answered = page.talk.say(started, KIND)
    shown = page.load(request(session=started))
    assert pane(page, shown) == "talk"
    assert shown[page.talk.chat] == answered[page.talk.chat]
    assert shown[page.session_id] == started


def test_the_end_asks_first_how_it_went(page, web_app, started):
    list(page.talk.say(started, KIND))
    shown = page.talk.finish(started)
    assert pane(page, shown) == "reflect"
    last = web_app.store.path(web_app.practice.resume(OWNER, started))[-1].text
    assert last in unescape(shown[page.reflect.farewell])
    assert "Carys, at the end" in shown[page.reflect.farewell]
    assert web_app.practice.resume(OWNER, started).ended_at is not None
    assert pane(page, page.load(request(session=started))) == "reflect"


def test_an_end_by_mistake_is_taken_back(page, web_app, started):
    *_, answered = page.talk.say(started, KIND)
    ended = page.talk.finish(started)
    assert ended[page.reflect.again]["visible"]
    on = page.reflect.go_on(started)
    assert pane(page, on) == "talk"
    assert on[page.talk.chat] == answered[page.talk.chat]
    assert web_app.practice.resume(OWNER, started).ended_at is None
    page.talk.finish(started)
    page.reflect.judge(started)
    assert pane(page, page.reflect.go_on(started)) == "read"  # its critique was read in another window


def test_a_talk_without_a_word_ends_where_it_began(page, started):
    assert pane(page, page.talk.finish(started)) == "choose"
    assert pane(page, page.load(request(session=started))) == "choose"


def test_then_the_critique_is_shown_with_both_quotes_and_stays(page, web_app, started):
    list(page.talk.say(started, KIND))
    page.talk.finish(started)
    shown = page.reflect.judge(started, "I listened <b>well</b>.")
    assert pane(page, shown) == "read"
    assert shown[page.reflect.thoughts] == ""
    assert "I listened &lt;b&gt;well&lt;/b&gt;." in shown[page.read.debrief]
    assert 'class="said"' in shown[page.read.debrief]
    assert 'class="source"' in shown[page.read.debrief]
    session = web_app.practice.resume(OWNER, started)
    assert isinstance(web_app.store.critique(session), Critique)
    again = page.load(request(session=started))
    assert pane(page, again) == "read"
    assert again[page.read.debrief] == shown[page.read.debrief]


def test_saying_how_it_went_may_be_skipped(page, started):
    list(page.talk.say(started, KIND))
    page.talk.finish(started)
    shown = page.reflect.judge(started)
    assert pane(page, shown) == "read"
    assert "Before reading this you said" not in shown[page.read.debrief]


def test_a_rep_who_walks_out_leads_to_the_reflection(page, web_app, started, monkeypatch):
    session = web_app.practice.resume(OWNER, started)
    monkeypatch.setattr(
        "coach.session.stage.Stage.answer",
        lambda stage, path, *_rest: (
            path[0].model_copy(update={"i": len(path), "text": "I am going.", "id": ""}),
            True,
        ),
    )
    *_, shown = page.talk.say(session.id, KIND)
    assert shown[page.talk.chat][-1]["content"] == "I am going."
    led = page.talk.lead_on(shown[page.talk.over])
    assert pane(page, led) == "reflect"
    assert not led[page.reflect.again]["visible"]


def test_a_talk_that_goes_on_leads_nowhere_else_and_keeps_the_hint_until_the_rep_has_answered(page, started):
    """The hidden control leads on with any value that is new to it: after an earlier talk an empty one is."""
    hint = page.talk.hint(started)[page.talk.whispered]
    assert hint
    *meanwhile, after = page.talk.say(started, KIND)
    assert {shown[page.talk.over] for shown in (*meanwhile, after)} == {""}
    assert page.talk.lead_on("") == gr.skip()
    assert {shown[page.talk.whispered] for shown in meanwhile} == {hint}
    assert after[page.talk.whispered] == ""


def test_practising_again_goes_back_to_the_choice(page, started):
    shown = page.home()
    assert pane(page, shown) == "choose"
    assert shown[page.session_id] == ""


@pytest.fixture
def judged(page, started):
    """The id of a talk of two manager turns, 1 and 3, whose critique was read."""
    for text in (KIND, "Do it or you are out."):
        list(page.talk.say(started, text))
    page.talk.finish(started)
    page.reflect.judge(started)
    return started


def test_the_portrait_follows_the_state_in_words(page, started):
    *_, shown = page.talk.say(started, KIND)
    assert 'aria-label="Carys ' in shown[page.talk.title]
    assert "<svg" in shown[page.talk.title]
    assert not re.search(r"trust|strain", shown[page.talk.title])


def test_a_talk_may_be_left_and_gone_on_with(page, started):
    assert page.talk.pause(started)[page.choose.told] == ""
    list(page.talk.say(started, KIND))
    left = page.talk.pause(started)
    assert pane(page, left) == "choose"
    assert left[page.session_id] == ""
    assert "Your talk with Carys is kept" in left[page.choose.told]
    assert f'href="/?session={started}">Go on with Carys' in left[page.choose.ahead]
    assert "(after your 1st reply, today)" in left[page.choose.ahead]
    assert pane(page, page.load(request(session=started))) == "talk"


def test_a_hint_is_given_when_asked_for_and_noted_in_the_critique(page, started):
    fresh = page.load(request(session=started))
    assert fresh[page.talk.whispered] == ""
    hint = page.talk.hint(started)[page.talk.whispered]
    assert "The coach whispers:" in hint
    assert page.load(request(session=started))[page.talk.whispered] == hint
    *_, answered = page.talk.say(started, KIND)
    assert answered[page.talk.whispered] == ""
    page.talk.hint(started)
    list(page.talk.say(started, KIND))
    page.talk.finish(started)
    assert "has ended" in page.talk.hint(started)[page.talk.notice]
    assert (
        "You asked for a hint 2 times (before your 1st and 2nd replies)."
        in page.reflect.judge(started)[page.read.standing]
    )


def test_a_link_to_a_moment_shows_it_and_changes_nothing(page, web_app, judged):
    shown = page.load(request(session=judged, rewind="3"))
    assert pane(page, shown) == "rewind"
    assert [message["role"] for message in shown[page.rewind.chat]] == ["assistant", "user", "assistant"]
    assert "Do it or you are out." in shown[page.rewind.about]
    session = web_app.practice.resume(OWNER, judged)
    assert len(web_app.practice.branches(session)) == 1


@pytest.mark.parametrize("turn", ["99", "-1", "x", "²", "9" * 50, "5"])
def test_a_link_to_no_moment_shows_the_talk_with_the_reason(page, judged, turn):
    shown = page.load(request(session=judged, rewind=turn))
    assert pane(page, shown) == "read"
    assert 'role="alert"' in shown[page.talk.notice]
    assert 'role="alert"' in page.rewind.start(judged, turn)[page.rewind.wrong]


def test_a_moment_is_answered_differently_and_both_ways_are_compared(page, web_app, judged):
    looked = page.rewind.look(judged, "3")
    shown = page.rewind.start(judged, looked[page.rewind.turn])
    branch = shown[page.session_id]
    assert pane(page, shown) == "talk"
    assert branch != judged
    assert len(shown[page.talk.chat]) == 3
    list(page.talk.say(branch, "So it was not one call. What weighs most?"))
    page.talk.finish(branch)
    read = page.reflect.judge(branch)
    assert (read[page.read.beside]["visible"], read[page.read.beside]["open"]) == (True, True)
    assert read[page.read.other]["choices"] == [("First try", judged)]
    compared = read[page.read.compared]
    assert compared.index("Do it or you are out.") < compared.index("So it was not one call.")
    assert f'href="/?session={judged}">Read the first try' in read[page.read.standing]
    assert "the second try from your 2nd reply of the talk of" in read[page.read.standing]
    again = page.load(request(session=judged))
    assert again[page.read.compared] == compared
    assert "Only two different" in page.read.compare(judged, judged)[page.read.compared]


def test_a_talk_is_deleted_only_when_that_was_meant(page, web_app, judged):
    branch = page.rewind.start(judged, "2")[page.session_id]
    assert page.read.ask()[page.read.sure]["visible"]
    assert not page.read.ask_no_more()[page.read.sure]["visible"]
    gone = page.read.forget(judged)
    assert "is deleted" in gone[page.choose.told]
    for name in (judged, branch):
        with pytest.raises(CoachError, match="no practice session"):
            web_app.practice.resume(OWNER, name)
    assert pane(page, page.read.forget(judged)) == "choose"


@pytest.mark.parametrize(
    "control", ["talk.pause", "talk.hint", "talk.say", "read.compare", "rewind.look", "rewind.start"]
)
def test_no_control_acts_on_another_owners_session(page, web_app, control):
    theirs = web_app.practice.start("somebody else", "burnout", None, 1)
    holder, name = control.split(".")
    handler = getattr(getattr(page, holder), name)
    shown = handler(theirs.id, *(["1"] if name in ("look", "start", "compare", "say") else []))
    said = str(shown if isinstance(shown, dict) else list(shown))
    assert web_app.store.path(theirs)[0].text not in said
    assert len(web_app.store.path(theirs)) == 1
    assert len(web_app.store.branches(theirs)) == 1


def test_a_session_whose_scenario_is_gone_leads_to_the_choice(page, web_app, started):
    list(page.talk.say(started, KIND))
    lone = web_app.store.start(
        OWNER, "picnic", Difficulty.EASY, 1, web_app.store.path(web_app.practice.resume(OWNER, started))[0]
    )
    assert pane(page, page.load(request(session=lone.id))) == "choose"
    web_app.store.delete(lone)


def test_two_talks_do_not_mix(page):
    one, two = (page.brief.start("burnout", "standard")[page.session_id] for _ in range(2))
    *_, first = page.talk.say(one, "Said to one.")
    *_, second = page.talk.say(two, "Said to two.")
    assert [m["content"] for m in first[page.talk.chat] if m["role"] == "user"] == ["Said to one."]
    assert [m["content"] for m in second[page.talk.chat] if m["role"] == "user"] == ["Said to two."]


def test_unknown_choices_are_our_own_errors(page):
    with pytest.raises(CoachError):
        page.brief.read("picnic", "easy")
    with pytest.raises(CoachError):
        page.brief.start("picnic", "easy")


def test_after_the_critique_the_same_rep_can_be_met_again(page, web_app, started, burnout):
    list(page.talk.say(started, f"{KIND} I will call Colin tomorrow."))
    page.talk.finish(started)
    page.reflect.judge(started)
    shown = page.read.meet_again(started, "kept")
    again = web_app.practice.resume(OWNER, shown[page.session_id])
    assert pane(page, shown) == "talk"
    assert (again.after, again.since) == (started, "kept")
    assert shown[page.talk.chat][0]["content"].startswith(burnout.next_time.kept)
    assert "You did what you promised." in shown[page.talk.title]
    assert shown[page.read.since] == "quiet"
    list(page.talk.say(again.id, "I called Colin. How was the week?"))
    page.talk.finish(again.id)
    read = page.reflect.judge(again.id)
    assert "What you promised last time" in read[page.read.debrief]
    assert "I will call Colin tomorrow." in read[page.read.debrief]
    assert "You kept your word" in read[page.read.debrief]


def test_what_has_happened_since_is_asked_in_plain_words(page):
    choices = page.read.since.choices
    assert [value for _, value in choices] == ["kept", "broken", "better", "worse", "quiet"]
    assert page.read.since.value == "quiet"
    assert all(words[0].isupper() and len(words) < 40 for words, _ in choices)


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "not ended"])
def test_a_talk_that_cannot_be_followed_leads_to_the_choice(page, web_app, started, gone):
    if gone:
        web_app.store.delete(web_app.practice.resume(OWNER, started))
    assert pane(page, page.read.meet_again(started, "kept")) == "choose"
