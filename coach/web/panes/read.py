"""Read the critique, and what can be done next."""

from __future__ import annotations

import secrets
from contextlib import suppress

import gradio as gr

from coach.app import OWNER
from coach.domain import Session, Since
from coach.errors import CoachError
from coach.web import views
from coach.web.panes.ask import Ask
from coach.web.panes.pane import Pane, Update
from coach.web.tries import Tries, comparison, tries

EARLIER = "Practise one moment again: go back to it and answer differently"
FORGOTTEN = "The talk is deleted, with everything that was said in it."


class Read(Pane):
    """The debrief of an ended session."""

    def lay_out(self) -> None:
        """The debrief, above it another branch to unfold, and the ways on."""
        self.standing = gr.HTML(padding=False)
        with gr.Accordion("Compare with another try", open=False, visible=False, elem_id="compare") as self.beside:
            self.other = gr.Dropdown([], label="Compare with", filterable=False, elem_classes="pick")
            self.compared = gr.HTML(padding=False, elem_id="compared")
        self.debrief = gr.HTML(padding=False, elem_id="debrief")
        self.asking = Ask(self.app)
        self.earlier = gr.HTML(padding=False, elem_id="again-from")
        self.since = gr.Radio(
            [(words, since) for since, words in views.SINCE.items()],
            value="quiet",
            label="Meet again next week. What has happened since?",
            info=views.NEXT_WEEK,
            elem_id="since",
        )
        with gr.Row():
            self.next_week = gr.Button("Meet again next week")
            self.again = gr.Button("Practise again", variant="primary")
        self.delete = gr.Button("Delete this talk", elem_id="delete", size="sm")
        with gr.Column(visible=False) as self.sure:
            gr.HTML(views.DELETE, padding=False)
            with gr.Row():
                self.keep = gr.Button("Keep it")
                self.gone = gr.Button("Delete it for good", variant="stop", elem_id="delete-for-good")
        beside = (self.beside, self.other, self.compared)
        self.parts = (
            self.standing, *beside, self.debrief, *self.asking.parts, self.earlier, self.since, self.sure,
        )  # fmt: skip

    def wire(self) -> None:
        """Compare, practise a moment again, meet the same rep again, choose anew, or delete it all."""
        here = self.page.session_id
        self.page.on(self.other.input, self.compare, here, self.other)
        self.page.on(self.asking.question.submit, self.asking.ask, here, self.asking.question)
        for idea in self.asking.ideas:
            self.page.on(idea.click, self.asking.ask, here, idea)
        self.page.on(self.next_week.click, self.meet_again, here, self.since, top=True)
        self.page.on(self.again.click, self.page.home, top=True)
        self.page.on(self.delete.click, self.ask, to="delete-question")
        self.page.on(self.keep.click, self.ask_no_more, to="delete")
        self.page.on(self.gone.click, self.forget, here, top=True)

    def shown(self, session: Session) -> Update:
        """The debrief; beside it the branch it was rewound from, or the newest ended one; open after a second try."""
        tried = tries(self.app, self.app.practice.branches(session))
        others = [branch.id for branch in tried.branches if branch.ended_at and branch.id != session.id]
        first = session.branch_of if session.branch_of in others else next(reversed(others), None)
        return {
            self.standing: views.standing(self.app, session, tried),
            self.debrief: views.debriefing(self.app, session),
            **self.asking.shown(session),
            self.earlier: views.earlier(session.id, tried.paths[session.id], EARLIER),
            **self.ask_no_more(),
            self.beside: gr.update(visible=bool(others), open=bool(session.branch_of)),
            self.other: gr.update(choices=[(tried.names[other], other) for other in others], value=first),
            **(self.compare(session.id, first, tried) if first else {self.compared: ""}),
        }

    def compare(self, session_id: str, other: str, tried: Tries | None = None) -> Update:
        """Show two branches side by side; why not, where they cannot be compared."""
        try:
            return {self.compared: comparison(self.app, session_id, other, tried)}
        except CoachError as error:
            return {self.compared: views.notice(str(error))}

    def ask(self) -> Update:
        """Ask before anything is deleted."""
        return {self.sure: gr.update(visible=True)}

    def ask_no_more(self) -> Update:
        """Take the question back."""
        return {self.sure: gr.update(visible=False)}

    def forget(self, session_id: str) -> Update:
        """Delete the talk with all its branches; one that is gone already is no error."""
        with suppress(CoachError):
            self.app.store.delete(self.app.practice.resume(OWNER, session_id))
        return self.page.home(FORGOTTEN)

    def meet_again(self, session_id: str, since: Since) -> Update:
        """Start the next session with the same rep; the choice if the last one is gone."""
        practice = self.app.practice
        try:
            last = practice.resume(OWNER, session_id)
            seed = secrets.randbelow(2**31)
            session = practice.start(OWNER, last.scenario_id, None, seed, after=last.id, since=since)
        except CoachError:
            return self.page.home()
        return {**self.page.talk.begun(session), self.since: "quiet"}
