"""Every way a vendor fails comes out as one sentence that says what to do, and one word for counts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from coach.errors import ModelError
from coach.models import Message, open_model, parse
from coach.models.failures import MAX_WAIT, explain, retry_after
from eval.bench.llm_server import LLMServer, Mood, named

NAME = parse("openai:test-model")
ASKED = [Message("user", "Hello")]


def failed(deadline: float = 2.0) -> ModelError:
    with pytest.raises(ModelError) as raised:
        "".join(open_model(NAME, 1).stream(ASKED, deadline))
    return raised.value


@pytest.mark.parametrize(
    ("mood", "kind", "hint"),
    [
        (Mood(status=401), "key", "OPENAI_API_KEY"),
        (Mood(status=403), "key", "OPENAI_API_KEY"),
        (Mood(status=404), "unknown", "check the name and OPENAI_BASE_URL"),
        (Mood(insufficient_quota=True), "quota", "top it up"),
        (Mood(status=429), "rate", "try again in a minute"),
        (Mood(context_length_exceeded=True), "length", "larger context"),
        (Mood(context_tokens=1), "length", "larger context"),
        (Mood(status=400), "request", "Invalid request."),
        (Mood(status=422), "request", "Invalid request."),
        (Mood(status=500), "server", "(500)"),
        (Mood(status=503), "server", "(503)"),
        (Mood(delay_s=9), "deadline", "did not answer"),
        (Mood(hang_up=True), "unreachable", "OPENAI_BASE_URL"),
        (Mood(nonsense="html"), "answer", ""),
        (Mood(nonsense="text"), "answer", "OpenAI protocol"),
        (Mood(error_after_chunks=0), "server", ""),
    ],
    ids=named,
)
def test_every_trouble_has_a_word_and_a_way_out(model_env, mood, kind, hint):
    model_env.mood = mood
    model_env.answer = lambda *_: "Hello."
    error = failed()
    assert error.kind == kind
    assert hint in str(error)
    assert "test-model" in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 400
    assert str(model_env.api_key) not in str(error)


def test_a_server_that_is_not_there(monkeypatch):
    with LLMServer() as server:
        url = server.url
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    error = failed(4)
    assert error.kind == "unreachable"
    assert "OPENAI_BASE_URL" in str(error)


def test_a_wrong_key_and_an_unknown_model_of_ones_own(model_env, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-this-one-123456")
    error = failed()
    assert error.kind == "key"
    assert "sk-not-this-one" not in str(error)
    monkeypatch.setenv("OPENAI_API_KEY", str(model_env.api_key))
    with pytest.raises(ModelError, match="does not know the model 'other-model'"):
        open_model(parse("openai:other-model"), 1).ask(ASKED, 2)


def test_the_vendors_error_stays_attached():
    vendor = RuntimeError("inside")
    assert explain(vendor, NAME).__cause__ is vendor


@pytest.mark.parametrize("text", ["", "\n", "x\ny", "x" * 9000])
def test_any_text_of_a_refused_request_becomes_one_line(text):
    vendor = RuntimeError(text)
    vendor.status_code = 400  # type: ignore[attr-defined]
    found = explain(vendor, NAME)
    assert found.kind == "request"
    assert "\n" not in str(found)
    assert len(str(found)) < 300


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("9999", MAX_WAIT),
        ("-3", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("nan", 0.0),
        ("inf", MAX_WAIT),
    ],
)
def test_retry_after_is_read_with_care(header, seconds):
    vendor = RuntimeError("busy")
    vendor.response = SimpleNamespace(headers={"retry-after": header})  # type: ignore[attr-defined]
    assert retry_after(explain(vendor, NAME)) == seconds


def test_nobody_asked_to_wait():
    assert retry_after(None) == 0.0
    assert retry_after(explain(RuntimeError("x"), NAME)) == 0.0
