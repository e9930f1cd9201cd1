"""A closed fact told in quite other words is found by what it means; the same subject, talked of harmlessly, is not."""

from __future__ import annotations

import pytest
from shipped import scenario

from coach.rep.allusions import Allusions, allusions
from coach.rep.judge import Names

BURNOUT = scenario("burnout")
CLOSED = frozenset(fact.id for fact in BURNOUT.facts)


@pytest.fixture(scope="module")
def reader() -> Allusions:
    return allusions(BURNOUT.facts, BURNOUT.topics, Names(BURNOUT.persona.name))


@pytest.mark.parametrize("fact", [fact.id for fact in BURNOUT.facts])
def test_the_playwrights_own_telling_is_found_unless_it_may_be_told(reader: Allusions, fact: str) -> None:
    told = next(one.lines[0] for one in BURNOUT.facts if one.id == fact)
    assert reader.find("What is it?", told, CLOSED) == fact
    assert reader.find("What is it?", told, CLOSED - {fact}) != fact
    assert reader.find("What is it?", told, ()) is None


def test_a_telling_in_other_words_is_found(reader: Allusions) -> None:
    draft = (
        "There's a paper from the surgery lying in my car, and by rights I'd be on the sofa until the middle of May."
    )
    assert reader.find("Have you seen anyone about it?", draft, CLOSED) == "note"


@pytest.mark.parametrize(
    "draft", ["Busy, same as every spring.", "You'd have to ask Colin that.", "", "Tuesday's fine by me."]
)
def test_harmless_words_are_not(reader: Allusions, draft: str) -> None:
    assert reader.find("How is it going?", draft, CLOSED) is None
