"""Say how it went, before the critique does."""

from __future__ import annotations

from contextlib import suppress

import gradio as gr

from coach.app import OWNER
from coach.domain import Session
from coach.errors import CoachError
from coach.web import views
from coach.web.panes.pane import Pane, Update


class Reflect(Pane):
    """What the manager thinks of the talk."""

    def lay_out(self) -> None:
        """The rep's last words, a box that may stay empty, and the way back for who ended the talk by mistake."""
        self.farewell = gr.HTML(padding=False)
        gr.HTML(views.HOW_DID_IT_GO, padding=False)
        self.thoughts = gr.Textbox(
            label="In a sentence or two, for yourself", lines=3, max_length=2000, elem_id="thoughts"
        )
        with gr.Row():
            self.again = gr.Button("Back to the conversation", elem_id="not-finished")
            self.skip = gr.Button("Skip")
            self.to_read = gr.Button("Show me the critique", variant="primary")
        self.parts = (self.farewell, self.thoughts, self.again)

    def wire(self) -> None:
        """On to the critique, with a thought or without one, or back into the talk."""
        self.page.on(self.again.click, self.go_on, self.page.session_id, top=True)
        self.page.on(self.skip.click, self.judge, self.page.session_id, top=True)
        self.page.on(self.to_read.click, self.judge, self.page.session_id, self.thoughts, top=True)

    def shown(self, session: Session) -> Update:
        """How the rep closed the talk."""
        again = gr.update(visible=self.app.practice.may_reopen(session))
        return {self.farewell: views.farewell(self.app, session), self.again: again}

    def judge(self, session_id: str, thought: str = "") -> Update:
        """Keep what the manager thinks, then show the critique."""
        with suppress(CoachError):
            session = self.app.practice.reflect(self.app.practice.resume(OWNER, session_id), thought)
            self.app.practice.critique(session)
        return {**self.page.conversation(session_id), self.thoughts: ""}

    def go_on(self, session_id: str) -> Update:
        """Take the end back."""
        with suppress(CoachError):  # what has become of it elsewhere, the page shows
            self.app.practice.reopen(self.app.practice.resume(OWNER, session_id))
        return self.page.conversation(session_id)
