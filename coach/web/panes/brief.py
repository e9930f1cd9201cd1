"""Read the brief."""

from __future__ import annotations

import secrets

import gradio as gr

from coach.app import OWNER
from coach.domain import Difficulty
from coach.web import views
from coach.web.panes.pane import Pane, Update


class Brief(Pane):
    """What the manager may know before the talk."""

    def lay_out(self) -> None:
        """The brief, and the way on or back."""
        self.text = gr.HTML(padding=False)
        with gr.Row():
            self.back = gr.Button("Choose another")
            self.begin = gr.Button("Start the conversation", variant="primary")
        self.parts = (self.text,)

    def wire(self) -> None:
        """Back to the choice, or into the talk."""
        choice = self.page.choose
        self.page.on(self.back.click, self.page.home)
        self.page.on(self.begin.click, self.start, choice.scenario, choice.difficulty, top=True)

    def read(self, scenario_id: str, level: str, notes: str = "") -> Update:
        """Show the brief of a scenario, with notes on how it was made."""
        text = views.brief(self.app, scenario_id, Difficulty(level)) + notes
        return {**self.page.show(self), self.text: text}

    def start(self, scenario_id: str, level: str) -> Update:
        """Start a session; the rep speaks first."""
        session = self.app.practice.start(OWNER, scenario_id, Difficulty(level), secrets.randbelow(2**31))
        return self.page.talk.begun(session)
