"""Opening a model sends nothing; what is missing is said; nothing is traced to anybody else."""

from __future__ import annotations

import pytest
from langsmith import utils as tracing

from coach.errors import ModelError
from coach.models import destination, open_model, parse
from coach.models.providers import DEFAULT_BASE


def test_opening_sends_nothing(model_env):
    open_model(parse("openai:test-model"), 2)
    assert model_env.all_requests == []


def test_without_a_key_the_vendor_is_not_even_tried(monkeypatch):
    with pytest.raises(ModelError, match="OPENAI_API_KEY is not set.*OPENAI_BASE_URL") as raised:
        open_model(parse("openai:anything"), 1)
    assert raised.value.kind == "key"


def test_a_server_of_ones_own_needs_no_key(model_env, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    model_env.api_key = None
    open_model(parse("openai:test-model"), 1)


@pytest.mark.parametrize("name", ["anthropic:some-model", "no-such-provider:model"])
def test_a_provider_that_is_not_installed_is_told_with_what_to_do(name):
    with pytest.raises(ModelError) as raised:
        open_model(parse(name), 1)
    assert "pip install" in str(raised.value) or "cannot be opened" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_where_words_go_is_said(monkeypatch):
    assert "nowhere" in destination(parse("offline"))
    assert destination(parse("openai:m")) == f"to {DEFAULT_BASE}"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert destination(parse("openai:m")) == "to http://127.0.0.1:9/v1"
    assert "anthropic" in destination(parse("anthropic:m"))


@pytest.mark.parametrize(
    "variable", ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"]
)
def test_no_conversation_is_traced_however_the_environment_asks(model_env, monkeypatch, variable):
    """A manager's private words must not go to a tracing service because of a forgotten variable."""
    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv(variable, "true")
    tracing.get_env_var.cache_clear()
    open_model(parse("openai:test-model"), 1)
    tracing.get_env_var.cache_clear()
    assert not tracing.tracing_is_enabled()
    tracing.get_env_var.cache_clear()
