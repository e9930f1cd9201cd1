"""Calls and tokens are counted where they are made, also those that failed."""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest

from coach.domain import Usage
from coach.errors import ModelError
from coach.models import Message, metering, open_model, parse, usage_of
from coach.models.usage import count
from eval.bench.llm_server import Mood, named

ASKED = [Message("user", "Hello there, how are you doing?")]


def test_meters_count_what_happens_inside_them_and_nest():
    count(1, 1)
    with metering() as outer:
        count(10, 2)
        with metering() as inner:
            count(5, 1)
        count(1, 1)
    count(99, 99)
    assert usage_of(outer) == Usage(calls=3, input_tokens=16, output_tokens=4)
    assert usage_of(inner) == Usage(calls=1, input_tokens=5, output_tokens=1)


def test_a_thread_that_carries_the_context_is_counted_and_a_stranger_is_not():
    with metering() as meter:
        for work in (copy_context().run, lambda call, *args: call(*args)):
            thread = threading.Thread(target=work, args=(count, 3, 4))
            thread.start()
            thread.join()
    assert usage_of(meter) == Usage(calls=1, input_tokens=3, output_tokens=4)


def test_the_servers_own_count_is_taken(model_env):
    model_env.answer = lambda *_: "Fine, thanks."
    with metering() as meter:
        open_model(parse("openai:test-model"), 1).ask(ASKED, 3)
    assert meter.calls == 1
    assert meter.input_tokens == len('"Hello there, how are you doing?"') // 4 + 1
    assert meter.output_tokens == len("Fine, thanks.") // 4 + 1


def test_a_server_that_reports_no_tokens_still_counts_calls(model_env):
    model_env.answer = lambda *_: "Fine."
    model_env.mood = Mood(usage=False)
    with metering() as meter:
        open_model(parse("openai:test-model"), 1).ask(ASKED, 3)
    assert usage_of(meter) == Usage(calls=1)


@pytest.mark.parametrize(
    "mood",
    [Mood(status=401), Mood(status=500), Mood(delay_s=9), Mood(nonsense="text"), Mood(cut_after_chunks=1)],
    ids=named,
)
def test_calls_that_failed_are_calls(model_env, mood):
    model_env.answer = lambda *_: "One two three four."
    model_env.mood = mood
    with metering() as meter, pytest.raises(ModelError):
        open_model(parse("openai:test-model"), 1).ask(ASKED, 1.5)
    assert meter.calls == len(model_env.requests) >= 1


def test_a_call_that_its_reader_left_early_is_a_call(model_env):
    model_env.mood = Mood(never_ends=True)
    with metering() as meter:
        stream = open_model(parse("openai:test-model"), 1).stream(ASKED, 3)
        next(stream)
        stream.close()
    assert meter.calls == 1
