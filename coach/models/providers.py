"""Open a model by its name; the one place that knows LangChain's classes."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from coach.errors import ModelError
from coach.models.chat import GIVEN_UP, ChatModel
from coach.models.names import ModelName

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel

DEFAULT_BASE = "https://api.openai.com/v1"
# Any one of them, left over in an environment, would send conversations to a tracing service.
TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")


def open_model(name: ModelName, concurrency: int) -> ChatModel:
    """Make the client of a model; nothing is sent yet.

    Raises:
        ModelError: if the provider is unknown, its package or its key is missing.
    """
    for variable in TRACING:
        os.environ[variable] = "false"
    if name.provider == "openai":
        return ChatModel(name, _openai(name), concurrency, own_options=True)
    return ChatModel(name, _other(name), concurrency, own_options=False)


def destination(name: ModelName) -> str:
    """Where words go with this model, for people."""
    if name.offline:
        return "nowhere: everything runs on this machine"
    if name.provider == "openai":
        return f"to {base_url()}"
    return f"to the servers of {name.provider}"


def base_url() -> str:
    """The OpenAI-compatible endpoint in use."""
    return os.environ.get("OPENAI_BASE_URL") or DEFAULT_BASE


def _openai(name: ModelName) -> BaseChatModel:
    key = os.environ.get("OPENAI_API_KEY", "")
    if not key and base_url() == DEFAULT_BASE:
        raise ModelError("OPENAI_API_KEY is not set; set it, or set OPENAI_BASE_URL to a server of your own.", "key")
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    # Its advice when a server knows no schemas is for programmers; ours then asks in a plainer way.
    warnings.filterwarnings("ignore", message="This model does not support OpenAI's structured output")

    return ChatOpenAI(
        model=name.model,
        http_client=_http(),
        api_key=SecretStr(key or "none"),
        base_url=base_url(),
        max_retries=0,  # ours know the deadline
        stream_usage=True,
        use_responses_api=False,
    )


@lru_cache(maxsize=1)
def _http() -> httpx2.Client:
    """One HTTP client for all models, whose replies end when nobody waits for them any more."""
    import httpx2
    import openai

    class Watched(httpx2.SyncByteStream):
        """Ends a reply that nobody waits for, also one of keep-alives that the client never shows."""

        def __init__(self, stream: httpx2.SyncByteStream, given_up: threading.Event) -> None:
            self._stream = stream
            self._given_up = given_up

        def __iter__(self) -> Iterator[bytes]:
            for part in self._stream:
                if self._given_up.is_set():
                    raise httpx2.ReadTimeout("given up")
                yield part

        def close(self) -> None:
            self._stream.close()

    def watch(response: httpx2.Response) -> None:
        given_up = GIVEN_UP.get()
        if given_up and isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = Watched(response.stream, given_up)

    return openai.DefaultHttpxClient(event_hooks={"response": [watch]})


def _other(name: ModelName) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name.model, model_provider=name.provider)
    except ImportError as error:
        package = str(getattr(error, "name", "") or f"langchain-{name.provider}").replace("_", "-")
        raise ModelError(f"The provider {name.provider!r} needs a package: pip install {package}.") from None
    except ValueError as error:
        reason = str(error).splitlines()[0][:160]
        raise ModelError(f"The model {name} cannot be opened: {reason}") from None
