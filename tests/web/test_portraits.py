"""Every rep has a face of their own, whose demeanour is drawn and said in words."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree

import pytest

from coach.app import App
from coach.content import DEFAULT, Places, load_looks
from coach.domain import Scenario
from coach.errors import ContentError
from coach.session import Demeanour
from coach.web import portraits

DEMEANOURS: tuple[Demeanour, ...] = get_args(Demeanour)


def test_every_scenario_that_ships_has_a_face_of_its_own(app: App) -> None:
    assert set(app.looks) == {*app.library.scenarios, DEFAULT}
    assert len(set(app.looks.values())) == len(app.looks)


@pytest.mark.parametrize("demeanour", DEMEANOURS)
def test_a_portrait_is_sound_and_says_what_it_shows(app: App, demeanour: Demeanour) -> None:
    drawn = set()
    for scenario in app.library.scenarios.values():
        svg = portraits.portrait(app, scenario, demeanour)
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
        assert root.get("aria-label") == portraits.says(scenario, demeanour)
        assert root.get("role") == "img"
        assert not [element for element in root.iter() if element.get("id") or element.get("href")]
        drawn.add(svg)
    assert len(drawn) == len(app.library.scenarios)


def test_each_demeanour_is_another_drawing(app: App, burnout: Scenario) -> None:
    drawn = {portraits.portrait(app, burnout, demeanour).replace(demeanour, "") for demeanour in DEMEANOURS}
    assert len(drawn) == len({portraits.says(burnout, demeanour) for demeanour in DEMEANOURS}) == 4


def test_beside_a_name_the_face_says_nothing(app: App, burnout: Scenario) -> None:
    assert 'aria-hidden="true"' in portraits.face(app, burnout)


def test_a_scenario_without_a_look_has_the_plain_face_and_its_name_is_escaped(app: App, burnout: Scenario) -> None:
    odd = burnout.model_copy(
        update={"id": "mine", "persona": burnout.persona.model_copy(update={"name": '"><script>'})}
    )
    svg = portraits.portrait(app, odd, "open")
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == '"><script> looks at you with a small smile'  # noqa: S314


def test_a_look_that_cannot_be_drawn_is_named(tmp_path) -> None:
    folder = tmp_path / "knowledge" / "portraits"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(
        "skin: green\nhair: bob\nhair_colour: black\nage: young\nwear: suit\ncloth: navy\n"
    )
    with pytest.raises(ContentError, match=r"mine\.yaml:1"):
        load_looks(Places.of(tmp_path))
