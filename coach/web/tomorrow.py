"""My conversation tomorrow, on the page: five answers become a private scenario."""

from __future__ import annotations

import gradio as gr
from pydantic import ValidationError

from coach.app import App
from coach.domain import Scenario
from coach.errors import InputError
from coach.tailoring import Answers

ASKED = {
    "who": ("Who is it?", "Name first, then role, firm and how long with you"),
    "happened": ("What happened?", "As you would tell it to a friend"),
    "fear": ("What do you fear?", "That she leaves, that I lose my temper..."),
    "want": ("What do you want from the conversation?", ""),
    "talks": ("How do they talk?", "Dry, fast, says little..."),
}


def fields() -> list[gr.Textbox]:
    """The five boxes, inside an open ``gr.Blocks``."""
    return [
        gr.Textbox(label=label, placeholder=hint, lines=2, max_length=1500, elem_id=f"tomorrow-{name}")
        for name, (label, hint) in ASKED.items()
    ]


def made(app: App, told: tuple[str, ...]) -> tuple[Scenario, tuple[str, ...]]:
    """Keep a scenario made of the answers; returns it with what its owner should know of it.

    Raises:
        InputError: if the answers cannot be used, naming the question.
    """
    try:
        answers = Answers(**dict(zip(ASKED, told, strict=True)))
    except ValidationError as error:
        question = ASKED[str(error.errors()[0]["loc"][0])][0]
        raise InputError(f"“{question}” needs a little more than that; a sentence will do.") from None
    tailored = app.tailor.tailor(answers)
    return app.keep(tailored)[0], tailored.notes
