"""What calls cost: counted where they are made, read by whoever opened a meter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from coach.domain import Usage


@dataclass
class Meter:
    """Calls and tokens since the meter was opened."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


def usage_of(meter: Meter) -> Usage:
    """What a meter counted, as a value to keep."""
    return Usage(calls=meter.calls, input_tokens=meter.input_tokens, output_tokens=meter.output_tokens)


_METERS: ContextVar[tuple[Meter, ...]] = ContextVar("meters", default=())


@contextmanager
def metering() -> Iterator[Meter]:
    """Count every call made inside, in this thread of work; meters may be nested."""
    meter = Meter()
    token = _METERS.set((*_METERS.get(), meter))
    try:
        yield meter
    finally:
        _METERS.reset(token)


def count(input_tokens: int, output_tokens: int, calls: int = 1) -> None:
    """Add calls and tokens to every open meter."""
    for meter in _METERS.get():
        meter.calls += calls
        meter.input_tokens += input_tokens
        meter.output_tokens += output_tokens


def approximate_tokens(texts: Sequence[str]) -> int:
    """Tokens of one request with these messages, about: LangChain's estimate, which needs no model's tokenizer."""
    from langchain_core.messages import HumanMessage
    from langchain_core.messages.utils import count_tokens_approximately

    return count_tokens_approximately([HumanMessage(text) for text in texts])
