"""Names are found by code and replaced throughout; pronouns of short sentences are turned."""

from __future__ import annotations

import pytest

from coach.tailoring.names import Pairs, mentioned, names
from coach.tailoring.pronouns import swapped

TAKEN = {"rep": "Marco Bianchi", "firm": "Acme"}


def test_the_names_of_a_scenario_are_offered_each_with_another(burnout):
    found = {name.old: name for name in names(burnout, TAKEN, ["Globex"])}
    assert list(found)[:2] == ["Carys Beddoe", "Larkfield Linen"]
    assert (found["Carys Beddoe"].new, found["Larkfield Linen"].new) == ("Marco Bianchi", "Acme")
    assert found["Colin Pask"].kind == "person"
    assert found["Merrin General"].kind == "other"
    assert "Globex" in found["Merrin General"].suggestions
    assert {"Menna", "Kieran", "Rashid"} <= set(found)
    assert not {"Monday", "April", "I", "Welsh", "Pope"} & set(found)
    assert len({name.new for name in found.values()}) == len(found)


def test_every_built_in_has_its_rep_and_firm(library):
    for scenario in library.scenarios.values():
        kinds = [name.kind for name in names(scenario, TAKEN)]
        assert kinds.count("rep") == 1
        assert kinds.count("firm") == 1


@pytest.fixture
def pairs(burnout) -> Pairs:
    new = {"Colin Pask": "Anna Weiss", "Merrin General": "Globex", "Ward Nine": "Ebene", "Menna": "Idris"}
    return Pairs.of(new, {"Colin Pask": "person"}, burnout)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Colin Pask's email", "Anna Weiss's email"),
        ("Is it about Colin, or Pask?", "Is it about Anna, or Weiss?"),
        ("Merrin's Merrin. Merrin General too.", "Globex's Globex. Globex too."),
        ("a Merrin order, an hour", "a Globex order, an hour"),
        ("I met a Menna once", "I met an Idris once"),
        ("the ward, and Ward Nine", "the ward, and Ebene"),
        ("Menna’s and Menna' too", "Idris’s and Idris' too"),
        ("Mennas", "Mennas"),
    ],
)
def test_names_are_replaced_with_genitives_first_names_and_articles(pairs, old, new):
    assert pairs.text(old) == new


def test_search_words_and_ids_follow_and_ordinary_words_stay(pairs):
    assert pairs.words("merrin* | ward* & menna") == "globex* | ward* & idris"
    assert pairs.id("merrin") == "globex"
    assert pairs.id("home") == "home"


def test_names_that_change_places_are_not_replaced_twice(burnout):
    swap = Pairs.of({"Kieran": "Rashid", "Rashid": "Kieran"}, {}, burnout)
    assert swap.text("Kieran and Rashid") == "Rashid and Kieran"


def test_names_in_the_answers_are_seen():
    assert mentioned("She takes Morrison Foods and asks Marco on Monday about the CRM.", ["Marco"]) == (
        "Morrison Foods",
    )


@pytest.mark.parametrize(
    ("text", "to", "turned"),
    [
        ("She is hers and tells her sister about her.", "he", "He is his and tells his sister about him."),
        ("He knows himself, his name and him.", "she", "She knows herself, her name and her."),
        ("She never lends a car, as he has one.", "they", "They never lend a car, as they have one."),
        ("He's late. She tries, carries and wishes.", "they", "They're late. They try, carries and wishes."),
    ],
)  # fmt: skip
def test_pronouns_are_turned(text, to, turned):
    assert swapped(text, to) == turned
