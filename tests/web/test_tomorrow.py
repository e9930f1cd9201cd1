"""My conversation tomorrow, from the page's boxes to a scenario that can be practised."""

from __future__ import annotations

import pytest
from markupsafe import escape

from coach.app import App
from coach.errors import InputError
from coach.web import tomorrow, views

TOLD = (
    "Dana Whitlock, account manager at Northgate Water, four years with us",
    "She missed her number twice and has stopped speaking in the weekly call. Last week she left before the end.",
    "That she tells me she is leaving.",
    "To find out what is going on and agree one thing we change.",
    "Short, dry, changes the subject with a joke.",
)


def test_five_answers_become_a_private_scenario_that_can_be_played(mine: App) -> None:
    before = set(mine.library.scenarios)
    scenario, notes = tomorrow.made(mine, TOLD)
    assert scenario.id in set(mine.library.scenarios) - before
    assert escape(scenario.title) in views.cards(mine)
    assert "Dana" in scenario.persona.name
    session = mine.practice.start("local", scenario.id, None, 1)
    session = mine.practice.reply(session, "How are you really doing, Dana?")
    assert mine.store.path(session)[-1].text
    assert notes
    assert all(note[:20] in views.notes(notes) for note in notes if note.isascii() and "'" not in note[:20])


def test_an_answer_that_says_nothing_is_named_by_its_question(mine: App) -> None:
    with pytest.raises(InputError, match="What happened"):
        tomorrow.made(mine, (TOLD[0], "", *TOLD[2:]))
    assert views.notes(()) == ""
