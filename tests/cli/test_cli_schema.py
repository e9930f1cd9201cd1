"""``coach schema``: forms other people's tools can check their files with."""

from __future__ import annotations

import json

import pytest

NAMES = (
    "acts", "answers", "aspects", "behaviour", "choices",
    "critique", "exchange", "label", "principles", "rubric", "scenario", "script", "transcript",
)  # fmt: skip


def test_without_a_name_the_forms_are_listed(coach):
    result = coach("schema")
    assert (result.code, result.err) == (0, "")
    assert set(NAMES) <= set(result.out.split())


@pytest.mark.parametrize("name", NAMES)
def test_every_form_has_a_schema(coach, name):
    result = coach("schema", name)
    schema = json.loads(result.out)
    assert result.code == 0
    assert schema["type"] == ("array" if name in ("aspects", "principles") else "object")


def test_every_listed_form_can_be_printed(coach):
    for name in coach("schema").out.split():
        assert json.loads(coach("schema", name).out)


def test_the_schemas_hold_the_published_fields(coach):
    def fields(name: str) -> set[str]:
        return set(json.loads(coach("schema", name).out)["properties"])

    assert {"id", "turns"} <= fields("transcript")
    assert {"id", "scenario", "manager", "expect"} <= fields("script")
    assert {"id", "codes", "levels", "overall", "lean", "best", "worst"} <= fields("label")
    assert {
        "id", "codes", "levels", "overall", "lean", "best", "worst", "findings", "status", "reason", "model",
    } <= fields("critique")  # fmt: skip


def test_an_unknown_form_is_told_with_the_known_ones(coach):
    result = coach("schema", "sonnet")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("coach: There is no form 'sonnet'; the forms are: ")
    assert all(name in result.err for name in NAMES)
