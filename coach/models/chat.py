"""One chat model behind one small surface: deadlines, retries, bounded concurrency, clear errors.

A call always has an overall deadline; the client's own time-outs only count between chunks.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from coach.errors import ModelError
from coach.models.failures import explain, retry_after
from coach.models.names import ModelName
from coach.models.usage import count

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages.ai import UsageMetadata

ATTEMPTS = 3
PAUSE_S = 0.2  # before the second attempt twice this, before the third four times, unless the server names its own
MAX_ANSWER = 40_000  # characters; a longer answer is cut off, nobody asked for it
_END = object()
GIVEN_UP: ContextVar[threading.Event | None] = ContextVar("given_up", default=None)
"""Set once nobody waits for the call of this thread any more: the connection may be closed."""


@dataclass(frozen=True)
class Message:
    """One message to a model."""

    role: Literal["system", "user", "assistant"]
    text: str


class ChatModel:
    """Calls one model; safe to share between threads."""

    def __init__(self, name: ModelName, client: BaseChatModel, concurrency: int, own_options: bool) -> None:
        """Use ``open_model`` instead."""
        self.name = name
        self.own_options = own_options  # whether the server takes OpenAI's request fields
        self._client = client
        self._free = threading.BoundedSemaphore(concurrency)

    def ask(self, messages: Sequence[Message], deadline: float, options: dict[str, Any] | None = None) -> str:
        """The whole answer, taken in one piece: a tenth of the computing that a stream costs; see ``stream``."""
        return "".join(self._called(messages, deadline, options or {}, whole=True))[:MAX_ANSWER]

    def stream(
        self, messages: Sequence[Message], deadline: float, options: dict[str, Any] | None = None
    ) -> Iterator[str]:
        """Yield the answer as it comes.

        Args:
            messages: the conversation with the model.
            deadline: seconds for everything, the wait for a free place and retries included.
            options: further fields of the request, for OpenAI-compatible servers.

        Raises:
            ModelError: if the call fails or is not over in time; text yielded before stays valid.
        """
        return self._called(messages, deadline, options or {}, whole=False)

    def _called(
        self, messages: Sequence[Message], deadline: float, options: dict[str, Any], whole: bool
    ) -> Iterator[str]:
        end = time.monotonic() + deadline
        with self.lent(deadline):
            yield from self._retried(lambda: self._chunks(messages, end, deadline, options, whole), end)

    @contextmanager
    def lent(self, deadline: float) -> Iterator[BaseChatModel]:
        """The client itself, for who needs more of it than text, as one of the calls under way.

        Raises:
            ModelError: if no place gets free within so many seconds.
        """
        if not self._free.acquire(timeout=deadline):
            raise late(self.name, deadline)
        try:
            yield self._client
        finally:
            self._free.release()

    def _retried(self, call: Callable[[], Iterator[str]], end: float) -> Iterator[str]:
        """Retry until the first text arrives; never after, as shown words cannot be taken back."""

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            return retry_after(error) or PAUSE_S * 2**state.attempt_number

        def stop(state: RetryCallState) -> bool:
            return stop_after_attempt(ATTEMPTS)(state) or time.monotonic() + wait(state) >= end

        def first() -> tuple[str, Iterator[str]]:
            chunks = call()
            return next(chunks, ""), chunks

        again = retry_if_exception(
            lambda error: isinstance(error, ModelError) and error.kind in ("rate", "server", "unreachable")
        )
        text, rest = Retrying(retry=again, wait=wait, stop=stop, reraise=True)(first)
        length = 0
        while text:
            length += len(text)
            yield text
            if length > MAX_ANSWER:
                return
            text = next(rest, "")

    def _chunks(
        self, messages: Sequence[Message], end: float, deadline: float, options: dict[str, Any], whole: bool
    ) -> Iterator[str]:
        """Read the stream in a thread of its own, so that waiting for it can be given up."""
        arrived: queue.Queue[Any] = queue.Queue()
        given_up = threading.Event()

        def read() -> None:
            from langchain_core.messages.ai import add_usage

            GIVEN_UP.set(given_up)
            used: UsageMetadata | None = None
            try:
                sent = [(message.role, message.text) for message in messages]
                own = self._options(options, end)
                for chunk in [self._client.invoke(sent, **own)] if whole else self._client.stream(sent, **own):
                    used = add_usage(used, chunk.usage_metadata) if chunk.usage_metadata else used
                    arrived.put(chunk.text)
                    if given_up.is_set():
                        break
                count(used["input_tokens"] if used else 0, used["output_tokens"] if used else 0, calls=0)
                arrived.put(_END)
            except Exception as error:  # noqa: BLE001 - the border to any vendor; told to the user as ModelError
                arrived.put(explain(error, self.name))

        count(0, 0)  # a call that fails is a call too
        threading.Thread(target=copy_context().run, args=(read,), daemon=True).start()
        try:
            while True:
                try:
                    item = arrived.get(timeout=max(0.0, end - time.monotonic()))
                except queue.Empty:
                    raise late(self.name, deadline) from None
                if item is _END:
                    return
                if isinstance(item, ModelError):
                    raise item
                if item:
                    yield item
        finally:
            given_up.set()

    def _options(self, options: dict[str, Any], end: float) -> dict[str, Any]:
        if not self.own_options:
            return {}
        left = max(0.1, end - time.monotonic())
        return {"timeout": left, **({"extra_body": options} if options else {})}


def late(name: ModelName, deadline: float) -> ModelError:
    """The error for an answer that came too late."""
    return ModelError(f"The model {name} did not answer within {deadline:g} seconds.", "deadline")
