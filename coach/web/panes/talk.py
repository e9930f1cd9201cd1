"""The conversation. The database is the record: a handler gets a session id and new words, never a history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import gradio as gr

from coach.app import OWNER
from coach.domain import Session, Turn
from coach.errors import CoachError
from coach.web import views
from coach.web.growing import growing
from coach.web.pace import paced
from coach.web.panes.pane import Pane, Update, unseen

EARLIER = "Go back and answer differently"
KEPT = "Your talk with {rep} is kept, word for word. Go on with it whenever you like."


class Talk(Pane):
    """The chat with the rep."""

    def lay_out(self) -> None:
        """Who is across the table, what was said, what to say next, and the end."""
        with gr.Column(elem_id="talking"):  # as high as the window, so that nothing in it has to be scrolled for
            self.title = gr.HTML(padding=False)
            self.chat = gr.Chatbot(
                label="Conversation", show_label=False, render_markdown=False, buttons=[], elem_id="chat",
                elem_classes="talked",
            )  # fmt: skip
            with gr.Column(elem_id="saying"):
                self.notice = gr.HTML(elem_classes="notice", padding=False)
                self.whispered = gr.HTML(elem_id="whispered", padding=False)
                self.words = gr.Textbox(
                    label="What would you say?",
                    placeholder="Type your words here",
                    lines=1,
                    max_lines=8,
                    elem_id="words",
                    autofocus=True,
                    submit_btn="Say it",
                )
                with gr.Row(elem_id="ways"):
                    self.ask = gr.Button("A hint from the coach", elem_id="hint")
                    self.leave = gr.Button("Leave and go on later", elem_id="leave")
                    self.end = gr.Button("End the conversation", elem_id="end")
                gr.HTML(views.KEYS, padding=False)
        self.over = unseen()  # the talk that the rep has just walked out of
        with gr.Accordion("The brief again", open=False, elem_id="brief-again"):
            self.brief = gr.HTML(padding=False)
        with gr.Accordion("Back to an earlier moment", open=False, elem_id="more"):
            self.earlier = gr.HTML(padding=False)
        self.parts = (self.title, self.chat, self.words, self.notice, self.whispered, self.brief, self.earlier)

    def wire(self) -> None:
        """Say something, leave it for now, or end it; ask for a hint."""
        here = self.page.session_id
        saying = (self.chat, self.words, self.notice, self.title, self.whispered, self.earlier, self.over)
        self.page.on(self.words.submit, self.say, here, self.words, changes=saying, closes=self.words)
        self.page.on(self.over.change, self.lead_on, self.over)
        self.page.on(self.leave.click, self.pause, here, top=True)
        self.page.on(self.end.click, self.finish, here, top=True)
        self.page.on(self.ask.click, self.hint, here)

    def begun(self, session: Session) -> Update:
        """Show a session that has just begun, with an empty box."""
        return {**self.page.conversation(session.id), self.words: gr.update(value="", interactive=True)}

    def shown(self, session: Session) -> Update:
        """The conversation as it stands, and its brief."""
        return {**self.now(session), self.brief: views.brief_again(self.app, session)}

    def now(self, session: Session) -> Update:
        """What changes with every turn."""
        path = self.app.store.path(session)
        return {**self._around(session, path), self.chat: views.messages(path)}

    def _around(self, session: Session, path: Sequence[Turn]) -> Update:
        """Who is across the table, no notice, the hint that was asked for after the last words, and the way back."""
        return {
            self.title: views.title(self.app, self.app.practice.scenario(session), path, session.since),
            self.notice: "",
            self.whispered: views.whispered(path[-1].hint),
            self.earlier: views.earlier(session.id, path, EARLIER),
        }

    def say(self, session_id: str, text: str) -> Iterator[Update]:
        """Show the words at once, then the answer; words that cannot be sent come back with the reason.

        The page keeps the box closed meanwhile: Gradio sends the last update twice, and what was typed between the two
        would be gone.
        """
        try:
            session = self.app.practice.resume(OWNER, session_id)
        except CoachError as error:
            yield {self.words: text, self.notice: views.notice(str(error))}
            return
        path = self.app.store.path(session)
        said = views.messages(path)
        asked = [*said, views.message("manager", text)]
        # For Gradio a control without a value is to be made anew, which takes five times as long as the same value.
        same = {**self._around(session, path), self.words: "", self.over: ""}
        yield {**same, self.chat: [*asked, views.TYPING]}
        try:
            moved: list[Session] = []
            reply = growing(lambda shown: moved.append(self.app.practice.reply(session, text, shown)))
            for part in paced(reply, self.app.settings.pace):
                yield {**same, self.chat: [*asked, views.message("rep", part)]}
        except CoachError as error:
            yield {self.chat: said, self.words: text, self.notice: views.notice(str(error))}
        else:
            yield {**self.now(moved[0]), self.words: "", self.over: session_id if moved[0].ended_at else ""}

    def lead_on(self, over: str) -> Update:
        """Away from the talk that the rep has walked out of; nowhere when another one takes its place."""
        return self.page.conversation(over) if over else gr.skip()

    def hint(self, session_id: str) -> Update:
        """What the coach whispers at this moment; the critique will say that it was asked."""
        try:
            words = self.app.practice.hint(self.app.practice.resume(OWNER, session_id))
        except CoachError as error:
            return {self.notice: views.notice(str(error))}
        return {self.whispered: views.whispered(words)}

    def pause(self, session_id: str) -> Update:
        """Leave the talk for now; it is kept as it stands."""
        try:
            session = self.app.practice.resume(OWNER, session_id)
            rep = self.app.practice.scenario(session).persona.name.split()[0]
        except CoachError:
            return self.page.home()
        said = len(self.app.store.path(session)) > 1
        return self.page.home(KEPT.format(rep=rep) if said else "")

    def finish(self, session_id: str) -> Update:
        """End the talk; the rep has the last word."""
        with suppress(CoachError):  # a session deleted elsewhere leads back to the choice
            self.app.practice.end(self.app.practice.resume(OWNER, session_id))
        return self.page.conversation(session_id)
