"""Open a model by its name; the one place that knows LangChain's classes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from coach.errors import ModelError
from coach.models.chat import ChatModel
from coach.models.names import ModelName

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

DEFAULT_BASE = "https://api.openai.com/v1"
CONNECT_S = 10.0


def open_model(name: ModelName, concurrency: int) -> ChatModel:
    """Make the client of a model; nothing is sent yet.

    Raises:
        ModelError: if the provider is unknown, its package or its key is missing.
    """
    os.environ["LANGSMITH_TRACING"] = "false"
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

    return ChatOpenAI(
        model=name.model,
        api_key=SecretStr(key or "none"),
        base_url=base_url(),
        max_retries=0,  # ours know the deadline
        stream_usage=True,
        use_responses_api=False,
    )


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
