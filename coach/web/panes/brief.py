"""Read the brief."""

from __future__ import annotations

import secrets

import gradio as gr

from coach.app import OWNER
from coach.domain import Difficulty
from coach.reports.render import hardness
from coach.web import views
from coach.web.panes.pane import Pane, Update

HARDER = "The harder, the more it takes until you are trusted, and the more a slip costs."


class Brief(Pane):
    """What the manager may know before the talk."""

    def lay_out(self) -> None:
        """The brief, how hard it is to be, and the way on or back."""
        self.text = gr.HTML(padding=False)
        self.notes = gr.HTML(padding=False)
        levels = [(hardness(level).capitalize(), level.value) for level in Difficulty]
        self.level = gr.Radio(levels, value=Difficulty.STANDARD.value, label="How hard", info=HARDER, elem_id="level")
        with gr.Row():
            self.back = gr.Button("Choose another")
            self.begin = gr.Button("Start the conversation", variant="primary")
        self.parts = (self.text, self.notes, self.level)

    def wire(self) -> None:
        """Back to the choice, or into the talk."""
        chosen = self.page.choose.scenario
        self.page.on(self.back.click, self.page.home)
        self.page.on(self.level.input, self.read, chosen, self.level)
        self.page.on(self.begin.click, self.start, chosen, self.level, top=True)

    def choose(self, scenario_id: str, level: Difficulty, notes: str = "") -> Update:
        """Show the brief of a scenario that was chosen, with notes on how it was made."""
        chosen = {self.page.choose.scenario: gr.update(value=scenario_id), self.level: level.value}
        return {**self.read(scenario_id, level.value), **chosen, self.notes: notes}

    def read(self, scenario_id: str, level: str) -> Update:
        """Show the brief of a scenario at a difficulty."""
        return {**self.page.show(self), self.text: views.brief(self.app, scenario_id, Difficulty(level))}

    def start(self, scenario_id: str, level: str) -> Update:
        """Start a session; the rep speaks first."""
        session = self.app.practice.start(OWNER, scenario_id, Difficulty(level), secrets.randbelow(2**31))
        return self.page.talk.begun(session)
