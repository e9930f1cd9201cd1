"""The model server of the tests behaves, and misbehaves, as real ones do; and what the clients make of it."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import httpx2
import openai
import pytest
from langchain_core.exceptions import OutputParserException
from langchain_openai import ChatOpenAI
from langchain_openai.chat_models._client_utils import StreamChunkTimeoutError
from pydantic import BaseModel, Field, SecretStr, ValidationError

from eval.bench.llm_server import HTML, KEY, PROSE, APIError, LLMServer, Mood, echo, sample

QUICK = 0.05
# One client, and a TLS context without certificates: loading them takes 40 ms for every new address otherwise.
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
HTTP = httpx2.Client(verify=TLS)
UNUSED = httpx2.AsyncClient(verify=TLS)
TEXT = "You said: Hello there"


class Rating(BaseModel):
    """What the structured answers hold."""

    name: str
    score: int = Field(ge=1, le=5)


class Loose(BaseModel):
    """A default, which strict schemas may not have."""

    name: str
    score: int = 3


GOOD = {"name": "Ana", "score": 4}


@pytest.fixture(scope="module", autouse=True)
def close_the_client() -> Iterator[None]:
    yield
    HTTP.close()


@pytest.fixture(autouse=True)
def no_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "false")


@pytest.fixture
def client(llm_server: LLMServer) -> openai.OpenAI:
    return openai.OpenAI(base_url=llm_server.url, api_key=KEY, max_retries=0, timeout=5, http_client=HTTP)


def chat(server: LLMServer, **options: Any) -> ChatOpenAI:  # noqa: ANN401 - any option
    usual = {"base_url": server.url, "api_key": KEY, "model": server.model, "max_retries": 0, "timeout": 5}
    return ChatOpenAI(**usual | {"http_client": HTTP, "http_async_client": UNUSED} | options)


@asynccontextmanager
async def async_chat(server: LLMServer, **options: Any) -> AsyncIterator[ChatOpenAI]:  # noqa: ANN401 - any option
    """A model with an HTTP client of its own: the one shared by default outlives its event loop."""
    async with httpx2.AsyncClient(verify=TLS) as http:
        yield chat(server, http_async_client=http, **options)


def said(model: ChatOpenAI, prompt: str = "Hello there") -> str:
    return str(model.invoke(prompt).content)


def streamed(model: ChatOpenAI, prompt: str = "Hello there") -> str:
    return "".join(str(chunk.content) for chunk in model.stream(prompt))


def raw_stream(server: LLMServer, **more: object) -> list[str]:
    body = {"model": server.model, "messages": [{"role": "user", "content": "Hello"}], "stream": True, **more}
    answer = HTTP.post(f"{server.url}/chat/completions", json=body, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    return answer.text.removesuffix("\n\n").split("\n\n")


# --- a server that behaves


def test_plain_and_streamed_answers_are_the_same(llm_server: LLMServer) -> None:
    model = ChatOpenAI(base_url=llm_server.url, api_key=SecretStr(KEY), model=llm_server.model)
    assert said(model) == streamed(model) == TEXT
    plain, stream = llm_server.requests
    assert (plain.body["stream"], stream.body["stream"]) == (False, True)
    assert plain.messages == [{"role": "user", "content": "Hello there"}]
    assert plain.headers["authorization"] == f"Bearer {KEY}"
    assert abs(plain.at - time.time()) < 5
    assert plain.format == "text"


def test_a_stream_is_laid_out_as_openai_lays_it_out(llm_server: LLMServer) -> None:
    llm_server.queue("Né en 1815")
    lines = raw_stream(llm_server, stream_options={"include_usage": True})
    assert all(line.startswith("data: ") for line in lines)
    assert lines.pop() == "data: [DONE]"
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert {event["object"] for event in events} == {"chat.completion.chunk"}
    assert len({event["id"] for event in events}) == 1
    *texts, usage = events
    assert [event["choices"][0]["delta"] for event in texts] == [
        {"role": "assistant", "content": "", "refusal": None},
        {"content": "Né"},
        {"content": " en"},
        {"content": " 1815"},
        {},
    ]
    assert [event["choices"][0]["finish_reason"] for event in texts] == [None] * 4 + ["stop"]
    assert all(event["usage"] is None for event in texts)
    assert usage["choices"] == []
    assert usage["usage"]["total_tokens"] == usage["usage"]["prompt_tokens"] + usage["usage"]["completion_tokens"]


def test_usage_is_streamed_only_where_asked_for(llm_server: LLMServer) -> None:
    assert not any("usage" in line for line in raw_stream(llm_server))
    model = chat(llm_server)
    assert [chunk for chunk in model.stream("x") if chunk.usage_metadata] == []  # not asked for with a base_url
    assert len([chunk for chunk in model.stream("x", stream_usage=True) if chunk.usage_metadata]) == 1
    llm_server.mood = Mood(usage=False)
    assert [chunk for chunk in model.stream("x", stream_usage=True) if chunk.usage_metadata] == []
    assert model.invoke("x").usage_metadata is None


def test_models_and_unknown_addresses(llm_server: LLMServer, client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [llm_server.model]
    assert client.models.retrieve(llm_server.model).owned_by == "test"
    with pytest.raises(openai.NotFoundError, match="does not exist") as error:
        client.models.retrieve("gpt-0")
    assert error.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError, match=re.escape("Invalid URL (POST /v1/embeddings)")):
        client.embeddings.create(model="x", input="y")
    with pytest.raises(openai.NotFoundError, match=re.escape("Invalid URL (GET /v1/files)")):
        client.files.list()
    assert llm_server.requests == []
    assert len(llm_server.all_requests) == 5


def test_a_body_that_is_not_json_is_refused(llm_server: LLMServer) -> None:
    answer = HTTP.post(f"{llm_server.url}/chat/completions", content=b"{", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_scripted_answers_come_in_order_and_then_the_callable_speaks(llm_server: LLMServer) -> None:
    model = chat(llm_server)
    llm_server.queue("One.", {"two": 2})
    llm_server.answer = lambda messages, request: f"{len(messages)} {request['temperature']}"
    assert llm_server.queued == 2
    assert [said(model), said(model)] == ["One.", '{"two": 2}']
    assert chat(llm_server, temperature=0.5).invoke([("system", "a"), ("user", "b")]).content == "2 0.5"
    llm_server.reset()
    assert (said(model), len(llm_server.requests)) == (TEXT, 1)


def test_a_queued_mood_is_for_one_call(llm_server: LLMServer) -> None:
    model = chat(llm_server)
    llm_server.queue(Mood(status=500), "One.", Mood(finish_reason="length"), "Two.")
    with pytest.raises(openai.InternalServerError):
        said(model)
    assert said(model) == "One."
    answer = model.invoke("x")
    assert (answer.content, answer.response_metadata["finish_reason"]) == ("Two.", "length")


def test_the_callable_may_raise_an_api_error_and_a_bug_in_it_is_not_lost() -> None:
    def refuse(messages: list[dict[str, Any]], request: dict[str, Any]) -> str:
        raise APIError(400, "No.", "invalid_request_error", "policy")

    with LLMServer(answer=refuse) as server, pytest.raises(openai.BadRequestError) as error:
        streamed(chat(server))
    assert error.value.code == "policy"

    def broken(messages: list[dict[str, Any]], request: dict[str, Any]) -> str:
        raise OSError("a bug")

    server = LLMServer(answer=broken)
    with pytest.raises(RuntimeError, match="own answer failed"), server, pytest.raises(openai.APIConnectionError):
        said(chat(server))


def test_concurrent_calls_are_counted(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(delay_s=3 * QUICK)
    model = chat(llm_server)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda i: said(model, str(i)), range(5)))
    assert answers == [f"You said: {i}" for i in range(5)]
    assert llm_server.max_concurrency == 5
    llm_server.reset()
    said(model)
    assert llm_server.max_concurrency == 1


def test_a_local_server_takes_any_key_and_any_model() -> None:
    with LLMServer(api_key=None, models=()) as server:
        assert said(chat(server, api_key="none", model="llama3:8b")) == TEXT


# --- errors


@pytest.mark.parametrize(
    ("mood", "kind", "code"),
    [
        (Mood(status=400), openai.BadRequestError, None),
        (Mood(status=401), openai.AuthenticationError, "invalid_api_key"),
        (Mood(status=403), openai.PermissionDeniedError, "unsupported_country_region_territory"),
        (Mood(status=404), openai.NotFoundError, "model_not_found"),
        (Mood(status=422), openai.UnprocessableEntityError, None),
        (Mood(status=429), openai.RateLimitError, "rate_limit_exceeded"),
        (Mood(status=500), openai.InternalServerError, None),
        (Mood(status=503), openai.InternalServerError, None),
        (Mood(insufficient_quota=True), openai.RateLimitError, "insufficient_quota"),
        (Mood(context_length_exceeded=True), openai.BadRequestError, "context_length_exceeded"),
    ],
    ids=lambda value: str(value.status or "") if isinstance(value, Mood) else None,
)
def test_errors(llm_server: LLMServer, mood: Mood, kind: type[openai.APIStatusError], code: str | None) -> None:
    llm_server.mood = mood
    for call in (said, streamed):
        with pytest.raises(kind) as error:
            call(chat(llm_server))
        assert error.value.code == code
        assert isinstance(error.value.body, dict)
        assert set(error.value.body) == {"message", "type", "param", "code"}
    llm_server.wait_idle()
    assert {call.outcome for call in llm_server.requests} == {"error"}


def test_a_wrong_key_is_masked(llm_server: LLMServer) -> None:
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key") as error:
        said(chat(llm_server, api_key="sk-wrong-0123456789"))
    assert "0123" not in str(error.value)
    answer = HTTP.post(f"{llm_server.url}/chat/completions", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, None)


def test_an_unknown_model(llm_server: LLMServer) -> None:
    with pytest.raises(openai.NotFoundError, match="`gpt-0` does not exist"):
        said(chat(llm_server, model="gpt-0"))


def test_a_request_that_is_too_long(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(context_tokens=100)
    assert said(chat(llm_server)) == TEXT
    with pytest.raises(openai.BadRequestError, match="maximum context length is 100 tokens"):
        said(chat(llm_server), "x" * 500)


def test_no_messages(llm_server: LLMServer) -> None:
    with pytest.raises(openai.BadRequestError, match="empty array"):
        chat(llm_server).invoke([])


def test_retry_after_is_obeyed(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(status=429, retry_after=2 * QUICK, fail_first_n=2)
    assert said(chat(llm_server, max_retries=2)) == TEXT
    times = [call.monotonic for call in llm_server.requests]
    assert all(2 * QUICK <= later - earlier < 10 * QUICK for earlier, later in pairwise(times))
    assert [call.status for call in llm_server.requests] == [429, 429, 200]
    assert [call.headers["x-stainless-retry-count"] for call in llm_server.requests] == ["0", "1", "2"]


def test_a_retry_after_of_more_than_two_minutes_is_not_waited_for(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(status=429, retry_after=121)
    with pytest.raises(openai.RateLimitError) as error:
        said(chat(llm_server, max_retries=2))
    assert len(llm_server.requests) == 1
    assert error.value.response.headers["retry-after"] == "121"


def test_failing_first_is_a_500_unless_the_mood_says_what(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(fail_first_n=1, retry_after=QUICK)
    assert streamed(chat(llm_server, max_retries=1)) == TEXT
    assert [call.status for call in llm_server.requests] == [500, 200]


def test_a_used_up_quota_is_tried_again_in_vain(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(insufficient_quota=True, retry_after=QUICK)
    with pytest.raises(openai.RateLimitError):
        said(chat(llm_server, max_retries=2))
    assert len(llm_server.requests) == 3


# --- connections


def test_hanging_up_is_tried_again(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(hang_up=True, fail_first_n=1)
    with pytest.raises(openai.APIConnectionError):
        streamed(chat(llm_server))
    llm_server.mood = Mood(hang_up=True, fail_first_n=1)
    assert said(chat(llm_server, max_retries=1)) == TEXT
    llm_server.wait_idle()
    assert [call.outcome for call in llm_server.requests] == ["cut", "cut", "sent"]


@pytest.mark.parametrize("cut", ["close", "reset"])
def test_a_cut_stream_is_an_error_and_is_not_tried_again(llm_server: LLMServer, cut: Any) -> None:  # noqa: ANN401
    llm_server.mood = Mood(cut_after_chunks=2, cut=cut, chunk_delay_s=0.01)
    llm_server.queue("One two three four.")
    got = []
    with pytest.raises(openai.APIConnectionError):
        got.extend(chunk.content for chunk in chat(llm_server, max_retries=2).stream("x"))
    llm_server.wait_idle()
    assert (llm_server.last.outcome, llm_server.last.chunks, len(llm_server.requests)) == ("cut", 2, 1)
    llm_server.mood = Mood()
    assert streamed(chat(llm_server)) == "One two three four."  # an answer that did not arrive is not spent


def test_what_came_before_a_cut_has_been_yielded(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(cut_after_chunks=2, chunk_delay_s=QUICK)
    stream = chat(llm_server).stream("x")
    assert [next(stream).content for _ in range(3)] == ["", "You", " said:"]
    with pytest.raises(openai.APIConnectionError):
        next(stream)


def test_a_stream_that_ends_too_early_but_cleanly_is_no_error(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(cut_after_chunks=2, cut="clean")
    chunks = list(chat(llm_server).stream("x"))
    assert "".join(str(chunk.content) for chunk in chunks) == "You said:"
    assert not any("finish_reason" in chunk.response_metadata for chunk in chunks)  # the only sign


def test_a_cut_plain_answer_is_tried_again(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(cut_after_chunks=0, fail_first_n=1)
    assert said(chat(llm_server, max_retries=1)) == TEXT
    assert len(llm_server.requests) == 2


def test_an_error_within_a_stream(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(error_after_chunks=1)
    with pytest.raises(openai.APIError, match="server had an error") as error:
        streamed(chat(llm_server, max_retries=2))
    assert not isinstance(error.value, openai.APIStatusError)
    llm_server.wait_idle()
    assert [call.outcome for call in llm_server.requests] == ["error"]


def test_a_server_that_dies_and_one_that_is_not_there(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(never_ends=True, chunk_delay_s=0.01)
    stream = chat(llm_server).stream("x")
    next(stream)
    llm_server.drop_connections()
    with pytest.raises(openai.APIConnectionError):
        list(stream)
    llm_server.close()
    with pytest.raises(openai.APIConnectionError):
        said(chat(llm_server))


# --- time


def test_a_slow_first_byte_and_the_timeout(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(delay_s=2 * QUICK)
    start = time.perf_counter()
    assert said(chat(llm_server)) == TEXT
    assert time.perf_counter() - start >= 2 * QUICK
    for call in (said, streamed):
        with pytest.raises(openai.APITimeoutError):
            call(chat(llm_server, timeout=QUICK))
    llm_server.wait_idle()
    assert [call.outcome for call in llm_server.requests] == ["sent", "gone", "gone"]


def test_a_timeout_is_tried_again(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(delay_s=1, fail_first_n=1)
    assert said(chat(llm_server, timeout=2 * QUICK, max_retries=1)) == TEXT


def test_the_timeout_counts_between_chunks_only(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(chunk_delay_s=QUICK)
    start = time.perf_counter()
    assert streamed(chat(llm_server, timeout=2 * QUICK), "one two three") == "You said: one two three"
    assert time.perf_counter() - start >= 5 * QUICK
    llm_server.mood = Mood(chunk_delay_s=4 * QUICK)
    with pytest.raises(openai.APITimeoutError):
        streamed(chat(llm_server, timeout=2 * QUICK, max_retries=2))
    assert len(llm_server.requests) == 2  # not tried again


def test_an_endless_stream_ends_when_the_client_closes_it(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(never_ends=True, chunk_delay_s=0.01)
    stream = chat(llm_server).stream("x")
    assert [next(stream).content for _ in range(4)] == ["", " word1", " word2", " word3"]
    assert llm_server.last.outcome == "open"
    stream.close()
    llm_server.wait_idle()
    assert llm_server.last.outcome == "gone"
    with pytest.raises(openai.APITimeoutError):
        said(chat(llm_server, timeout=QUICK))


def test_keepalives_defeat_the_timeout_of_a_synchronous_stream(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(never_ends="keepalives", chunk_delay_s=0.01)
    errors: list[Exception] = []

    def read() -> None:
        try:
            streamed(chat(llm_server, timeout=QUICK, stream_chunk_timeout=QUICK))
        except openai.APIConnectionError as error:
            errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    reader.join(8 * QUICK)
    assert reader.is_alive()
    llm_server.drop_connections()
    reader.join(2)
    assert not isinstance(errors[0], openai.APITimeoutError)


def test_an_asynchronous_stream_has_a_timeout_for_its_chunks(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(never_ends="keepalives", chunk_delay_s=0.01)

    async def read() -> None:
        async with async_chat(llm_server, stream_chunk_timeout=2 * QUICK) as model:
            with pytest.raises(StreamChunkTimeoutError):
                _ = [chunk async for chunk in model.astream("x")]

    asyncio.run(read())
    llm_server.wait_idle()
    assert llm_server.last.outcome == "gone"


@pytest.mark.parametrize("mood", [Mood(never_ends=True), Mood(delay_s=5)], ids=["streaming", "silent"])
def test_an_asynchronous_deadline_closes_the_connection(llm_server: LLMServer, mood: Mood) -> None:
    llm_server.mood = mood

    async def read() -> None:
        # The time limit for chunks uses asyncio.wait_for, which loses cancellations before Python 3.12.
        async with async_chat(llm_server, stream_chunk_timeout=None) as model, asyncio.timeout(2 * QUICK):
            _ = [chunk async for chunk in model.astream("x")]

    with pytest.raises(TimeoutError):
        asyncio.run(read())
    llm_server.wait_idle()
    assert llm_server.last.outcome == "gone"


def test_no_call_takes_longer_than_the_server_allows(llm_server: LLMServer) -> None:
    llm_server.longest_s = 2 * QUICK
    for mood in (Mood(never_ends=True), Mood(delay_s=60)):
        llm_server.mood = mood
        with pytest.raises(openai.APIConnectionError):
            streamed(chat(llm_server))
    llm_server.wait_idle()
    assert {call.outcome for call in llm_server.requests} == {"cut"}


# --- answers that are none


@pytest.mark.parametrize("empty", [True, "content", "null"])
def test_empty_answers_are_empty_text(llm_server: LLMServer, empty: Any) -> None:  # noqa: ANN401
    llm_server.mood = Mood(empty=empty)
    assert said(chat(llm_server)) == streamed(chat(llm_server)) == ""


def test_no_choices(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(empty="choices")
    with pytest.raises(IndexError):
        said(chat(llm_server))
    assert streamed(chat(llm_server)) == ""


def test_no_body(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(empty="body")
    with pytest.raises(json.JSONDecodeError):
        said(chat(llm_server))
    with pytest.raises(ValueError, match="No generation chunks"):
        streamed(chat(llm_server))


def test_a_sign_in_page(llm_server: LLMServer, client: openai.OpenAI) -> None:
    llm_server.mood = Mood(nonsense=True)
    with pytest.raises(ValueError, match="Unexpected response type"):
        said(chat(llm_server))
    with pytest.raises(ValueError, match="No generation chunks"):
        streamed(chat(llm_server))
    answer: object = client.chat.completions.create(model=llm_server.model, messages=[{"role": "user", "content": "x"}])
    assert answer == HTML  # the client hands the page over as if it were the answer


def test_broken_json(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(nonsense="text")
    for call in (said, streamed):
        with pytest.raises(json.JSONDecodeError):
            call(chat(llm_server))


def test_json_of_another_shape(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(nonsense="json")
    with pytest.raises(TypeError, match="null value for 'choices'"):
        said(chat(llm_server))
    assert streamed(chat(llm_server)) == ""


def test_a_huge_answer(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(huge_kb=100, chunk_chars=1024)
    model = chat(llm_server)
    assert said(model) == streamed(model)
    assert len(said(model)) == 100 * 1024
    assert llm_server.requests[1].chunks == 100


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_the_reason_for_ending(llm_server: LLMServer, reason: Any) -> None:  # noqa: ANN401
    llm_server.mood = Mood(finish_reason=reason)
    model = chat(llm_server)
    assert model.invoke("x").response_metadata["finish_reason"] == reason
    reasons = [chunk.response_metadata.get("finish_reason") for chunk in model.stream("x")]
    assert [found for found in reasons if found] == [reason]


def test_a_refusal(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(refusal="I cannot help with that.")
    answer = chat(llm_server).invoke("x")
    assert (answer.content, answer.additional_kwargs["refusal"]) == ("", "I cannot help with that.")
    assert streamed(chat(llm_server)) == ""  # lost


# --- structured answers


def rate(server: LLMServer, method: Any, schema: Any = Rating) -> Any:  # noqa: ANN401 - whatever comes back
    return chat(server).with_structured_output(schema, method=method).invoke("Answer in JSON.")


@pytest.mark.parametrize("method", ["json_schema", "json_mode", "function_calling"])
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")
def test_structured_answers(llm_server: LLMServer, method: str) -> None:
    llm_server.queue(GOOD, GOOD)
    assert rate(llm_server, method) == Rating(**GOOD)
    formats = {"json_schema": "json_schema", "json_mode": "json_object", "function_calling": "tools"}
    assert llm_server.last.format == formats[method]
    model = chat(llm_server).with_structured_output(Rating, method=method)  # type: ignore[arg-type]
    assert list(model.stream("Answer in JSON."))[-1] == Rating(**GOOD)


@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_the_echo_makes_up_an_answer_that_fits(llm_server: LLMServer, method: str) -> None:
    assert rate(llm_server, method) == Rating(name="sample", score=1)


def test_a_server_without_schemas(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(schemas=False)
    llm_server.queue(GOOD)
    unsupported = pytest.raises(openai.BadRequestError, match="'json_schema' is not supported")
    with pytest.warns(UserWarning, match="does not support OpenAI's structured output"), unsupported:
        rate(llm_server, "json_schema")
    assert rate(llm_server, "json_mode") == Rating(**GOOD)


def test_a_server_without_json_mode_or_tools(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(json_mode=False, tools=False)
    with pytest.raises(openai.BadRequestError, match="'json_object' is not supported"):
        rate(llm_server, "json_mode")
    with pytest.raises(openai.BadRequestError, match="does not support tools"):
        rate(llm_server, "function_calling")
    assert rate(llm_server, "json_schema")


def test_a_server_that_ignores_what_was_asked_for(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(schemas="ignore", json_mode="ignore", tools="ignore")
    llm_server.queue("kept")
    with pytest.raises(ValidationError):
        rate(llm_server, "json_schema")
    with pytest.raises(OutputParserException):
        rate(llm_server, "json_mode")
    assert rate(llm_server, "function_calling") is None
    assert chat(llm_server).bind(response_format={"type": "json_object"}).invoke("x").content == PROSE
    assert said(chat(llm_server)) == "kept"


def test_json_in_a_fence(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(schemas="fenced", json_mode="fenced", tools="fenced")
    llm_server.queue(GOOD, GOOD)
    with pytest.raises(ValidationError):
        rate(llm_server, "json_schema")
    assert rate(llm_server, "json_mode") == Rating(**GOOD)  # LangChain looks into the fence
    assert rate(llm_server, "function_calling") is None


def test_structured_answers_cut_short_or_refused(llm_server: LLMServer) -> None:
    llm_server.queue(Mood(finish_reason="length"), Mood(finish_reason="content_filter"), Mood(refusal="No."))
    with pytest.raises(openai.LengthFinishReasonError):
        rate(llm_server, "json_schema")
    with pytest.raises(openai.ContentFilterFinishReasonError):
        rate(llm_server, "json_schema")
    with pytest.raises(Exception, match=re.escape("No.")) as error:
        rate(llm_server, "json_schema")
    assert type(error.value).__name__ == "OpenAIRefusalError"
    assert not isinstance(error.value, openai.OpenAIError)


def test_empty_structured_answers(llm_server: LLMServer) -> None:
    llm_server.mood = Mood(empty=True)
    with pytest.raises(ValueError, match="does not have a 'parsed' field"):
        rate(llm_server, "json_schema")
    with pytest.raises(OutputParserException):
        rate(llm_server, "json_mode")
    assert rate(llm_server, "function_calling") is None


def test_values_out_of_range_get_through_the_server(llm_server: LLMServer) -> None:
    llm_server.answer = lambda messages, request: json.dumps({"name": "Ana", "score": 9})
    for method, kind in (("json_schema", ValidationError), ("json_mode", OutputParserException)):
        with pytest.raises(kind):
            rate(llm_server, method)


def test_json_mode_wants_the_word_json(llm_server: LLMServer) -> None:
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        chat(llm_server).with_structured_output(Rating, method="json_mode").invoke("Answer.")


def test_strict_schemas_are_checked(llm_server: LLMServer, client: openai.OpenAI) -> None:
    with pytest.warns(UserWarning, match="Invalid schema"), pytest.raises(openai.BadRequestError) as error:
        rate(llm_server, "json_schema", Loose)
    assert "In context=('properties', 'score'), 'default' is not permitted" in str(error.value)
    llm_server.mood = Mood(checks_schemas=False)
    assert rate(llm_server, "json_schema", Loose) == Loose(name="sample", score=0)

    def ask(schema: dict[str, Any]) -> str | None:
        wanted: Any = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}}
        messages: Any = [{"role": "user", "content": "x"}]
        answer = client.chat.completions.create(model=llm_server.model, messages=messages, response_format=wanted)
        return answer.choices[0].message.content

    llm_server.mood = Mood()
    text: dict[str, Any] = {"type": "string"}
    inner = {"type": "object", "properties": {"a": text}, "required": ["a"], "additionalProperties": False}
    outer = {**inner, "properties": {"a": {"type": "array", "items": {"anyOf": [inner, {"type": "null"}]}}}}
    assert json.loads(ask(outer) or "") == {"a": [{"a": "sample"}]}
    for bad, reason in (
        ({**inner, "required": []}, "Missing 'a'"),
        ({"type": "object", "properties": {}}, "'additionalProperties' is required"),
        ({"type": "array", "items": text}, "must be a JSON Schema of 'type: \"object\"'"),
        ({**outer, "properties": {"a": {**inner, "required": []}}}, re.escape("('properties', 'a')")),
    ):
        with pytest.raises(openai.BadRequestError, match=reason):
            ask(bad)


def test_any_tool_may_be_forced(llm_server: LLMServer) -> None:
    llm_server.queue(GOOD)
    model = chat(llm_server).bind_tools([Rating], tool_choice="required")
    answer: Any = model.invoke("x")
    assert (answer.tool_calls[0]["name"], answer.tool_calls[0]["args"]) == ("Rating", GOOD)
    assert answer.response_metadata["finish_reason"] == "tool_calls"
    assert chat(llm_server).bind_tools([Rating]).invoke("x").content == "You said: x"  # not forced: text


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 7}, 7),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"type": "boolean"}}}, True),
        ({"type": ["string", "null"], "minLength": 8}, "sample.."),
        ({"type": "array", "items": {"type": "number", "exclusiveMinimum": 1}, "minItems": 2}, [2, 2]),
        ({"type": "integer", "maximum": -3}, -3),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None),
    ],
)
def test_samples_fit_their_schemas(schema: dict[str, Any], value: object) -> None:
    assert sample(schema) == value


def test_the_echo_reads_parts_of_messages() -> None:
    assert echo([{"role": "user", "content": [{"type": "text", "text": "Hi"}]}], {}) == "You said: Hi"
    assert echo([], {}) == "You said: "
