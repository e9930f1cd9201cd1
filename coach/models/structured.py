"""Answers with a form: json_schema, else json_object, else the prompt alone; one repair each time.

What a server claims to support is not trusted: every answer is validated here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coach.errors import ModelError
from coach.models.chat import ChatModel, Message

Form = TypeVar("Form", bound=BaseModel)
MODES = ("json_schema", "json_object", "prompt")


class Structured:
    """Asks one model for answers of a form, and remembers which way its server understands."""

    def __init__(self, model: ChatModel) -> None:
        """Begin with the strictest way the provider may know."""
        self._model = model
        self.name = model.name
        self._mode = 0 if model.own_options else len(MODES) - 1

    def ask(self, messages: Sequence[Message], form: type[Form], deadline: float) -> Form:
        """An answer that fits the form.

        Raises:
            ModelError: if the call fails, or its answer does not fit even after one repair.
        """
        end = time.monotonic() + deadline
        asked = [*messages]
        text = self._text(asked, form, end)
        try:
            return _read(text, form)
        except ValueError as error:
            asked += [Message("assistant", text[:8000]), Message("user", _repair(error, form))]
        try:
            return _read(self._text(asked, form, end), form)
        except ValueError as error:
            raise ModelError(
                f"The model {self._model.name} gave no usable answer ({_short(error)}).", "answer"
            ) from None

    def _text(self, messages: Sequence[Message], form: type[Form], end: float) -> str:
        while True:
            mode = MODES[self._mode]
            try:
                return self._model.ask(messages, max(0.1, end - time.monotonic()), _options(mode, form))
            except ModelError as error:
                # A server that does not know a way of asking refuses the request; the next way is plainer.
                if error.kind != "request" or mode == MODES[-1]:
                    raise
                self._mode = max(self._mode, MODES.index(mode) + 1)  # others may have found out meanwhile


def _options(mode: str, form: type[BaseModel]) -> dict[str, Any]:
    if mode == "json_schema":
        schema = {"name": form.__name__.lstrip("_"), "schema": schema_of(form)}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {"response_format": {"type": "json_object"}} if mode == "json_object" else {}


@cache
def schema_of(form: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a form."""
    return form.model_json_schema()


def _read(text: str, form: type[Form]) -> Form:
    """Find the JSON object in an answer and validate it; raises ``ValueError`` (also pydantic's)."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("there is no JSON object in it")
    return form.model_validate_json(text[begin : end + 1])  # bounds depth and refuses lone surrogates


def _repair(error: ValueError, form: type[BaseModel]) -> str:
    schema = json.dumps(form.model_json_schema())
    return f"That cannot be used: {_short(error)}. Answer again with one JSON object of this schema only: {schema}"


def _short(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"[:200]
    return str(error).splitlines()[0][:200]
