"""The content that ships, read once in a process, and what many tests say to its reps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

from coach.app import App
from coach.content import Library, load_library
from coach.content.places import Places
from coach.domain import Scenario

KIND = "You have gone quiet lately and I am worried about you. How are you really doing?"
HARSH = "I do not care how you feel. Make the calls or you are out, and copy me on every email."
HERE = Places.of(None).roots[0]
Product = Callable[..., AbstractContextManager[App]]


@cache
def library() -> Library:
    return load_library(Places.of(None))


def scenario(name: str = "burnout") -> Scenario:
    return library().scenarios[name]


def burnout() -> Scenario:
    return scenario()


def once(read: Callable[..., Any]) -> Callable[..., Any]:
    """The same reader, which reads a file that ships only once; what it makes of it is never changed."""
    kept = cache(read)

    def reader(path: Path, *form: object) -> Any:  # noqa: ANN401
        return (kept if path.is_relative_to(HERE) else read)(path, *form)

    return reader
