"""Five answers: bounds, and what is read off them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from coach.errors import InputError
from coach.tailoring import Answers, person
from coach.tailoring.answers import slug
from tests.tailoring.conftest import OFFERED, STUBBORN, WORN


def of(who: str, **more: str) -> Answers:
    return WORN.model_copy(update={"who": who} | more)


def test_the_person_is_read_off_and_what_was_assumed_is_told():
    who = person(WORN)
    assert (who.name, who.first, who.pronouns) == ("Marco Bianchi", "Marco", "he/him")
    assert (who.role, who.firm, who.tenure) == ("Account executive at Acme Cloud", "Acme Cloud", "two years with me")
    assert who.assumed == ("pronouns: he/him",)
    assert person(OFFERED).role == "Key account manager for retail at Brightwell Packaging"
    alone = person(STUBBORN)
    assert (alone.role, alone.tenure) == ("Sales rep", "in your team")
    assert len(alone.assumed) == 3


def test_what_is_given_is_not_guessed():
    given = of("Sam", name="Sam Lee", pronouns="they/them", role="buyer", firm="Globex", tenure="a year")
    who = person(given)
    assert (who.name, who.pronouns, who.role, who.tenure) == ("Sam Lee", "they/them", "Buyer at Globex", "a year")
    assert who.assumed == ()


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("marco", "Marco"),
        ("My best seller Dana Levy, SDR", "Dana Levy"),
        ("It's Tom, he joined in May", "Tom"),
        ("Łukasz Öberg-O'Neill from Gdańsk", "Łukasz Öberg-O'Neill"),
        ("Jean de la Tour, KAM", "Jean de la Tour"),
        ("the new guy, Amir", "Amir"),
    ],
)
def test_names_are_found(who, name):
    assert person(of(who)).name == name


@pytest.mark.parametrize("who", ["she is my rep", "I have said it already", "12, 13"])
def test_an_answer_without_a_name_is_told(who):
    with pytest.raises(InputError, match="begin with the rep's name"):
        person(of(who))


@pytest.mark.parametrize(
    ("talks", "who", "pronouns"),
    [("she is loud", "Kim", "she/her"), ("loud (they/them)", "Kim", "they/them"), ("loud", "Kim", "he/him")],
)
def test_pronouns_come_from_what_is_said_of_the_rep_alone(talks, who, pronouns):
    assert person(of(who, talks=talks)).pronouns == pronouns


@pytest.mark.parametrize(
    ("field", "value"), [("happened", "short"), ("who", ""), ("fear", "x" * 501), ("pronouns", "no"), ("odd", "x")]
)
def test_bounds_are_held(field, value):
    with pytest.raises(ValidationError):
        Answers.model_validate(WORN.model_dump() | {field: value})


def test_what_was_typed_becomes_one_printable_line():
    told = Answers.model_validate(WORN.model_dump() | {"fear": " a\n\nb\x07\u2028c "})
    assert told.fear == "a b c"


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("Marco Bianchi", set(), "marco-bianchi"),
        ("Marco Bianchi", {"marco-bianchi", "marco-bianchi-2"}, "marco-bianchi-3"),
        ("Łukasz Ö", set(), "lukasz-o"),
        ("李", set(), "talk"),
        ("B", set(), "talk-b"),
        ("x" * 80, set(), "x" * 34),
    ],
)
def test_ids_are_made_of_the_name_and_differ(name, taken, made):
    assert slug(name, taken) == made
