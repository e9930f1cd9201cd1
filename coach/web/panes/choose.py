"""Choose what to practise, or make a conversation of one's own."""

from __future__ import annotations

import gradio as gr

from coach.domain import Difficulty
from coach.errors import CoachError
from coach.web import tomorrow, views
from coach.web.panes.pane import Pane, Update


class Choose(Pane):
    """The conversations that can be practised."""

    def lay_out(self) -> None:
        """What comes next, a choice to make, five questions for a conversation of one's own, and cards to look at."""
        first = next(iter(self.app.library.scenarios.values()))
        gr.HTML(views.private(self.app), padding=False)
        self.told = gr.HTML(padding=False, elem_classes="told")
        self.ahead = gr.HTML(padding=False)
        with gr.Row(elem_id="choice"):
            titles = views.titles(self.app)
            self.scenario = gr.Dropdown(
                titles, value=first.id, label="Conversation", filterable=False, scale=3, elem_classes="pick"
            )
            levels = [(level.value.capitalize(), level.value) for level in Difficulty]
            self.difficulty = gr.Radio(levels, value=first.difficulty.value, label="How hard", scale=2, min_width=280)
        self.to_brief = gr.Button("Read the brief", variant="primary")
        with gr.Accordion("My conversation tomorrow: make it from five answers", open=False, elem_id="tomorrow"):
            gr.HTML(views.TOMORROW, padding=False)
            self.answers = tomorrow.fields()
            self.wrong = gr.HTML(elem_classes="notice", padding=False)
            self.prepare = gr.Button("Make my conversation")
        self.cards = gr.HTML(padding=False)
        self.parts = (self.told, self.ahead, self.cards, self.scenario, self.difficulty, self.wrong)

    def wire(self) -> None:
        """Both ways lead to a brief."""
        self.page.on(self.to_brief.click, self.page.brief.read, self.scenario, self.difficulty)
        self.page.on(self.prepare.click, self.make, *self.answers)

    def choices(self, told: str = "") -> Update:
        """What can be practised, with what comes next chosen, under a sentence on what has just been done."""
        following = views.suggestion(self.app)
        return {
            self.told: views.told(told),
            self.ahead: views.ahead(self.app),
            self.cards: views.cards(self.app),
            self.scenario: gr.update(choices=views.titles(self.app), value=following.scenario.id),
            self.difficulty: following.difficulty.value,
        }

    def make(self, *answers: str) -> Update:
        """Make a private scenario of the five answers and show its brief; it is there to stay."""
        try:
            scenario, notes = tomorrow.made(self.app, answers)
        except CoachError as error:
            return {self.wrong: views.notice(str(error))}
        chosen = gr.update(choices=views.titles(self.app), value=scenario.id)
        brief = self.page.brief.read(scenario.id, scenario.difficulty.value, views.notes(notes))
        return {**brief, self.scenario: chosen, self.wrong: ""}
