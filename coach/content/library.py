"""The authored library: behaviours, principles, aspects and scenarios, validated as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from coach.content.lint import lint, plainly
from coach.content.places import Places, digest
from coach.content.yaml_forms import line_of, read_yaml
from coach.domain import ASPECTS, CODES, PRINCIPLES, Acts, Aspect, Behaviour, Code, Principle, PrincipleId, Scenario
from coach.errors import ContentError, InputError, Problem

T = TypeVar("T")


@dataclass(frozen=True)
class Library:
    """Everything trainers wrote, by id."""

    behaviours: Mapping[Code, Behaviour]
    principles: Mapping[PrincipleId, Principle]
    aspects: tuple[Aspect, ...]
    scenarios: Mapping[str, Scenario]
    hash: str
    acts: Mapping[Code | PrincipleId, str]
    """What managers read in the place of the names of behaviours and principles; nothing is judged by it."""

    def scenario(self, scenario_id: str) -> Scenario:
        """Return a scenario; raises ``InputError`` naming the known ones if there is none."""
        if scenario_id not in self.scenarios:
            known = ", ".join(sorted(self.scenarios))
            raise InputError(f"There is no scenario {scenario_id[:60]!r}; the scenarios are: {known}.")
        return self.scenarios[scenario_id]


def load_library(places: Places) -> Library:
    """Read and check all authored content.

    Raises:
        ContentError: with every problem of every file.
    """
    problems: list[Problem] = []
    behaviour_files = places.files("knowledge/behaviours", "*.y*ml")
    behaviours: dict[Code, Behaviour] = {}
    for path in behaviour_files:
        behaviour = _read(path, Behaviour, problems)
        if behaviour and behaviour.code in behaviours:
            line = line_of(path, ("code",))
            problems.append(Problem(path, line, "code", f"another file already describes {behaviour.code}"))
        if behaviour:
            behaviours[behaviour.code] = behaviour
    principles_file, aspects_file = places.file("knowledge/principles.yaml"), places.file("knowledge/aspects.yaml")
    listed = _read(principles_file, tuple[Principle, ...], problems) or ()
    aspects = _read(aspects_file, tuple[Aspect, ...], problems) or ()
    problems += _unique(principles_file, [p.id for p in listed]) + _unique(aspects_file, [a.id for a in aspects])
    for i, principle in enumerate(listed):
        if missing := sorted({1, 2, 3, 4, 5} - set(principle.levels)):
            line = line_of(principles_file, (i, "levels"))
            problems.append(Problem(principles_file, line, f"[{i}].levels", f"has no level {missing[0]}; add it"))
    principles = {p.id: p for p in listed}
    acts_file = places.file("knowledge/acts.yaml")
    acts = _read(acts_file, Acts, problems) or Acts(behaviours={}, principles={})
    if not problems:
        problems += _missing(places.file("knowledge/behaviours"), "behaviour", CODES, behaviours)
        problems += _missing(principles_file, "principle", PRINCIPLES, principles)
        problems += _missing(acts_file, "act of", [*CODES, *PRINCIPLES], [*acts.behaviours, *acts.principles])
        problems += _missing(aspects_file, "aspect", ASPECTS, {aspect.id for aspect in aspects})
    scenario_files = places.files("knowledge/scenarios", "*.y*ml")
    authored = [
        *places.files("knowledge/behaviours", "*.y*ml"),
        places.file("knowledge/principles.yaml"),
        places.file("knowledge/aspects.yaml"),
        *scenario_files,
    ]
    try:
        scenarios = load_scenarios(scenario_files)
    except ContentError as error:
        problems += error.problems
    if problems:
        raise ContentError(problems)
    return Library(
        behaviours,
        principles,
        aspects,
        scenarios,
        digest(authored),
        dict(chain(acts.behaviours.items(), acts.principles.items())),
    )


def load_scenarios(paths: Iterable[Path]) -> dict[str, Scenario]:
    """Read and check scenario files; raises ``ContentError`` with the problems of all of them."""
    problems: list[Problem] = []
    scenarios: dict[str, Scenario] = {}
    for path in paths:
        try:
            scenario = read_yaml(path, Scenario)
        except ContentError as error:
            problems += map(plainly, error.problems)
            continue
        problems += lint(scenario, path)
        if scenario.id in scenarios:
            line = line_of(path, ("id",))
            problems.append(Problem(path, line, "id", f"another file already holds the scenario {scenario.id!r}"))
        scenarios[scenario.id] = scenario
    if problems:
        raise ContentError(problems)
    return scenarios


def _read(path: Path, form: type[T], problems: list[Problem]) -> T | None:
    try:
        return read_yaml(path, form)
    except ContentError as error:
        problems += error.problems
        return None


def _unique(path: Path, ids: list[str]) -> list[Problem]:
    return [
        Problem(path, line_of(path, (i, "id")), f"[{i}].id", f"{one!r} is described twice; keep one")
        for i, one in enumerate(ids)
        if one in ids[:i]
    ]


def _missing(path: Path, noun: str, ids: Iterable[str], found: Iterable[str]) -> list[Problem]:
    return [
        Problem(path, 1, "", f"the {noun} {name} is not described; add it") for name in sorted(set(ids) - set(found))
    ]
