"""The tries of one talk: its branches by their names, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from coach.app import OWNER, App
from coach.debrief import Comparison, compare
from coach.domain import Session, Turn
from coach.reports import render
from coach.reports.replies import ordinal, your_reply

TRIES = ("First", "Second", "Third", "Fourth", "Fifth")


@dataclass(frozen=True)
class Tries:
    """The branches of a talk; by id, what was said in each, and its name: "Second try from your 4th reply"."""

    branches: Sequence[Session]
    paths: Mapping[str, Sequence[Turn]]
    names: Mapping[str, str]


def tries(app: App, branches: Sequence[Session]) -> Tries:
    """Read the branches of a talk from the store."""
    paths = {branch.id: app.store.path(branch) for branch in branches}
    named = {}
    for n, branch in enumerate(branches, 1):
        path, before = paths[branch.id], paths.get(branch.branch_of or "")
        count = TRIES[n - 1] if n <= len(TRIES) else ordinal(n)
        named[branch.id] = f"{count} try{f' from {_parting(before, path)}' if before else ''}"
    return Tries(branches, paths, named)


def _parting(before: Sequence[Turn], path: Sequence[Turn]) -> str:
    """The manager's reply at which a branch left the one it was rewound from."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0].id == pair[1].id, zip(before, path, strict=False)))
    return your_reply(before, next((turn.i for turn in before[shared:] if turn.speaker == "manager"), before[-1].i))


def talked(branches: Sequence[Session]) -> str:
    """What a talk is called beside its tries: by its day."""
    here = min(branch.started_at for branch in branches).astimezone()
    return f"the talk of {here.day} {here:%B}"


def compared(app: App, one: str, other: str) -> Comparison:
    """Two branches of a talk side by side, the older first.

    Raises:
        InputError: if they cannot be compared.
    """
    first, second = app.practice.pair(OWNER, one, other)
    return compare(app.debriefed(first), app.debriefed(second))


def comparison(app: App, one: str, other: str, tried: Tries | None = None) -> str:
    """Two branches of a talk side by side, to read; see ``compared``. ``tried``, if it is read already."""
    found = compared(app, one, other)
    tried = tried or tries(app, app.practice.branches(app.practice.resume(OWNER, one)))
    both = (found.one.id, found.other.id)
    return render(
        "compare.html", compared=found, talk=talked(tried.branches), names=[tried.names[id] for id in both],
        turns=[tried.paths[id] for id in both], library=app.library,
    )  # fmt: skip
