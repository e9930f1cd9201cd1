"""An agent looks things up with tools, within bounds of steps and time; every failure is one sentence."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel, Field

from coach.errors import ModelError
from coach.models import Agent, metering, open_model, parse
from eval.bench.llm_server import LLMServer, Mood, named


class Verdict(BaseModel):
    """Your verdict."""

    words: str = Field(min_length=1)


def weigh(thing: str) -> str:
    """Weigh a thing."""
    return f"{thing} weighs 7"


LOOK = {"call": "weigh", "with": {"thing": "the bag"}}
DONE = {"call": "Verdict", "with": {"words": "It weighs 7."}}


@pytest.fixture
def agent(model_env: LLMServer) -> Agent:
    return Agent(open_model(parse("openai:test-model"), 2))


def asked(agent: Agent, seconds: float = 10) -> Verdict:
    return agent.ask("You weigh.", "What weighs the bag?", [weigh], Verdict, seconds)


def test_what_a_tool_returned_reaches_the_model_and_every_call_is_counted(agent: Agent, model_env: LLMServer) -> None:
    model_env.queue(LOOK, DONE)
    with metering() as meter:
        assert asked(agent) == Verdict(words="It weighs 7.")
    assert [call.messages[-1]["role"] for call in model_env.requests] == ["user", "tool"]
    assert model_env.last.messages[-1]["content"] == "the bag weighs 7"
    assert {tool["function"]["name"] for tool in model_env.last.body["tools"]} == {"weigh", "Verdict"}
    assert meter.calls == 2
    assert meter.input_tokens > 0
    assert meter.output_tokens > 0


def test_an_answer_that_breaks_the_form_or_names_no_tool_is_asked_for_again(agent: Agent, model_env: LLMServer) -> None:
    model_env.queue({"call": "Verdict", "with": {"words": ""}}, {"call": "fly", "with": {}}, DONE)
    assert asked(agent).words == "It weighs 7."


def test_a_model_that_only_looks_things_up_is_stopped(agent: Agent, model_env: LLMServer) -> None:
    model_env.answer = lambda *_: json.dumps(LOOK)
    with pytest.raises(ModelError, match="no usable answer"):
        asked(agent)
    assert 3 < len(model_env.requests) < 12


@pytest.mark.parametrize(
    ("mood", "kind"),
    [
        (Mood(status=500), "server"),
        (Mood(status=401), "key"),
        (Mood(tools=False), "request"),
        (Mood(tools="ignore"), "answer"),
        (Mood(nonsense="json"), "answer"),
        (Mood(hang_up=True), "unreachable"),
        (Mood(empty=True), "answer"),
    ],
    ids=named,
)
def test_a_broken_server_is_a_model_error(agent: Agent, model_env: LLMServer, mood: Mood, kind: str) -> None:
    model_env.mood = mood
    model_env.answer = lambda *_: json.dumps(DONE)
    with pytest.raises(ModelError) as caught:
        asked(agent)
    assert caught.value.kind == kind


@pytest.mark.parametrize("mood", [Mood(delay_s=5), Mood(never_ends=True)], ids=named)
def test_the_deadline_holds_however_slow_the_server(agent: Agent, model_env: LLMServer, mood: Mood) -> None:
    model_env.mood = mood
    with pytest.raises(ModelError) as caught:
        asked(agent, 0.4)
    assert caught.value.kind == "deadline"


def test_a_place_among_the_calls_under_way_is_waited_for(model_env: LLMServer) -> None:
    model = open_model(parse("openai:test-model"), 1)
    with model.lent(1), pytest.raises(ModelError, match=r"within 0\.1 seconds"):
        asked(Agent(model), 0.1)
    assert model_env.requests == []
