"""A moment of a talk, looked at again, with the question whether to start again from there."""

from __future__ import annotations

import gradio as gr

from coach.app import OWNER
from coach.errors import CoachError
from coach.web import views
from coach.web.panes.pane import Pane, Update, unseen


class Rewind(Pane):
    """Looking changes nothing, so that a link may lead here; only the button begins another branch."""

    def lay_out(self) -> None:
        """The talk until then, what was said there, and the two ways on."""
        self.about = gr.HTML(padding=False)
        self.chat = gr.Chatbot(
            label="The talk until then", show_label=False, render_markdown=False, height="44vh", buttons=[],
            elem_id="until-then", elem_classes="talked",
        )  # fmt: skip
        self.turn = unseen()
        self.wrong = gr.HTML(elem_classes="notice", padding=False)
        with gr.Row():
            self.back = gr.Button("Leave it as it was")
            self.begin = gr.Button("Start again from here", variant="primary", elem_id="start-again")
        self.parts = (self.about, self.chat, self.turn, self.wrong)

    def wire(self) -> None:
        """Back to where the talk stands, or into another branch."""
        self.page.on(self.back.click, self.page.conversation, self.page.session_id)
        self.page.on(self.begin.click, self.start, self.page.session_id, self.turn, top=True)

    def look(self, session_id: str, turn: str | None) -> Update:
        """Show a moment; where there is no such moment, the talk as it stands with the reason."""
        practice = self.app.practice
        try:
            session = practice.resume(OWNER, session_id)
            path = practice.moment(session, _number(turn))
        except CoachError as error:
            return {**self.page.conversation(session_id), self.page.talk.notice: views.notice(str(error))}
        said = self.app.store.path(session)[len(path) : len(path) + 1]
        return {
            **self.page.show(self),
            self.page.session_id: session.id,
            self.about: views.moment(practice.scenario(session), said),
            self.chat: views.messages(path),
            self.turn: str(path[-1].i),
            self.wrong: "",
        }

    def start(self, session_id: str, turn: str) -> Update:
        """Begin another branch there; the one that is left is kept as it stands."""
        practice = self.app.practice
        try:
            branch = practice.rewind(practice.resume(OWNER, session_id), _number(turn))
        except CoachError as error:
            return {self.wrong: views.notice(str(error))}
        return self.page.talk.begun(branch)


def _number(turn: str | None) -> int:
    """A turn's number as a browser sends it; -1, which no turn has, for anything else."""
    return int(turn) if turn and turn.isascii() and turn.isdigit() and len(turn) < 6 else -1
