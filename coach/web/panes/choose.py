"""Choose what to practise, or make a conversation of one's own."""

from __future__ import annotations

import gradio as gr

from coach.errors import CoachError
from coach.web import tomorrow, views
from coach.web.panes.pane import Pane, Update, unseen


class Choose(Pane):
    """The conversations that can be practised."""

    def lay_out(self) -> None:
        """What comes next, five questions for a conversation of one's own, and cards to choose from."""
        gr.HTML(views.private(self.app), padding=False)
        self.told = gr.HTML(padding=False, elem_classes="told")
        self.ahead = gr.HTML(padding=False)
        # What was chosen: a card is a link, and the address names the scenario.
        self.scenario = unseen("chosen")
        with gr.Accordion("My conversation tomorrow: make it from five answers", open=False, elem_id="tomorrow"):
            gr.HTML(views.TOMORROW, padding=False)
            self.answers = tomorrow.fields()
            self.wrong = gr.HTML(elem_classes="notice", padding=False)
            self.prepare = gr.Button("Make my conversation")
        self.cards = gr.HTML(padding=False)
        self.parts = (self.told, self.ahead, self.cards, self.scenario, self.wrong)

    def wire(self) -> None:
        """The answers lead to a brief, as each card does."""
        self.page.on(self.prepare.click, self.make, *self.answers)

    def choices(self, told: str = "") -> Update:
        """What can be practised, under a sentence on what has just been done."""
        return {
            self.told: views.told(told),
            self.ahead: views.ahead(self.app),
            self.cards: views.cards(self.app),
        }

    def make(self, *answers: str) -> Update:
        """Make a private scenario of the five answers and show its brief; it is there to stay."""
        try:
            scenario, notes = tomorrow.made(self.app, answers)
        except CoachError as error:
            return {self.wrong: views.notice(str(error))}
        brief = self.page.brief.choose(scenario.id, scenario.difficulty, views.notes(notes))
        return {**brief, self.wrong: ""}
