"""Go back to a moment of the talk: a list of what was said, shared by the talk and its critique."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from coach.domain import Turn
from coach.web import views
from coach.web.panes.pane import Update


class Earlier:
    """A list of moments and the button that leads to the chosen one; made inside a pane."""

    def __init__(self, label: str) -> None:
        """Lay out the two controls."""
        self.moment = gr.Dropdown([], label=label, filterable=False, elem_classes="pick")
        self.go = gr.Button("Go back to this moment")

    def shown(self, path: Sequence[Turn]) -> Update:
        """The moments of a path, the last one chosen."""
        choices = views.moments(path)
        return {
            self.moment: gr.update(choices=choices, value=choices[-1][1] if choices else None),
            self.go: gr.update(interactive=bool(choices)),
        }

    @property
    def parts(self) -> tuple[gr.blocks.Block, ...]:
        """What changes with the talk."""
        return (self.moment, self.go)
