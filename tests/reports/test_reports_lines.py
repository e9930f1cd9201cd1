"""The result line is a contract with other people's tools."""

from __future__ import annotations

import json

from coach.domain import (
    PRINCIPLES,
    AspectLean,
    Citation,
    Critique,
    Evidence,
    Finding,
    Practice,
    Provenance,
    Reading,
    Transcript,
    Turn,
)
from coach.reports import critique_line, failed_line

PUBLISHED = {
    "id", "codes", "levels", "overall", "lean", "best", "worst", "findings", "status", "reason", "model",
}  # fmt: skip
MADE_BY = Provenance(model="offline", coder="local-3", content="abc", version="0.1.0", seed=7)
TALK = Transcript(
    id="call-7",
    turns=(
        Turn(i=0, speaker="rep", text="Hi", reading=Reading(openings={"coaching": 0.9})),
        Turn(i=1, speaker="manager", text="How was it?", reading=Reading(codes=("ASK", "REFLECT"))),
        Turn(i=2, speaker="rep", text="Fine"),
        Turn(i=3, speaker="manager", text="Good.", reading=Reading()),
        Turn(i=4, speaker="manager", text="So.", reading=None),
    ),
)
FOUND = Finding(
    principle="coaching", kind="strength", code="ASK", level=4, advice="Ask on.", effect="It opens.",
    evidence=(Evidence(turn=1, quote="How was it?"),),
    passages=(Citation(source="leading", section="Coaching", quote="Ask “why” – gently", title="Leading"),),
    better_words="And then?", better_words_from="an exchange",
)  # fmt: skip
JUDGED = Critique(
    levels={**dict.fromkeys(PRINCIPLES), "coaching": 4}, overall=4, lean=-1, best=1, worst=3, findings=(FOUND,), keep=0,
    profile=(AspectLean(aspect="focus", lean=None, evidence=0),), dropped=2, provenance=MADE_BY,
    plan=(Practice(principle="data", tip="Look", exercise="Try"),),
)  # fmt: skip


def test_a_scored_line_has_every_published_field() -> None:
    line = critique_line(TALK, JUDGED)
    assert set(line) >= PUBLISHED
    assert (line["id"], line["status"], line["reason"], line["model"]) == ("call-7", "scored", "", "offline")
    assert (line["overall"], line["lean"], line["best"], line["worst"]) == (4, -1, 1, 3)
    assert line["provenance"] == MADE_BY.model_dump(mode="json")


def test_codes_have_an_entry_for_every_manager_turn_and_for_no_other() -> None:
    assert critique_line(TALK, JUDGED)["codes"] == {"1": ["ASK", "REFLECT"], "3": [], "4": []}


def test_levels_name_all_principles_and_null_is_not_zero() -> None:
    levels = critique_line(TALK, JUDGED)["levels"]
    assert levels == {**dict.fromkeys(PRINCIPLES), "coaching": 4}


def test_a_finding_carries_its_two_quotes_word_for_word() -> None:
    (finding,) = json.loads(json.dumps(critique_line(TALK, JUDGED)))["findings"]
    assert finding["evidence"] == [{"turn": 1, "quote": "How was it?"}]
    assert finding["passages"][0]["source"] == "leading"
    assert finding["passages"][0]["section"] == "Coaching"
    assert finding["passages"][0]["quote"] == "Ask “why” – gently"
    assert finding["advice"] == "Ask on."
    assert finding["better_words"] == "And then?"


def test_a_line_holds_everything_that_was_judged() -> None:
    line = critique_line(TALK, JUDGED)
    judged = JUDGED.model_dump(mode="json")
    assert {name: line[name] for name in judged} == judged


def test_a_failed_line_has_the_same_fields_and_no_number_that_looks_like_a_score() -> None:
    line = failed_line("call-8", "call.jsonl:3: the line is not JSON", MADE_BY)
    assert set(line) == set(critique_line(TALK, JUDGED))
    assert (line["id"], line["status"], line["model"]) == ("call-8", "failed", "offline")
    assert line["reason"] == "call.jsonl:3: the line is not JSON"
    assert line["levels"] == dict.fromkeys(PRINCIPLES)
    assert [line[name] for name in ("overall", "lean", "best", "worst", "keep", "change")] == [None] * 6
    assert [line[name] for name in ("codes", "findings", "profile", "plan")] == [{}, [], [], []]
    assert line["reliability"] == "not measured"
