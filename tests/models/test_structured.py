"""Answers with a form: the strictest way the server knows, checked here, repaired once."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel, Field

from coach.errors import ModelError
from coach.models import Message, Structured, open_model, parse
from eval.bench.llm_server import LLMServer, Mood, named


class Rating(BaseModel):
    name: str
    score: int = Field(ge=1, le=5)


ASKED = [Message("system", "Answer in JSON."), Message("user", "Rate Ana.")]
GOOD = {"name": "Ana", "score": 4}
ANA = Rating(**GOOD)


@pytest.fixture
def asked(model_env: LLMServer) -> Structured:
    model_env.answer = lambda *_: json.dumps(GOOD)
    return Structured(open_model(parse("openai:test-model"), 8))


def formats(server: LLMServer) -> list[str]:
    return [call.format for call in server.requests]


def test_the_schema_is_asked_for_first(asked, model_env):
    assert asked.ask(ASKED, Rating, 3) == ANA
    assert formats(model_env) == ["json_schema"]
    assert model_env.last.body["response_format"]["json_schema"]["name"] == "Rating"


@pytest.mark.parametrize(
    ("mood", "used"),
    [
        (Mood(schemas=False), ["json_schema", "json_object", "json_object"]),
        (Mood(schemas=False, json_mode=False), ["json_schema", "json_object", "text", "text"]),
    ],
    ids=named,
)
def test_a_plainer_way_is_found_and_remembered(asked, model_env, mood, used):
    model_env.mood = mood
    assert asked.ask(ASKED, Rating, 3) == asked.ask(ASKED, Rating, 3) == ANA
    assert formats(model_env) == used


def test_a_server_that_refuses_with_422_gets_the_plainer_way_too(asked, model_env):
    model_env.queue(Mood(status=422), Mood(status=422), GOOD)
    assert asked.ask(ASKED, Rating, 3) == ANA
    assert formats(model_env) == ["json_schema", "json_object", "text"]


def test_many_at_once_find_the_plainer_way_together(asked, model_env):
    model_env.mood = Mood(schemas=False, json_mode=False, delay_s=0.05)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: asked.ask(ASKED, Rating, 20), range(8))) == [ANA] * 8
    assert asked.ask(ASKED, Rating, 5) == ANA


@pytest.mark.parametrize("mood", [Mood(schemas="fenced"), Mood(chunk_chars=1)], ids=named)
def test_chatter_and_fences_around_the_json_do_not_matter(asked, model_env, mood):
    model_env.mood = mood
    assert asked.ask(ASKED, Rating, 3) == ANA


@pytest.mark.parametrize(
    "bad",
    ["", "no json", "{", "}{", '{"name": "Ana"}', '{"name": "Ana", "score": 9}', "[]", '{"name": 1, "score": "x"}'],
)
def test_a_bad_answer_is_sent_back_once_with_what_is_wrong(asked, model_env, bad):
    model_env.queue(bad, GOOD)
    assert asked.ask(ASKED, Rating, 3) == ANA
    assert len(model_env.requests) == 2
    roles = [message["role"] for message in model_env.last.messages]
    assert roles == ["system", "user", "assistant", "user"]
    assert "cannot be used" in model_env.last.messages[-1]["content"]
    assert '"score"' in model_env.last.messages[-1]["content"]


DEEP = '{"name": ' * 4000 + "1" + "}" * 4000


@pytest.mark.parametrize(
    "bad",
    [
        "nothing", '{"name": "Ana", "score": 0}', DEEP,
        '{"name": "a", "score": NaN}', '{"name": "\\ud800", "score": 3}',
        '{"name": "a", "score": ' + "9" * 5000 + "}",
    ],
    ids=["prose", "out of range", "deep", "nan", "surrogate", "huge number"],
)  # fmt: skip
def test_what_cannot_be_used_twice_is_a_failure_of_the_model(asked, model_env, bad):
    model_env.queue(bad, bad)
    with pytest.raises(ModelError, match="no usable answer") as raised:
        asked.ask(ASKED, Rating, 5)
    assert raised.value.kind == "answer"
    assert len(str(raised.value)) < 400
    assert len(model_env.requests) == 2


def test_the_deadline_is_for_everything(asked, model_env):
    model_env.answer = lambda *_: "nothing"
    model_env.mood = Mood(delay_s=0.6)
    begun = time.monotonic()
    with pytest.raises(ModelError) as raised:
        asked.ask(ASKED, Rating, 1.0)
    assert time.monotonic() - begun < 1.5
    assert raised.value.kind == "deadline"


def test_other_failures_are_not_taken_for_a_way_the_server_does_not_know(asked, model_env):
    model_env.mood = Mood(status=401)
    with pytest.raises(ModelError):
        asked.ask(ASKED, Rating, 3)
    model_env.mood = Mood()
    assert asked.ask(ASKED, Rating, 3) == ANA
    assert formats(model_env) == ["json_schema", "json_schema"]
