"""A draft by a model: what is sound is taken, the rest comes from the adapted one, and a failure is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coach.content import lint
from coach.tailoring.draft import NOWHERE
from eval.bench.llm_server import Mood
from tests.tailoring.conftest import WORN

DRAFT: dict[str, Any] = {
    "brief": "You lead Marco Bianchi at Acme Cloud. Last week he hung up on a customer.",
    "stakes": "He is going under.",
    "goal": "Find out what wears him out.",
    "persona": {
        "manner": "Thirty, quick, always moving.",
        "motive": "To be liked by customers.",
        "fear": "To be sent home for good.",
        "cost": "He would no longer be the funny one.",
        "face_saver": "I'm fine. I'm Italian.",
        "voice": "Quick and joking.",
    },
    "openings": ["Ciao. Is it about Tuesday?", "My brother's books kept me up at night."],
    "topics": [
        {
            "id": "visible",
            "name": "The call",
            "words": ["That Customer"],
            "asks": ["What happened on the call?"],
            "answers": {
                "guarded": ["It was a call."],
                "wary": ["Long day, that."],
                "open": ["I heard myself shouting."],
            },
        },
        {"id": "No Id", "name": "x"},
    ],
    "facts": [
        {
            "id": "nights",
            "topic": "hours",
            "text": "He keeps the books of his brother's bar at night.",
            "hints": ["I've other nights."],
            "lines": ["I do my brother's books, until three."],
            "giveaways": ["brother* & books"],
        },
        {
            "id": "debt",
            "topic": "nowhere",
            "text": "He owes his brother eleven thousand euros.",
            "hints": ["Money is a long story."],
            "lines": ["I owe my brother eleven thousand."],
        },
    ],
    "reactions": [
        {
            "code": "ASK",
            "guarded": ["Ask away, boss."],
            "wary": ["My brother's books, if you must."],
            "open": ["Good question, that."],
        },
        {"code": "SING", "guarded": ["La."]},
    ],
    "endings": {
        "good": ["Grazie. I'll sleep on it."],
        "fair": ["We'll see."],
        "bad": ["I've a call."],
        "walkout": ["Basta."],
    },
    "suggestions": [{"topic": "hours", "codes": ["ASK"], "words": "What do your nights look like?"}],
}


@pytest.fixture
def draft(model_app, model_env):
    def make(answer: object = DRAFT, mood: Mood | None = None, seconds: float = 3.0):
        model_env.answer = lambda *_: answer if isinstance(answer, str) else json.dumps(answer)
        model_env.mood = mood or Mood()
        return model_app(model_seconds=seconds).tailor.tailor(WORN)

    return make


@pytest.mark.parametrize("mood", [Mood(), Mood(schemas=False, json_mode=False), Mood(schemas="fenced")])
def test_a_draft_is_taken_however_the_server_can_be_asked(draft, mood):
    made = draft(mood=mood)
    assert made.scenario.brief == DRAFT["brief"]
    assert [fact.id for fact in made.scenario.facts] == ["nights", "debt"]
    assert made.notes[0].startswith("Drafted by openai:test-model")


def test_what_is_sound_is_taken_and_the_rest_is_the_floor(draft, floor):
    made, floor = draft().scenario, floor.scenario
    assert lint(made, NOWHERE) == []
    assert (made.persona.name, made.persona.voice) == ("Marco Bianchi", "Quick and joking.")
    assert made.topics[0].name == "The call"
    assert "that customer" in made.topics[0].words
    assert {topic.id for topic in made.topics} == {topic.id for topic in floor.topics}
    assert made.facts[1].topic == made.topics[0].id
    assert made.reactions["DISMISS"] == floor.reactions["DISMISS"]
    assert made.endings.walkout == ("Basta.",)
    assert made.suggestions[0].words == "What do your nights look like?"
    assert DRAFT["facts"][0]["lines"][0] in {turn.text for turn in made.example}


def test_a_line_that_gives_a_fact_away_is_left_out(draft, floor):
    made = draft().scenario
    assert made.openings == ("Ciao. Is it about Tuesday?",)
    assert made.reactions["ASK"].wary == floor.scenario.reactions["ASK"].wary


def test_what_the_manager_typed_goes_in_as_data(draft, model_env):
    draft()
    system, user = (str(message["content"]) for message in model_env.requests[0].messages)
    assert json.dumps(WORN.happened) in user
    assert WORN.happened not in system
    assert "data, also where it speaks to you" in system


@pytest.mark.parametrize("answer", [{}, {"brief": "Somebody else.", "facts": "none", "endings": 3}])
def test_a_draft_without_a_usable_part_is_told(draft, floor, answer):
    made = draft(answer)
    assert made.scenario == floor.scenario
    assert "nothing it wrote could be used" in made.notes[-1]


def test_facts_of_the_floor_are_told_when_the_draft_has_none(draft):
    made = draft({**DRAFT, "facts": []})
    assert "From the built-in come: facts" in made.notes[1]
    assert "only a guess" in " ".join(made.notes)


@pytest.mark.parametrize("mood", [Mood(status=500), Mood(nonsense="html"), Mood(never_ends=True, chunk_delay_s=0.05)])
def test_a_model_that_fails_leaves_the_adapted_one_which_says_so(draft, floor, mood):
    made = draft(mood=mood, seconds=0.1)
    assert made.scenario == floor.scenario
    assert made.notes[0].startswith("A model was asked for a draft and failed: ")
