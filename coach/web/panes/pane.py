"""What a pane is: controls in a column of their own, laid out first and wired when all panes are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

if TYPE_CHECKING:
    from coach.domain import Session
    from coach.web.page import Page

Update = dict[Any, Any]
"""New values by control; controls that are not named stay as they are."""


def unseen(name: str | None = None) -> gr.Textbox:
    """A value for handlers alone, hidden by the style sheet: Gradio shows what it hid once its pane comes back."""
    return gr.Textbox(elem_id=name, elem_classes="unseen")


class Pane:
    """One pane. ``parts`` are the controls that handlers, this pane's or another's, may change."""

    parts: tuple[gr.blocks.Block, ...] = ()

    def __init__(self, page: Page, visible: bool = False) -> None:
        """Lay the pane out, inside an open ``gr.Blocks``."""
        self.page = page
        self.app = page.app
        with gr.Column(visible=visible, elem_classes="pane") as self.column:
            self.lay_out()

    def lay_out(self) -> None:
        """Make the controls and name those that change in ``parts``."""

    def wire(self) -> None:
        """Say what the controls do, with ``page.on``."""

    def shown(self, session: Session) -> Update:
        """What the pane shows of a session, from the store."""
        return {}
