"""The content that ships, read once in a process."""

from __future__ import annotations

from functools import cache

from coach.content import Library, load_library
from coach.content.places import Places
from coach.domain import Scenario


@cache
def library() -> Library:
    return load_library(Places.of(None))


def scenario(name: str = "burnout") -> Scenario:
    return library().scenarios[name]


def burnout() -> Scenario:
    return scenario()
