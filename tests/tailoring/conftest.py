"""Three managers and what they tell."""

from __future__ import annotations

import pytest

from coach.app import App
from coach.tailoring import Answers, Tailor, Tailored

WORN = Answers(
    who="Marco Bianchi, account executive at Acme Cloud, two years with me",
    happened="He has been short with two customers and hung up on one last week. He works until midnight.",
    fear="That he breaks down or gets ill.",
    want="I want to know what is wearing him out and take something off him.",
    talks="Quick and friendly, he jokes when it gets close.",
)
OFFERED = Answers(
    who="Priscilla Owusu, 34, key account manager for retail at Brightwell Packaging, four years",
    happened="On Monday she told me that a competitor has offered her twenty percent more. I cannot match it.",
    fear="That I lose her and she takes Morrison Foods, our biggest customer, along.",
    want="Find out whether it is really the money, and be honest about what I can do.",
    talks="Direct, she says what she thinks and hates small talk.",
)
STUBBORN = Answers(
    who="Jonas",
    happened="He refuses to use the new CRM. He makes jokes about it in the team meeting and the others laugh.",
    fear="That the whole team follows him.",
    want="That he uses it from next month, and that I understand what he has against it.",
    talks="Slowly, with stories, dry humour, never a straight answer at first.",
)
NEAREST = {"burnout": WORN, "counter-offer": OFFERED, "resists-change": STUBBORN}


@pytest.fixture(scope="session")
def tailor(app: App) -> Tailor:
    """Without a model."""
    return app.tailor


@pytest.fixture(scope="session")
def floor(tailor: Tailor) -> Tailored:
    """What the first manager gets without a model."""
    return tailor.tailor(WORN)
