"""One call to a model: streamed, bounded in time and number, tried again only while nothing was shown."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from coach.errors import ModelError
from coach.models import ChatModel, Message, metering, open_model, parse
from coach.models.chat import ATTEMPTS, MAX_ANSWER
from eval.bench.llm_server import LLMServer, Mood, named

ASKED = [Message("system", "You listen."), Message("user", "Hello there")]
SAID = "You said: Hello there"
SLACK = 0.5  # seconds a deadline may be missed by on a busy machine


@pytest.fixture
def chat(model_env: LLMServer) -> ChatModel:
    model_env.answer = lambda messages, _request: f"You said: {messages[-1]['content']}"
    return open_model(parse("openai:test-model"), 4)


def failure(chat: ChatModel, deadline: float = 3.0) -> ModelError:
    with pytest.raises(ModelError) as raised:
        "".join(chat.stream(ASKED, deadline))
    return raised.value


def test_an_answer_is_the_servers_and_the_messages_arrive_in_order(chat, model_env):
    assert chat.ask(ASKED, 3) == SAID
    assert [(m["role"], m["content"]) for m in model_env.last.messages] == [
        ("system", "You listen."), ("user", "Hello there"),
    ]  # fmt: skip
    assert not model_env.last.body.get("stream")
    assert "".join(chat.stream(ASKED, 3)) == SAID
    assert model_env.last.body["stream"] is True
    assert model_env.last.body["model"] == "test-model"


def test_an_answer_comes_in_pieces_while_it_is_written(chat, model_env):
    model_env.mood = Mood(chunk_delay_s=0.15)
    begun, times = time.monotonic(), []
    pieces = []
    for piece in chat.stream(ASKED, 5):
        pieces.append(piece)
        times.append(time.monotonic() - begun)
    assert "".join(pieces) == SAID
    assert len(pieces) == 4
    assert times[-1] - times[0] > 0.3


def test_further_fields_reach_an_openai_server(chat, model_env):
    chat.ask(ASKED, 3, {"response_format": {"type": "json_object"}, "seed": 4} | {"response_format": {"type": "text"}})
    assert model_env.last.body["seed"] == 4


@pytest.mark.parametrize(
    "mood",
    [
        Mood(status=500, fail_first_n=2),
        Mood(status=503, fail_first_n=1),
        Mood(status=429, retry_after=0.01, fail_first_n=2),
        Mood(hang_up=True, fail_first_n=1),
    ],
    ids=named,
)
def test_a_passing_trouble_is_tried_again(chat, model_env, mood):
    model_env.mood = mood
    assert chat.ask(ASKED, 10) == SAID
    assert len(model_env.requests) == mood.fail_first_n + 1


@pytest.mark.parametrize(("mood", "kind"), [(Mood(status=500), "server"), (Mood(status=429), "rate")], ids=named)
def test_tries_are_counted(chat, model_env, mood, kind):
    model_env.mood = mood
    assert failure(chat, 10).kind == kind
    assert len(model_env.requests) == ATTEMPTS


@pytest.mark.parametrize(
    "mood",
    [Mood(status=401), Mood(status=404), Mood(status=400), Mood(insufficient_quota=True)],
    ids=named,
)
def test_what_will_not_get_better_is_asked_once(chat, model_env, mood):
    model_env.mood = mood
    failure(chat)
    assert len(model_env.requests) == 1


def test_retry_after_is_obeyed(chat, model_env):
    model_env.mood = Mood(status=429, retry_after=1, fail_first_n=1)
    assert chat.ask(ASKED, 10) == SAID
    first, second = model_env.requests
    assert second.monotonic - first.monotonic >= 1.0


def test_a_wait_longer_than_the_deadline_is_not_begun(chat, model_env):
    model_env.mood = Mood(status=429, retry_after=60)
    begun = time.monotonic()
    assert failure(chat, 1.0).kind == "rate"
    assert time.monotonic() - begun < 0.9
    assert len(model_env.requests) == 1


@pytest.mark.parametrize(
    "mood",
    [
        Mood(delay_s=30),
        Mood(never_ends=True, chunk_delay_s=0.05),
        Mood(never_ends="keepalives", chunk_delay_s=0.05),
        Mood(status=500, delay_s=0.3),
        Mood(chunk_delay_s=0.4),
    ],
    ids=named,
)
def test_the_deadline_holds_whatever_the_server_does(chat, model_env, mood):
    model_env.mood = mood
    begun = time.monotonic()
    assert failure(chat, 0.7).kind in ("deadline", "server")
    assert time.monotonic() - begun < 0.7 + SLACK


@pytest.mark.parametrize("mood", [Mood(delay_s=30), Mood(never_ends=True), Mood(never_ends="keepalives")], ids=named)
def test_a_call_that_was_given_up_is_hung_up(chat, model_env, mood):
    """Otherwise threads and connections pile up, and the bound on calls under way means nothing."""
    model_env.mood = mood
    failure(chat, 0.4)
    assert model_env.last.done.wait(2.0), "the connection is still open"
    assert model_env.last.outcome == "gone"


def test_a_reader_that_stops_early_is_hung_up_and_frees_its_place(model_env):
    chat = open_model(parse("openai:test-model"), 1)
    model_env.mood = Mood(never_ends=True)
    stream = chat.stream(ASKED, 10)
    assert next(stream)
    stream.close()
    assert model_env.last.done.wait(2.0)
    model_env.mood = Mood()
    model_env.answer = lambda *_: "Free."
    assert chat.ask(ASKED, 2) == "Free."


@pytest.mark.parametrize("cut", ["close", "reset"])
def test_text_before_a_cut_stays_and_the_call_fails_without_another_try(chat, model_env, cut):
    model_env.mood = Mood(cut_after_chunks=2, cut=cut, chunk_delay_s=0.05)
    got = []
    with pytest.raises(ModelError):
        for piece in chat.stream(ASKED, 3):
            got.append(piece)
    assert "".join(got) == "You said:"
    assert len(model_env.requests) == 1


def test_a_cut_before_any_text_is_never_taken_for_an_answer(chat, model_env):
    model_env.mood = Mood(cut_after_chunks=0)
    failure(chat)


def test_no_answer_is_longer_than_the_bound(chat, model_env):
    model_env.mood = Mood(huge_kb=100)
    ample = 60.0  # seconds; it is the length that ends it
    assert len(chat.ask(ASKED, ample)) == MAX_ANSWER
    assert MAX_ANSWER < len("".join(chat.stream(ASKED, ample))) < MAX_ANSWER + 200


def test_calls_under_way_are_bounded(model_env):
    chat = open_model(parse("openai:test-model"), 3)
    model_env.answer = lambda *_: "Here."
    model_env.mood = Mood(delay_s=0.1)
    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(lambda _: chat.ask(ASKED, 20), range(12))) == {"Here."}
    assert model_env.max_concurrency == 3


def test_waiting_for_a_place_counts_towards_the_deadline(model_env):
    chat = open_model(parse("openai:test-model"), 1)
    model_env.mood = Mood(delay_s=2)
    holder = threading.Thread(target=lambda: pytest.raises(ModelError, chat.ask, ASKED, 1.2))
    holder.start()
    time.sleep(0.2)
    begun = time.monotonic()
    assert failure(chat, 0.4).kind == "deadline"
    assert time.monotonic() - begun < 0.4 + SLACK
    holder.join()
    assert len(model_env.requests) == 1


@pytest.mark.parametrize("empty", ["content", "null", "choices"])
def test_an_empty_answer_is_empty_text(chat, model_env, empty):
    model_env.mood = Mood(empty=empty)
    with metering() as meter:
        try:
            assert chat.ask(ASKED, 3) == ""
        except ModelError as error:
            assert error.kind == "answer"
    assert meter.calls == 1
