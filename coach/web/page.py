"""The page: choose, read the brief, talk, end, say how it went, read the critique.

Gradio is the chat and the controls; what is read comes from the shared templates. The database is the
record: a handler gets a session id and new words, never a history from the browser.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gradio as gr
from gradio.events import Dependency

from coach.app import OWNER, App
from coach.domain import Difficulty, Session, Since
from coach.errors import CoachError
from coach.web import tomorrow, views
from coach.web.growing import growing

Update = dict[Any, Any]

# The address names the session, so that a reload or a bookmark leads back to it.
TO_SESSION = "(id) => { history.replaceState(null, '', id ? '?session=' + id : location.pathname); }"
TO_TOP = "() => { window.scrollTo({ top: 0 }); }"
CONCURRENT = 20  # talks answered at the same time; the default of 1 makes everyone wait for everyone


def build(app: App) -> gr.Blocks:
    """Build the page for an app."""
    blocks = gr.Blocks(title="Sales leadership coach", analytics_enabled=False)
    with blocks:
        page = Page(app)
        blocks.load(page.load, None, page.everything, api_visibility="private", show_progress="hidden")
    return blocks


class Page:
    """The five panes, of which one is shown, and what their controls do."""

    def __init__(self, app: App) -> None:
        """Lay the panes out and wire the controls, inside an open ``gr.Blocks``."""
        self.app = app
        # Hidden, not a State: the address in the browser is made from it.
        self.session_id = gr.Textbox(visible="hidden", elem_id="session-id")
        gr.HTML(views.TOP, padding=False, elem_classes="top")
        with gr.Column(visible=True) as choose:
            self._choose()
        with gr.Column(visible=False) as brief:
            self._brief()
        with gr.Column(visible=False) as talk:
            self._talk()
        with gr.Column(visible=False) as reflect:
            self._reflect()
        with gr.Column(visible=False) as read:
            self._read()
        self.panes = {"choose": choose, "brief": brief, "talk": talk, "reflect": reflect, "read": read}
        shown = (self.session_id, self.cards, self.scenario, self.difficulty, self.brief, self.title, self.chat)
        written = (self.words, self.notice, self.wrong, self.thoughts, self.debrief, self.since)
        self.everything = [*self.panes.values(), *shown, *written]
        self._wire()

    def _choose(self) -> None:
        scenarios = self.app.library.scenarios
        first = next(iter(scenarios.values()))
        gr.HTML(views.private(self.app), padding=False)
        self.cards = gr.HTML(padding=False)
        with gr.Row():
            self.scenario = gr.Radio(views.titles(self.app), value=first.id, label="Conversation", min_width=280)
            levels = [(level.value.capitalize(), level.value) for level in Difficulty]
            self.difficulty = gr.Radio(levels, value=first.difficulty.value, label="How hard", min_width=280)
        self.to_brief = gr.Button("Read the brief", variant="primary")
        with gr.Accordion("My conversation tomorrow: make it from five answers", open=False, elem_id="tomorrow"):
            gr.HTML(views.TOMORROW, padding=False)
            self.told = tomorrow.fields()
            self.wrong = gr.HTML(elem_classes="notice", padding=False)
            self.prepare = gr.Button("Make my conversation")

    def _brief(self) -> None:
        self.brief = gr.HTML(padding=False)
        with gr.Row():
            self.back = gr.Button("Choose another")
            self.begin = gr.Button("Start the conversation", variant="primary")

    def _talk(self) -> None:
        self.title = gr.HTML(padding=False)
        self.chat = gr.Chatbot(
            label="Conversation", show_label=False, render_markdown=False, height="52vh", buttons=[], elem_id="chat"
        )
        self.words = gr.Textbox(
            label="What would you say?",
            placeholder="Write what you would say; Enter sends it, Shift+Enter makes a new line",
            lines=1,
            max_lines=8,
            elem_id="words",
            autofocus=True,
            submit_btn="Say it",
        )
        self.notice = gr.HTML(elem_classes="notice", padding=False)
        self.end = gr.Button("End the conversation", elem_id="end")

    def _reflect(self) -> None:
        gr.HTML(views.HOW_DID_IT_GO, padding=False)
        self.thoughts = gr.Textbox(
            label="In a sentence or two, for yourself", lines=3, max_length=2000, elem_id="thoughts"
        )
        with gr.Row():
            self.skip = gr.Button("Skip")
            self.to_read = gr.Button("Show me the critique", variant="primary")

    def _read(self) -> None:
        self.debrief = gr.HTML(padding=False, elem_id="debrief")
        self.since = gr.Radio(
            [(words, since) for since, words in views.SINCE.items()],
            value="quiet",
            label="Meet again next week. What has happened since?",
            elem_id="since",
        )
        with gr.Row():
            self.next_week = gr.Button("Meet again next week")
            self.again = gr.Button("Practise again", variant="primary")

    def _wire(self) -> None:
        self._on(self.to_brief.click, self.read_brief, self.scenario, self.difficulty)
        self._on(self.prepare.click, self.make, *self.told)
        self._on(self.back.click, self.home)
        self._on(self.begin.click, self.start, self.scenario, self.difficulty)
        self._on(self.words.submit, self.say, self.session_id, self.words)
        self._on(self.end.click, self.finish, self.session_id)
        for event in (
            self._on(self.skip.click, self.judge, self.session_id),
            self._on(self.to_read.click, self.judge, self.session_id, self.thoughts),
            self._on(self.next_week.click, self.meet_again, self.session_id, self.since),
            self._on(self.again.click, self.home),
        ):
            event.then(None, js=TO_TOP, api_visibility="private")

    def _on(
        self, trigger: Callable[..., Dependency], handler: Callable[..., Any], *inputs: gr.blocks.Block
    ) -> Dependency:
        done: Dependency = trigger(
            handler,
            list(inputs),
            self.everything,
            api_visibility="private",
            concurrency_limit=CONCURRENT,
            show_progress="hidden",
        )
        addressed: Dependency = done.then(None, self.session_id, None, js=TO_SESSION, api_visibility="private")
        return addressed

    # --- what the controls do -------------------------------------------------------------------

    def load(self, request: gr.Request) -> Update:
        """Show the session or the brief that the address names, or the choice."""
        asked = request.query_params.get("session", "")
        chosen = self.app.library.scenarios.get(request.query_params.get("scenario", ""))
        if chosen and not asked:
            level = chosen.difficulty.value
            picked = {self.scenario: gr.update(choices=views.titles(self.app), value=chosen.id), self.difficulty: level}
            return {**self.read_brief(chosen.id, level), **picked}
        # Without a session the choice is there already; a click may even have left it by now.
        return self._conversation(asked) if asked else self._choices()

    def home(self) -> Update:
        """Show what can be practised."""
        return {**self._show("choose"), self.session_id: "", **self._choices()}

    def _choices(self) -> Update:
        following = views.suggestion(self.app)
        return {
            self.cards: views.cards(self.app),
            self.scenario: gr.update(choices=views.titles(self.app), value=following.scenario.id),
            self.difficulty: following.difficulty.value,
        }

    def read_brief(self, scenario_id: str, level: str) -> Update:
        """Show the brief of a scenario."""
        return {**self._show("brief"), self.brief: views.brief(self.app, scenario_id, Difficulty(level))}

    def make(self, *told: str) -> Update:
        """Make a private scenario of the five answers and show its brief; it is there to stay."""
        try:
            scenario, notes = tomorrow.made(self.app, told)
        except CoachError as error:
            return {self.wrong: views.notice(str(error))}
        chosen = gr.update(choices=views.titles(self.app), value=scenario.id)
        shown = views.brief(self.app, scenario.id, scenario.difficulty) + views.notes(notes)
        return {**self._show("brief"), self.brief: shown, self.scenario: chosen, self.wrong: ""}

    def start(self, scenario_id: str, level: str) -> Update:
        """Start a session; the rep speaks first."""
        session = self.app.practice.start(OWNER, scenario_id, Difficulty(level), secrets.randbelow(2**31))
        return self._begun(session)

    def meet_again(self, session_id: str, since: Since) -> Update:
        """Start the next session with the same rep; the choice if the last one is gone."""
        practice = self.app.practice
        try:
            last = practice.resume(OWNER, session_id)
            seed = secrets.randbelow(2**31)
            session = practice.start(OWNER, last.scenario_id, None, seed, after=last.id, since=since)
        except CoachError:
            return self.home()
        return {**self._begun(session), self.since: "quiet"}

    def _begun(self, session: Session) -> Update:
        return {**self._conversation(session.id), self.words: gr.update(value="", interactive=True)}

    def say(self, session_id: str, text: str) -> Iterator[Update]:
        """Show the words at once, then the answer; words that cannot be sent come back with the reason."""
        try:
            session = self.app.practice.resume(OWNER, session_id)
        except CoachError as error:
            yield {self.words: text, self.notice: views.notice(str(error))}
            return
        said = views.messages(self.app.store.path(session))
        asked = [*said, views.message("manager", text)]
        yield {self.chat: [*asked, views.TYPING], self.words: gr.update(value="", interactive=False), self.notice: ""}
        try:
            for part in growing(lambda shown: self.app.practice.reply(session, text, shown)):
                yield {self.chat: [*asked, views.message("rep", part)]}
        except CoachError as error:
            kept = gr.update(value=text, interactive=True)
            yield {self.chat: said, self.words: kept, self.notice: views.notice(str(error))}
        else:
            yield {**self._conversation(session_id), self.words: gr.update(value="", interactive=True)}

    def finish(self, session_id: str) -> Update:
        """End the talk; the rep has the last word."""
        with suppress(CoachError):  # a session deleted elsewhere leads back to the choice
            self.app.practice.end(self.app.practice.resume(OWNER, session_id))
        return self._conversation(session_id)

    def judge(self, session_id: str, thought: str = "") -> Update:
        """Keep what the manager thinks, then show the critique."""
        with suppress(CoachError):
            session = self.app.practice.reflect(self.app.practice.resume(OWNER, session_id), thought)
            self.app.practice.critique(session)
        return {**self._conversation(session_id), self.thoughts: ""}

    def _conversation(self, session_id: str) -> Update:
        """Show a session where it stands, from the store; begin anew if it is gone."""
        try:
            session = self.app.practice.resume(OWNER, session_id)
        except CoachError:
            return self.home()
        path = self.app.store.path(session)
        shown: Update = {
            self.session_id: session_id,
            self.chat: views.messages(path),
            self.title: views.title(self.app.practice.scenario(session), session.since),
            self.notice: "",
        }
        if not session.ended_at:
            return {**self._show("talk"), **shown}
        if not any(turn.speaker == "manager" for turn in path):
            return self.home()
        if self.app.store.critique(session):
            return {**self._show("read"), **shown, self.debrief: views.debriefing(self.app, session)}
        return {**self._show("reflect"), **shown}

    def _show(self, name: str) -> Update:
        return {pane: gr.update(visible=pane is self.panes[name]) for pane in self.panes.values()}
