"""Results as JUnit XML, which every CI system shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from coach.reports.files import whole

_CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """One run or recording: its suite and name, what failed, what was told besides, how long it took.

    An error is not a failure: nothing could be said of the case at all.
    """

    suite: str
    name: str
    failures: Sequence[str]
    notes: Sequence[str] = ()
    seconds: float = 0.0
    errors: Sequence[str] = ()


def write_junit(cases: Iterable[Case], path: Path, title: str = "coach run") -> None:
    """Write a suite for each name of a suite, with a test case for each case.

    Raises:
        InputError: if the file cannot be written.
    """
    report = JUnitXml(title)
    for name, group in groupby(sorted(cases, key=lambda case: case.suite), key=lambda case: case.suite):
        suite = TestSuite(_text(name))
        suite.add_testcases([_case(case) for case in group])
        report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call]
    with whole(path) as part:
        report.write(str(part), pretty=True)


def _case(case: Case) -> TestCase:
    made = TestCase(_text(case.name), classname=_text(case.suite), time=round(case.seconds, 3))
    failures = [Failure(_text(failure)) for failure in case.failures]
    made.result = [*failures, *(Error(_text(error)) for error in case.errors)]
    if case.notes:
        made.system_out = _text("\n".join(case.notes))
    return made


def _text(words: str) -> str:
    """The words without characters that XML cannot hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words)
