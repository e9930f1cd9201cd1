"""What the page's controls do, called as Gradio calls them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coach.app import OWNER
from coach.domain import Critique
from coach.errors import CoachError, StoreError

KIND = "You have gone quiet lately and I am worried about you. How are you really doing?"
PANES = ("choose", "brief", "talk", "reflect", "read")


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
    return page.start("burnout", "standard")[page.session_id]


def pane(page: Any, update: dict[Any, Any]) -> str:  # noqa: ANN401
    """The pane that an update shows; all others must be hidden. Before any update it is the choice."""
    if not any(page.panes[name] in update for name in PANES):
        return "choose"
    visible = [name for name in PANES if update[page.panes[name]]["visible"]]
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
    assert "Conversations to practise" in shown[page.cards]


@pytest.mark.parametrize("name", ["none", "<script>", "../../etc/passwd"])
def test_the_address_of_a_session_that_is_gone_leads_to_the_choice(page, name):
    assert pane(page, page.load(request(session=name))) == "choose"


def test_the_address_of_a_scenario_leads_to_its_brief(page):
    shown = page.load(request(scenario="personal-crisis"))
    assert pane(page, shown) == "brief"
    assert shown[page.scenario]["value"] == "personal-crisis"
    assert pane(page, page.load(request(scenario="none"))) == "choose"


def test_the_brief_is_read_before_the_talk(page, burnout):
    shown = page.read_brief("burnout", "hard")
    assert pane(page, shown) == "brief"
    assert f"About {burnout.minutes} minutes, hard" in shown[page.brief]


def test_a_talk_starts_with_the_rep(page, web_app):
    shown = page.start("burnout", "easy")
    session = web_app.practice.resume(OWNER, shown[page.session_id])
    assert pane(page, shown) == "talk"
    assert session.difficulty == "easy"
    assert [message["role"] for message in shown[page.chat]] == ["assistant"]
    assert shown[page.words]["value"] == ""
    assert "Carys Beddoe" in shown[page.title]


def test_every_talk_is_another(page):
    assert len({page.start("burnout", "easy")[page.chat][0]["content"] for _ in range(12)}) > 1


def test_words_are_shown_at_once_and_then_the_answer(page, started):
    pending, *_, answered = page.say(started, KIND)
    assert [message["role"] for message in pending[page.chat]] == ["assistant", "user", "assistant"]
    assert pending[page.chat][1]["content"] == KIND
    assert pending[page.chat][2]["content"] == "…"
    assert (pending[page.words]["value"], pending[page.words]["interactive"]) == ("", False)
    assert pane(page, answered) == "talk"
    assert answered[page.chat][2]["content"] not in ("", "…")
    assert (answered[page.words]["value"], answered[page.words]["interactive"]) == ("", True)
    assert answered[page.notice] == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "nothing to send"), ("x" * 50_000, "50,000 characters"), ("😀", "emoji alone"), ("<b></b>", "only markup")],
    ids=["empty", "long", "emoji", "markup"],
)
def test_words_that_cannot_be_sent_come_back_with_the_reason(page, web_app, started, text, reason):
    *_, back = page.say(started, text)
    assert (back[page.words]["value"], back[page.words]["interactive"]) == (text, True)
    assert reason in back[page.notice]
    assert len(back[page.chat]) == 1
    assert len(web_app.store.path(web_app.practice.resume(OWNER, started))) == 1


def test_what_happened_in_another_window_is_kept_and_the_words_come_back(page, web_app, started, monkeypatch):
    elsewhere = web_app.practice.resume(OWNER, started)
    web_app.practice.reply(elsewhere, KIND)
    monkeypatch.setattr("coach.session.Practice.resume", lambda *_args: elsewhere)
    *_, back = page.say(started, "And I say this.")
    assert back[page.words]["value"] == "And I say this."
    assert "another window" in back[page.notice]


def test_a_fault_of_the_store_gives_the_words_back(page, started, monkeypatch):
    def fail(*_args: object) -> None:
        raise StoreError("The database cannot be used (disk full).")

    monkeypatch.setattr("coach.session.Practice.reply", fail)
    *_, back = page.say(started, KIND)
    assert (back[page.words]["value"], back[page.words]["interactive"]) == (KIND, True)
    assert "disk full" in back[page.notice]


def test_a_session_that_was_deleted_gives_the_words_back_or_begins_anew(page, web_app, started):
    web_app.store.delete(web_app.practice.resume(OWNER, started))
    last = list(page.say(started, KIND))[-1]
    assert last.get(page.notice) or pane(page, last) == "choose"
    for control in (page.finish, page.judge):
        assert pane(page, control(started)) == "choose"


def test_a_reload_in_mid_conversation_shows_it_as_it_stands(page, started):
    *_, answered = page.say(started, KIND)
    shown = page.load(request(session=started))
    assert pane(page, shown) == "talk"
    assert shown[page.chat] == answered[page.chat]
    assert shown[page.session_id] == started


def test_the_end_asks_first_how_it_went(page, web_app, started):
    list(page.say(started, KIND))
    shown = page.finish(started)
    assert pane(page, shown) == "reflect"
    assert web_app.practice.resume(OWNER, started).ended_at is not None
    assert pane(page, page.load(request(session=started))) == "reflect"


def test_a_talk_without_a_word_ends_where_it_began(page, started):
    assert pane(page, page.finish(started)) == "choose"
    assert pane(page, page.load(request(session=started))) == "choose"


def test_then_the_critique_is_shown_with_both_quotes_and_stays(page, web_app, started):
    list(page.say(started, KIND))
    page.finish(started)
    shown = page.judge(started, "I listened <b>well</b>.")
    assert pane(page, shown) == "read"
    assert shown[page.thoughts] == ""
    assert "I listened &lt;b&gt;well&lt;/b&gt;." in shown[page.debrief]
    assert 'class="said"' in shown[page.debrief]
    assert 'class="source"' in shown[page.debrief]
    session = web_app.practice.resume(OWNER, started)
    assert isinstance(web_app.store.critique(session), Critique)
    again = page.load(request(session=started))
    assert pane(page, again) == "read"
    assert again[page.debrief] == shown[page.debrief]


def test_saying_how_it_went_may_be_skipped(page, started):
    list(page.say(started, KIND))
    page.finish(started)
    shown = page.judge(started)
    assert pane(page, shown) == "read"
    assert "Before reading this you said" not in shown[page.debrief]


def test_a_rep_who_walks_out_leads_to_the_reflection(page, web_app, started, monkeypatch):
    session = web_app.practice.resume(OWNER, started)
    monkeypatch.setattr(
        "coach.session.stage.Stage.answer",
        lambda stage, path, *_rest: (
            path[0].model_copy(update={"i": len(path), "text": "I am going.", "id": ""}),
            True,
        ),
    )
    *_, shown = page.say(session.id, KIND)
    assert pane(page, shown) == "reflect"
    assert shown[page.chat][-1]["content"] == "I am going."


def test_practising_again_goes_back_to_the_choice(page, started):
    shown = page.home()
    assert pane(page, shown) == "choose"
    assert shown[page.session_id] == ""


def test_two_talks_do_not_mix(page):
    one, two = (page.start("burnout", "standard")[page.session_id] for _ in range(2))
    *_, first = page.say(one, "Said to one.")
    *_, second = page.say(two, "Said to two.")
    assert [m["content"] for m in first[page.chat] if m["role"] == "user"] == ["Said to one."]
    assert [m["content"] for m in second[page.chat] if m["role"] == "user"] == ["Said to two."]


def test_unknown_choices_are_our_own_errors(page):
    with pytest.raises(CoachError):
        page.read_brief("picnic", "easy")
    with pytest.raises(CoachError):
        page.start("picnic", "easy")


def test_after_the_critique_the_same_rep_can_be_met_again(page, web_app, started, burnout):
    list(page.say(started, f"{KIND} I will call Colin tomorrow."))
    page.finish(started)
    page.judge(started)
    shown = page.meet_again(started, "kept")
    again = web_app.practice.resume(OWNER, shown[page.session_id])
    assert pane(page, shown) == "talk"
    assert (again.after, again.since) == (started, "kept")
    assert shown[page.chat][0]["content"].startswith(burnout.next_time.kept)
    assert "You did what you promised." in shown[page.title]
    assert shown[page.since] == "quiet"
    list(page.say(again.id, "I called Colin. How was the week?"))
    page.finish(again.id)
    read = page.judge(again.id)
    assert "What you promised last time" in read[page.debrief]
    assert "I will call Colin tomorrow." in read[page.debrief]
    assert "You kept your word" in read[page.debrief]


def test_what_has_happened_since_is_asked_in_plain_words(page):
    choices = page.since.choices
    assert [value for _, value in choices] == ["kept", "broken", "better", "worse", "quiet"]
    assert page.since.value == "quiet"
    assert all(words[0].isupper() and len(words) < 40 for words, _ in choices)


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "not ended"])
def test_a_talk_that_cannot_be_followed_leads_to_the_choice(page, web_app, started, gone):
    if gone:
        web_app.store.delete(web_app.practice.resume(OWNER, started))
    assert pane(page, page.meet_again(started, "kept")) == "choose"
