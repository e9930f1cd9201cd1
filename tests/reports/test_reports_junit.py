"""JUnit XML: a suite for each scenario, a failure for each expectation that does not hold."""

from __future__ import annotations

from xml.etree import ElementTree  # our own file

import pytest

from coach.errors import InputError
from coach.reports import Case, write_junit

CASES = [
    Case("b", "coach (easy)", ["trust is 3 & falling <now>", "and\x00more"], ["a level"], 1.23456),
    Case("a", "coach (easy)", []),
    Case("b", "silent (easy)", []),
]


def test_suites_cases_and_failures_are_counted(tmp_path):
    path = tmp_path / "results.xml"
    write_junit(CASES, path)
    root = ElementTree.parse(path).getroot()  # noqa: S314
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "3", "2")
    assert [suite.get("name") for suite in root] == ["a", "b"]
    first, second = root[1]
    assert (first.get("name"), first.get("classname"), first.get("time")) == ("coach (easy)", "b", "1.235")
    assert [failure.get("message") for failure in first.iter("failure")] == [
        "trust is 3 & falling <now>", "and\N{REPLACEMENT CHARACTER}more",
    ]  # fmt: skip
    assert first.findtext("system-out") == "a level"
    assert list(second) == []


def test_no_case_is_a_report_too(tmp_path):
    write_junit([], tmp_path / "results.xml")
    assert ElementTree.parse(tmp_path / "results.xml").getroot().get("tests") == "0"  # noqa: S314


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_junit(CASES, tmp_path)
