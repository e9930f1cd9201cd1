"""A model server on loopback that speaks OpenAI's chat-completions protocol, and misbehaves on request.

It is a real HTTP/1.1 server on a real socket, because what has to be tested is what only sockets do: cut streams,
slow chunks, hang-ups, clients that go away. Nothing is patched in the client.

    with LLMServer() as server:
        server.queue("Hello.", Mood(status=429, retry_after=0.05), "Hello again.")
        model = ChatOpenAI(base_url=server.url, api_key=server.api_key, model=server.model)

The bodies of errors, the order of chunks and the checks of strict schemas follow the public API.
"""

from __future__ import annotations

import contextlib
import json
import re
import selectors
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Literal

KEY = "sk-test-0123456789abcdef"
MODEL = "test-model"
PROSE = "Certainly! I think the talk went rather well, though there is always room to grow."
HTML = "<!doctype html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>"
_FORBIDDEN_IN_SCHEMAS = ("default", "allOf", "not", "if", "then", "else", "dependentRequired", "patternProperties")

Json = dict[str, Any]
Answer = Callable[[list[Json], Json], str]
Support = bool | Literal["ignore", "fenced"]


@dataclass(frozen=True)
class Mood:
    """How the server behaves. The default is a well-behaved server.

    Troubles (they end after `fail_first_n` calls, if that is given): delay_s, status, insufficient_quota,
    context_length_exceeded, hang_up, cut_after_chunks, error_after_chunks, empty, nonsense, huge_kb, never_ends,
    finish_reason, refusal. The rest is temperament, and stays.

    Attributes:
        delay_s: silence before the first byte of the reply.
        chunk_delay_s: silence before each chunk of a stream after the first.
        status: answer with this error (400, 401, 403, 404, 429, 500, 503 ...).
        retry_after: the Retry-After header of errors, in seconds.
        fail_first_n: only the first n calls under this mood meet its trouble (a plain 500 if it names none).
        insufficient_quota: 429 with the code insufficient_quota.
        context_length_exceeded: 400 with the code context_length_exceeded.
        context_tokens: the same, only for requests longer than this (4 characters to a token).
        hang_up: close the connection without a single byte of reply.
        cut_after_chunks: end a stream after the role chunk and this many pieces of text; a plain answer is cut halfway.
        cut: how: "close" breaks off the body, "reset" sends a TCP reset, "clean" ends the body properly but with
            neither finish_reason nor [DONE] (a proxy whose upstream died).
        error_after_chunks: the same place, but with an error event in the stream.
        empty: no text. True or "content": ""; "null": content null; "choices": no choices; "body": 200, no body.
        nonsense: 200 with something else. True or "html": a sign-in page; "text": broken JSON (broken events in a
            stream); "json": good JSON of another shape.
        huge_kb: an answer of this size.
        never_ends: a stream without end: True for a word each chunk_delay_s, "keepalives" for SSE comments only.
            A plain call is never answered.
        finish_reason: "length" or "content_filter" instead of "stop".
        refusal: refuse, with this text.
        schemas: response_format json_schema is honoured; False: 400; "ignore": accepted, prose comes back; "fenced":
            accepted, the answer comes in a Markdown fence with chatter around it.
        json_mode: the same for response_format json_object.
        tools: the same for a forced tool call ("ignore" and "fenced": text and no call).
        usage: tokens are reported (in streams only where the request asks, as OpenAI does).
        chunk_chars: pieces of this many characters in a stream; 0: a word each.
        checks_schemas: strict schemas are checked as OpenAI checks them.
    """

    delay_s: float = 0.0
    chunk_delay_s: float = 0.0
    status: int | None = None
    retry_after: float | None = None
    fail_first_n: int = 0
    insufficient_quota: bool = False
    context_length_exceeded: bool = False
    context_tokens: int | None = None
    hang_up: bool = False
    cut_after_chunks: int | None = None
    cut: Literal["close", "reset", "clean"] = "close"
    error_after_chunks: int | None = None
    empty: bool | Literal["content", "null", "choices", "body"] = False
    nonsense: bool | Literal["html", "text", "json"] = False
    huge_kb: int = 0
    never_ends: bool | Literal["keepalives"] = False
    finish_reason: Literal["stop", "length", "content_filter"] = "stop"
    refusal: str | None = None
    schemas: Support = True
    json_mode: Support = True
    tools: Support = True
    usage: bool = True
    chunk_chars: int = 0
    checks_schemas: bool = True

    def recovered(self) -> Mood:
        """The same server once its trouble is over."""
        good = Mood()
        return replace(self, **{name: getattr(good, name) for name in _TROUBLES})

    def failing(self) -> Mood:
        """The same server in its trouble: a 500 if it names none."""
        return replace(self, status=500) if self == self.recovered() else self


_TROUBLES = (
    *("delay_s", "status", "insufficient_quota", "context_length_exceeded", "hang_up", "cut_after_chunks"),
    *("error_after_chunks", "empty", "nonsense", "huge_kb", "never_ends", "finish_reason", "refusal"),
)


def named(mood: object) -> str:
    """A mood by what it changes, short enough for the name of a test; anything else as it is."""
    if not isinstance(mood, Mood):
        return str(mood)
    good = Mood()
    odd = {key: value for key, value in vars(mood).items() if value != getattr(good, key)}
    return ",".join(f"{key}={value}" for key, value in odd.items()) or "well"


@dataclass
class Call:
    """A recorded call.

    Attributes:
        headers: with their names in lower case.
        body: the request as parsed; empty if it was not JSON.
        at: the time of arrival; `monotonic` is the same on the monotonic clock.
        answered: when the first byte of the reply was sent, on the monotonic clock; 0 before.
        mood: what the server was like for this call.
        chunks: the pieces of text streamed so far.
        outcome: open, sent, error, cut, or gone (the client left first). Final once `done` is set.
        taken: the scripted answer it was given.
    """

    path: str
    headers: dict[str, str]
    body: Json
    at: float
    monotonic: float
    mood: Mood
    status: int = 0
    answered: float = 0.0
    chunks: int = 0
    outcome: Literal["open", "sent", "error", "cut", "gone"] = "open"
    taken: str | None = None
    done: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def messages(self) -> list[Json]:
        """The messages sent."""
        messages: list[Json] = self.body.get("messages", [])
        return messages

    @property
    def format(self) -> str:
        """The kind of answer asked for: text, json_schema, json_object or tools."""
        if _forced_tool(self.body):
            return "tools"
        return str((self.body.get("response_format") or {}).get("type", "text"))


class APIError(Exception):
    """An error to send, in OpenAI's shape."""

    def __init__(
        self, status: int, message: str, kind: str, code: str | None = None, *, param: str | None = None
    ) -> None:
        """Make the error, with the fields of OpenAI's body."""
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


class _Cut(Exception):
    """The server breaks the connection off."""

    outcome: Literal["cut", "error"] = "cut"


class _Failed(_Cut):
    """The server has sent an error in the stream, and ends it."""

    outcome = "error"


class _Gone(Exception):
    """The client has left, or the server is closing."""


def echo(messages: list[Json], request: Json) -> str:
    """Say the last message again; make up the least JSON that fits where JSON is asked for."""
    schema = _wanted_schema(request)
    if schema is not None:
        return json.dumps(sample(schema))
    content = messages[-1].get("content") if messages else ""
    if isinstance(content, list):
        content = " ".join(str(part.get("text", "")) for part in content)
    return f"You said: {content}"


def sample(schema: Json, root: Json | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """Make up a small value that fits a JSON schema of the strict kind."""
    root = schema if root is None else root
    if "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return sample(target, root)
    for key, value in (("const", schema.get("const")), ("enum", (schema.get("enum") or [None])[0])):
        if key in schema:
            return value
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return sample(schema[key][0], root)
    return _sample_of_type(schema, root)


def _sample_of_type(schema: Json, root: Json) -> Any:  # noqa: ANN401 - any JSON value
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(part, root) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {"type": "string"}), root) for _ in range(schema.get("minItems", 1))]
    if kind in ("integer", "number"):
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
        return min(low, schema.get("maximum", low))
    return {"boolean": True, "null": None}.get(kind, "sample".ljust(schema.get("minLength", 0), "."))


def _forced_tool(request: Json) -> Json | None:
    """The function that the request forces the model to call, if any."""
    choice, tools = request.get("tool_choice"), request.get("tools") or []
    if isinstance(choice, dict):
        wanted = choice.get("function", {}).get("name")
        return next((tool["function"] for tool in tools if tool["function"]["name"] == wanted), None)
    return tools[0]["function"] if tools and choice == "required" else None


def _chosen(text: str) -> tuple[str, str] | None:
    """The function that an answer ``{"call": name, "with": arguments}`` chooses among several, and its arguments."""
    with contextlib.suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict) and found.keys() == {"call", "with"}:
            return str(found["call"]), json.dumps(found["with"])
    return None


def _wanted_schema(request: Json) -> Json | None:
    tool, wanted = _forced_tool(request), request.get("response_format") or {}
    if tool:
        return dict(tool.get("parameters", {}))
    if wanted.get("type") == "json_schema":
        return dict(wanted["json_schema"].get("schema", {}))
    return {"type": "object"} if wanted.get("type") == "json_object" else None


def _words(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)] if size else re.findall(r"\s*\S+|\s+$", text)


def _tokens(messages: list[Json]) -> int:
    return sum(len(json.dumps(message.get("content") or "", ensure_ascii=False)) for message in messages) // 4 + 1


def _check_schema(schema: Any, name: str, at: tuple[str, ...] = ()) -> None:  # noqa: ANN401 - any JSON value
    """Refuse what OpenAI's strict mode refuses."""

    def refuse(reason: str) -> APIError:
        message = f"Invalid schema for response_format '{name}': In context={at}, {reason}"
        return APIError(400, message, "invalid_request_error", param="response_format")

    for key in _FORBIDDEN_IN_SCHEMAS:
        if key in schema:
            raise refuse(f"'{key}' is not permitted.")
    if not at and schema.get("type") != "object":
        raise refuse(f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'.")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise refuse("'additionalProperties' is required to be supplied and to be false.")
        missing = set(schema.get("properties", {})) - set(schema.get("required", []))
        if missing:
            keys = f"including every key in properties. Missing '{min(missing)}'."
            raise refuse(f"'required' is required to be supplied and to be an array {keys}")
    for path, part in _subschemas(schema):
        _check_schema(part, name, (*at, *path))


def _subschemas(schema: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    for group in ("properties", "$defs", "definitions"):
        yield from (((group, key), part) for key, part in schema.get(group, {}).items())
    yield from ((("anyOf", str(i)), part) for i, part in enumerate(schema.get("anyOf", [])))
    if isinstance(schema.get("items"), dict):
        yield ("items",), schema["items"]


def _readable(watched: Sequence[socket.socket], seconds: float) -> list[object]:
    """Those that can be read within some seconds; unlike ``select`` for any number of open files."""
    with selectors.DefaultSelector() as selector:
        for one in watched:
            selector.register(one, selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(seconds)]


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept alive for many calls."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    connection: socket.socket

    def setup(self) -> None:
        super().setup()
        self.owner = self.server.owner
        self.owner._connected(self.connection)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.owner._disconnected(self.connection)

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on stderr."""

    def do_GET(self) -> None:
        call = self._call({})
        with self.owner._counted(call):
            self._guarded(call, self._models)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        call = self._call(body if isinstance(body, dict) else {})
        with self.owner._counted(call):
            self._guarded(call, self._chat if isinstance(body, dict) else self._unreadable)

    def _call(self, body: Json) -> Call:
        headers = {name.lower(): value for name, value in self.headers.items()}
        chat = self.path.split("?")[0] == "/v1/chat/completions"
        mood = self.owner._mood_of_call() if chat else self.owner.mood
        self.latest = time.monotonic() + self.owner.longest_s
        return Call(self.path, headers, body, time.time(), time.monotonic(), mood)

    def _guarded(self, call: Call, reply: Callable[[Call], None]) -> None:
        try:
            try:
                reply(call)
                call.outcome = "sent"
            except APIError as error:
                call.outcome = "error"
                extra = {} if call.mood.retry_after is None else {"Retry-After": f"{call.mood.retry_after:g}"}
                self._send(call, error.status, json.dumps(error.body), headers=extra)
        except _Cut as cut:
            call.outcome = cut.outcome
            self.close_connection = True
            if cut.outcome == "cut" and call.mood.cut == "reset":
                self._reset()
        except (_Gone, OSError):
            call.outcome = "gone"
            self.close_connection = True

    # --- the endpoints

    def _models(self, call: Call) -> None:
        self._authorised(call)
        name = self.path.split("?")[0].removeprefix("/v1/models").strip("/")
        if not self.path.startswith("/v1/models"):
            raise self._unknown_url()
        made = [{"id": m, "object": "model", "created": 1_700_000_000, "owned_by": "test"} for m in self.owner.models]
        if not name:
            self._send(call, 200, json.dumps({"object": "list", "data": made}))
            return
        self._known_model(name)
        self._send(call, 200, json.dumps(next(model for model in made if model["id"] == name)))

    def _unreadable(self, call: Call) -> None:
        message = "We could not parse the JSON body of your request."
        raise APIError(400, message, "invalid_request_error")

    def _chat(self, call: Call) -> None:
        if self.path.split("?")[0] != "/v1/chat/completions":
            raise self._unknown_url()
        mood = call.mood
        self._pause(mood.delay_s)
        if mood.hang_up:
            raise _Cut
        self._authorised(call)
        self._troubled(mood, call)
        self._known_model(str(call.body.get("model")))
        self._well_formed(mood, call)
        if mood.nonsense or mood.empty == "body":
            self._nonsense(call, mood)
        elif call.body.get("stream"):
            self._stream(call, mood)
        else:
            self._plain(call, mood)

    # --- what may be wrong with a request, or with the server

    def _unknown_url(self) -> APIError:
        return APIError(404, f"Invalid URL ({self.command} {self.path})", "invalid_request_error")

    def _authorised(self, call: Call) -> None:
        key = self.owner.api_key
        given = call.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if key is None or given == key:
            return
        if not given:
            raise APIError(401, "You didn't provide an API key.", "invalid_request_error")
        raise self._wrong_key(given)

    def _wrong_key(self, given: str) -> APIError:
        masked = given[:8] + "*" * max(len(given) - 12, 0) + given[-4:]
        message = f"Incorrect API key provided: {masked}. You can find your API key at https://platform.openai.com."
        return APIError(401, message, "invalid_request_error", "invalid_api_key")

    def _known_model(self, model: str) -> None:
        if self.owner.models and model not in self.owner.models:
            message = f"The model `{model}` does not exist or you do not have access to it."
            raise APIError(404, message, "invalid_request_error", "model_not_found")

    def _troubled(self, mood: Mood, call: Call) -> None:
        tokens, limit = _tokens(call.messages), mood.context_tokens
        if mood.insufficient_quota:
            message = "You exceeded your current quota, please check your plan and billing details."
            raise APIError(429, message, "insufficient_quota", "insufficient_quota")
        if mood.context_length_exceeded or (limit is not None and tokens > limit):
            message = (
                f"This model's maximum context length is {limit or 8192} tokens. However, your messages resulted in "
                f"{tokens} tokens. Please reduce the length of the messages."
            )
            raise APIError(400, message, "invalid_request_error", "context_length_exceeded", param="messages")
        if mood.status == 401:
            raise self._wrong_key(call.headers.get("authorization", "").removeprefix("Bearer "))
        if mood.status == 404:
            model = call.body.get("model")
            message = f"The model `{model}` does not exist or you do not have access to it."
            raise APIError(404, message, "invalid_request_error", "model_not_found")
        if mood.status is not None:
            raise APIError(mood.status, *_ERRORS.get(mood.status, _ERRORS[500 if mood.status > 499 else 400]))

    def _well_formed(self, mood: Mood, call: Call) -> None:
        wanted = call.body.get("response_format") or {}
        kind = wanted.get("type", "text")
        support = {"json_schema": mood.schemas, "json_object": mood.json_mode}.get(kind, True)
        if support is False:
            message = f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
            raise APIError(400, message, "invalid_request_error")
        if call.body.get("tools") and mood.tools is False:
            message = f"{call.body.get('model')} does not support tools"
            raise APIError(400, message, "invalid_request_error", param="tools")
        if not call.messages:
            message = "Invalid 'messages': empty array. Expected an array with minimum length 1."
            raise APIError(400, message, "invalid_request_error", "empty_array", param="messages")
        if kind == "json_object" and support is True and "json" not in json.dumps(call.messages).lower():
            message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
            raise APIError(400, f"{message}'json_object'.", "invalid_request_error", param="messages")
        if kind == "json_schema" and mood.checks_schemas and wanted["json_schema"].get("strict"):
            _check_schema(wanted["json_schema"].get("schema", {}), wanted["json_schema"].get("name", ""))

    # --- replies

    def _text(self, call: Call, mood: Mood) -> str:
        """The text of the answer."""
        if mood.empty or mood.refusal:
            return ""
        if mood.huge_kb:
            line = "All work and no play makes a dull answer. "
            return (line * (mood.huge_kb * 1024 // len(line) + 1))[: mood.huge_kb * 1024]
        support = {"json_schema": mood.schemas, "json_object": mood.json_mode, "tools": mood.tools}.get(call.format)
        if support == "ignore" or (support == "fenced" and call.format == "tools"):
            return PROSE
        text = self.owner._next_answer(call)
        return f"Sure, here it is:\n\n```json\n{text}\n```\n\nI hope that helps!" if support == "fenced" else text

    def _tool_call(self, call: Call, mood: Mood, text: str) -> list[Json] | None:
        tool = _forced_tool(call.body)
        if not tool or mood.tools is not True or mood.empty or mood.refusal:
            return None
        name, arguments = _chosen(text) or (tool["name"], text)
        number = f"call_{next(self.owner._numbers)}"
        return [{"id": number, "type": "function", "function": {"name": name, "arguments": arguments}}]

    def _usage(self, call: Call, text: str) -> Json:
        said, heard = len(text) // 4 + 1, _tokens(call.messages)
        return {"prompt_tokens": heard, "completion_tokens": said, "total_tokens": heard + said}

    def _head(self, call: Call, kind: str) -> Json:
        number = f"chatcmpl-{next(self.owner._numbers):08d}"
        return {"id": number, "object": kind, "created": int(call.at), "model": call.body.get("model")}

    def _plain(self, call: Call, mood: Mood) -> None:
        while mood.never_ends:
            self._pause(60)
        with self.owner._delivering(call):
            text = self._text(call, mood)
            tools = self._tool_call(call, mood, text)
            message: Json = {"role": "assistant", "content": text, "refusal": mood.refusal}
            if tools or mood.refusal or mood.empty == "null":
                message["content"] = None
            if tools:
                message["tool_calls"] = tools
            reason = _reason(call, mood, tools)
            choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
            body = {**self._head(call, "chat.completion"), "choices": [] if mood.empty == "choices" else [choice]}
            if mood.usage:
                body["usage"] = self._usage(call, text)
            cut = mood.cut_after_chunks is not None
            self._send(call, 200, json.dumps(body, ensure_ascii=False), cut=cut)

    def _nonsense(self, call: Call, mood: Mood) -> None:
        if mood.empty == "body":
            self._send(call, 200, "", "text/event-stream" if call.body.get("stream") else "application/json")
        elif mood.nonsense in (True, "html"):
            self._send(call, 200, HTML, "text/html; charset=utf-8")
        elif mood.nonsense == "json":
            text = json.dumps({"status": "ok", "result": {"text": "hello"}})
            if call.body.get("stream"):
                self._send(call, 200, f"data: {text}\n\ndata: [DONE]\n\n", "text/event-stream")
            else:
                self._send(call, 200, text)
        elif call.body.get("stream"):
            self._send(call, 200, 'data: {"id": "chatcmpl\n\ndata: }{\n\n', "text/event-stream")
        else:
            self._send(call, 200, '{"id": "chatcmpl-1", "choices": [{"mess')

    def _stream(self, call: Call, mood: Mood) -> None:
        head = self._head(call, "chat.completion.chunk")
        with self.owner._delivering(call):
            text = "" if mood.never_ends else self._text(call, mood)
            tools = self._tool_call(call, mood, text)
            self._start_stream(call)
            if mood.never_ends:
                self._for_ever(call, mood, head)
            for number, delta in enumerate(self._deltas(mood, text, tools)):
                if number:
                    self._breaks(mood, number - 1)
                    self._pause(mood.chunk_delay_s)
                    call.chunks += 1
                self._event(call, mood, head, [_choice(delta)])
            self._breaks(mood, None)
            self._event(call, mood, head, [_choice({}, _reason(call, mood, tools))])
            if _wants_usage(call, mood):
                self._event(call, mood, head, [], self._usage(call, text))
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")

    def _start_stream(self, call: Call) -> None:
        call.status, call.answered = 200, time.monotonic()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()

    def _deltas(self, mood: Mood, text: str, tools: list[Json] | None) -> Iterator[Json]:
        role: Json = {"role": "assistant", "content": None if tools or mood.refusal else "", "refusal": None}
        if mood.empty == "choices":
            return
        if tools:
            function = {**tools[0]["function"], "arguments": ""}
            yield {**role, "tool_calls": [{"index": 0, **tools[0], "function": function}]}
            for piece in _words(tools[0]["function"]["arguments"], mood.chunk_chars):
                yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
            return
        yield role
        for piece in _words(mood.refusal or text, mood.chunk_chars):
            yield {"refusal": piece} if mood.refusal else {"content": piece}

    def _breaks(self, mood: Mood, sent: int | None) -> None:
        """Break off where the mood says so, at the end of the text at the latest (`sent` None)."""

        def due(limit: int | None) -> bool:
            return limit is not None and (sent is None or sent >= limit)

        if due(mood.error_after_chunks):
            error = APIError(500, *_ERRORS[500])
            self._chunk(f"data: {json.dumps(error.body)}\n\n".encode())
            self._chunk(b"")
            raise _Failed
        if due(mood.cut_after_chunks):
            if mood.cut == "clean":
                self._chunk(b"")
            raise _Cut

    def _for_ever(self, call: Call, mood: Mood, head: Json) -> None:
        self._event(call, mood, head, [_choice({"role": "assistant", "content": "", "refusal": None})])
        for number in count(1):
            self._pause(mood.chunk_delay_s or 0.01)
            if mood.never_ends == "keepalives":
                self._chunk(b": keepalive\n\n")
            else:
                call.chunks += 1
                self._event(call, mood, head, [_choice({"content": f" word{number}"})])

    # --- the wire

    def _event(self, call: Call, mood: Mood, head: Json, choices: list[Json], usage: Json | None = None) -> None:
        choices = [] if mood.empty == "choices" else choices
        event = {**head, "choices": choices, **({"usage": usage} if _wants_usage(call, mood) else {})}
        self._chunk(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _send(
        self,
        call: Call,
        status: int,
        text: str,
        kind: str = "application/json",
        *,
        cut: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        data = text.encode()
        call.status, call.answered = status, time.monotonic()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("x-request-id", f"req_{next(self.owner._numbers):08d}")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            raise _Cut

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def _pause(self, seconds: float) -> None:
        """Wait; stop waiting when the client leaves or the server closes."""
        until = time.monotonic() + seconds
        while True:
            left = max(min(until, self.latest + 0.01) - time.monotonic(), 0)
            readable = _readable([self.connection, self.owner._closing], left)
            if self.owner._closing in readable:
                raise _Gone
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise _Gone
            if time.monotonic() > self.latest:
                raise _Cut
            if left == 0:
                return
            if readable:  # bytes of a next request: nothing to do with them yet
                time.sleep(min(left, 0.01))


_ERRORS: dict[int, tuple[str, str, str | None]] = {
    400: ("Invalid request.", "invalid_request_error", None),
    403: ("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
    429: ("Rate limit reached for requests. Please try again later.", "requests", "rate_limit_exceeded"),
    500: ("The server had an error while processing your request. Sorry about that!", "server_error", None),
    503: ("The engine is currently overloaded, please try again later", "server_error", None),
}


def _choice(delta: Json, finish_reason: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _reason(call: Call, mood: Mood, tools: list[Json] | None) -> str:
    """OpenAI ends with "stop" where one function was forced by name, with "tool_calls" where any would do."""
    return "tool_calls" if tools and call.body.get("tool_choice") == "required" else mood.finish_reason


def _wants_usage(call: Call, mood: Mood) -> bool:
    return mood.usage and bool((call.body.get("stream_options") or {}).get("include_usage"))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    owner: LLMServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Leave it to the owner: an error in a handler must fail the test, not vanish on stderr."""
        self.owner._failed()


class LLMServer:
    """The server, as a context manager.

    Attributes:
        answer: decides the text of an answer from the messages and the whole request; an echo by default. It may
            raise an APIError, which is sent. Where tools are offered, `{"call": name, "with": arguments}` calls one.
        requests: the calls for a completion so far, in order of arrival; `all_requests` has the other paths too.
        longest_s: a call that takes longer is cut, so that a client without a deadline fails its test and does not
            hang it.
        max_concurrency: the most calls ever in progress at once.
        errors: what broke in the server or in `answer`; the first is raised when the context ends.
    """

    def __init__(
        self,
        *,
        mood: Mood | None = None,
        answer: Answer = echo,
        api_key: str | None = KEY,
        models: tuple[str, ...] = (MODEL,),
    ) -> None:
        """Make a server; `api_key` None lets everyone in, as local servers do, and no `models` means any model."""
        self.answer = answer
        self.api_key = api_key
        self.models = models
        self.all_requests: list[Call] = []
        self.longest_s = 20.0
        self.max_concurrency = 0
        self.errors: list[BaseException] = []
        self._lock = threading.RLock()
        self._mood = mood or Mood()
        self._calls_in_mood = 0
        self._queue: deque[str | Mood] = deque()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._running = 0
        self._numbers = count(1)

    def __enter__(self) -> LLMServer:
        """Start."""
        self._closing, self._wake = socket.socketpair()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), name="llm-server", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Stop, and raise what broke in the server unless the body has raised already."""
        self.close()
        if kind is None and self.errors:
            raise self.errors[0]

    def close(self) -> None:
        """Stop at once: every connection is dropped, every thread joined, and new connections are refused."""
        if not self._thread.is_alive():
            return
        self._wake.close()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        for thread in self.drop_connections():
            thread.join(timeout=2)
        self._closing.close()

    def drop_connections(self) -> list[threading.Thread]:
        """Drop every open connection, as a server that dies does; new ones are still welcome."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            return list(self._open.values())

    @property
    def port(self) -> int:
        """The port."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The base URL, as clients want it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def model(self) -> str:
        """The name of the first model."""
        return self.models[0] if self.models else MODEL

    @property
    def mood(self) -> Mood:
        """How the server behaves from now on; setting it starts the count of `fail_first_n` again."""
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        with self._lock:
            self._mood, self._calls_in_mood = mood, 0

    @property
    def requests(self) -> list[Call]:
        """The calls for a completion so far, failed ones included."""
        with self._lock:
            return [call for call in self.all_requests if call.path.split("?")[0] == "/v1/chat/completions"]

    @property
    def last(self) -> Call:
        """The last call for a completion."""
        return self.requests[-1]

    def queue(self, *answers: str | Json | Mood) -> None:
        """Script the next calls, in order; when the script ends, `answer` speaks again.

        A text or a dict (sent as JSON) is an answer. It is spent only when delivered whole: a client that tries again
        after a cut gets it again. A Mood is for one call only, which takes its text, if it needs one, from the next
        entry that is a text.
        """
        with self._lock:
            self._queue.extend(json.dumps(entry) if isinstance(entry, dict) else entry for entry in answers)

    @property
    def queued(self) -> int:
        """How many entries of the script are left."""
        return len(self._queue)

    def reset(self) -> None:
        """Forget everything but the port: for a server shared by several tests."""
        with self._lock:
            self.mood = Mood()
            self.answer = echo
            self._queue.clear()
            self.all_requests.clear()
            self.max_concurrency = self._running

    def wait_idle(self, timeout: float = 2.0) -> None:
        """Wait until no call is in progress, so that outcomes are known."""
        until = time.monotonic() + timeout
        for call in list(self.all_requests):
            if not call.done.wait(max(until - time.monotonic(), 0)):
                raise TimeoutError(f"still in progress: {call.path}")

    # --- for the handlers

    def _mood_of_call(self) -> Mood:
        with self._lock:
            if self._queue and isinstance(queued := self._queue[0], Mood):
                self._queue.popleft()
                return queued
            mood = self._mood
            self._calls_in_mood += 1
            if not mood.fail_first_n:
                return mood
            return mood.failing() if self._calls_in_mood <= mood.fail_first_n else mood.recovered()

    def _next_answer(self, call: Call) -> str:
        with self._lock:
            text = next((entry for entry in self._queue if isinstance(entry, str)), None)
            if text is not None:
                self._queue.remove(text)  # the first that is equal, which is the one found
                call.taken = text
                return text
        try:
            return self.answer(call.messages, call.body)
        except OSError as error:  # not to be taken for the client's leaving
            raise RuntimeError("the test's own answer failed") from error

    @contextlib.contextmanager
    def _delivering(self, call: Call) -> Iterator[None]:
        """Put a scripted answer back if it does not arrive."""
        try:
            yield
        except (_Cut, _Gone, OSError):
            if call.taken is not None:
                with self._lock:
                    self._queue.appendleft(call.taken)
                call.taken = None
            raise

    @contextlib.contextmanager
    def _counted(self, call: Call) -> Iterator[None]:
        with self._lock:
            self.all_requests.append(call)
            self._running += 1
            self.max_concurrency = max(self.max_concurrency, self._running)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
            call.done.set()

    def _connected(self, connection: socket.socket) -> None:
        with self._lock:
            self._open[connection] = threading.current_thread()

    def _disconnected(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.pop(connection, None)

    def _failed(self) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.errors.append(error)
