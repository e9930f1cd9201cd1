"""Results of runs as JUnit XML, which every CI system shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from coach.errors import InputError

_CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """One run: the suite it belongs to, its name, what failed, what was told besides, and how long it took."""

    suite: str
    name: str
    failures: Sequence[str]
    notes: Sequence[str] = ()
    seconds: float = 0.0


def write_junit(cases: Iterable[Case], path: Path) -> None:
    """Write a suite for each scenario, a test case for each run.

    Raises:
        InputError: if the file cannot be written.
    """
    report = JUnitXml("coach run")
    for name, group in groupby(sorted(cases, key=lambda case: case.suite), key=lambda case: case.suite):
        suite = TestSuite(_text(name))
        suite.add_testcases([_case(case) for case in group])
        report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call]
    try:
        report.write(str(path), pretty=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); give --junit another file.") from None


def _case(case: Case) -> TestCase:
    made = TestCase(_text(case.name), classname=_text(case.suite), time=round(case.seconds, 3))
    made.result = [Failure(_text(failure)) for failure in case.failures]
    if case.notes:
        made.system_out = _text("\n".join(case.notes))
    return made


def _text(words: str) -> str:
    """The words without characters that XML cannot hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words)
