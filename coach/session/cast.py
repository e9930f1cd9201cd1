"""Which scripts are played against which scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.content import Library
from coach.domain import Difficulty, Scenario
from coach.errors import InputError
from coach.session.script import Script


@dataclass(frozen=True)
class Play:
    """A script with the scenario it is played against."""

    script: Script
    scenario: Scenario


def cast(
    scripts: Iterable[Script], scenarios: Sequence[str], levels: Sequence[Difficulty], library: Library
) -> list[Play]:
    """Every script against its scenarios at every difficulty, in the order given.

    Args:
        scripts: who plays; one that names a scenario is played against that one only.
        scenarios: ids for scripts that name none.
        levels: difficulties; the script's or the scenario's if none are given.
        library: where the scenarios are.

    Raises:
        InputError: if a scenario is unknown, or a script has none to be played against.
    """
    plays = []
    for script in scripts:
        names = [script.scenario] if script.scenario else scenarios
        if not names:
            raise InputError(
                f"The script {script.id!r} names no scenario; add one to it or choose one (--scenario ID)."
            )
        for name in names:
            played = [script.model_copy(update={"difficulty": level}) for level in levels] or [script]
            plays += [Play(one, library.scenario(name)) for one in played]
    return plays
