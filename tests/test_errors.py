"""Every error a person may see is a CoachError with a message that stands alone."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from coach import errors
from coach.errors import CoachError, ContentError, Problem

WHERE = Path("knowledge/behaviours/ask.yaml")
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


def test_a_problem_is_a_link_an_editor_opens() -> None:
    assert str(Problem(WHERE, 3, "code", "is missing")) == "knowledge/behaviours/ask.yaml:3: code: is missing"
    assert str(Problem(WHERE, 1, "", "the file is empty")) == "knowledge/behaviours/ask.yaml:1: the file is empty"


def test_a_content_error_says_every_problem_in_a_line_of_its_own() -> None:
    problems = [Problem(WHERE, 3, "code", "is missing"), Problem(WHERE, 9, "name", "is empty")]
    error = ContentError(problems)
    assert error.problems == tuple(problems)
    assert str(error).splitlines() == [str(problem) for problem in problems]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_caught_as_a_coach_error(kind: type[Exception]) -> None:
    assert issubclass(kind, CoachError)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not CoachError])
def test_the_module_shows_every_error_in_its_tree(kind: type[Exception]) -> None:
    assert f"── {kind.__name__} " in (errors.__doc__ or "")
