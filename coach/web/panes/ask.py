"""Ask the coach about the talk: a question, three that fit this talk, and the answer; part of the critique's pane."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from coach.app import OWNER, App
from coach.domain import Session
from coach.errors import CoachError
from coach.web import views
from coach.web.panes.pane import Update

IDEAS = 3
LOOKING = "<section class='coach'><p class='hint'>Looking it up…</p></section>"


class Ask:
    """The controls, made inside a pane. Questions and answers are not kept."""

    def __init__(self, app: App) -> None:
        """Lay the controls out."""
        self._app = app
        gr.HTML(views.ASK, padding=False)
        self.answer = gr.HTML(padding=False, elem_id="answer")
        self.question = gr.Textbox(
            label="Your question", lines=1, max_lines=4, max_length=500, submit_btn="Ask", elem_id="question"
        )
        with gr.Row():
            self.ideas = [gr.Button(size="sm", elem_classes="idea") for _ in range(IDEAS)]

    @property
    def parts(self) -> tuple[gr.blocks.Block, ...]:
        """What changes with the talk, and with every answer."""
        return (self.answer, self.question, *self.ideas)

    def shown(self, session: Session) -> Update:
        """No answer yet, and questions that fit this talk."""
        return {self.answer: "", self.question: "", **self._suggest(views.questions(self._app, session))}

    def ask(self, session_id: str, question: str) -> Iterator[Update]:
        """Answer a question; why not, where it cannot be answered."""
        yield {self.answer: LOOKING}
        try:
            session = self._app.practice.resume(OWNER, session_id)
            shown, ideas = views.answered(self._app, session, question)
        except CoachError as error:
            yield {self.answer: views.notice(str(error))}
        else:
            yield {self.answer: shown, self.question: "", **self._suggest(ideas)}

    def _suggest(self, ideas: tuple[str, ...]) -> Update:
        padded = (*ideas, *("" for _ in range(IDEAS)))[:IDEAS]
        return {
            button: gr.update(value=idea, visible=bool(idea)) for button, idea in zip(self.ideas, padded, strict=True)
        }
