"""The authored library: behaviours, principles, aspects and scenarios, validated as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coach.content.lint import lint
from coach.content.places import Places, digest
from coach.content.yaml_forms import read_yaml
from coach.domain import ASPECTS, CODES, PRINCIPLES, Aspect, Behaviour, Code, Principle, PrincipleId, Scenario
from coach.errors import ContentError, InputError, Problem


@dataclass(frozen=True)
class Library:
    """Everything trainers wrote, by id."""

    behaviours: Mapping[Code, Behaviour]
    principles: Mapping[PrincipleId, Principle]
    aspects: tuple[Aspect, ...]
    scenarios: Mapping[str, Scenario]
    hash: str

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
    behaviours = {b.code: b for b in (read_yaml(p, Behaviour) for p in places.files("knowledge/behaviours", "*.yaml"))}
    principles = {p.id: p for p in read_yaml(places.file("knowledge/principles.yaml"), tuple[Principle, ...])}
    aspects = read_yaml(places.file("knowledge/aspects.yaml"), tuple[Aspect, ...])
    _complete(places.file("knowledge/behaviours"), "behaviour", CODES, behaviours)
    _complete(places.file("knowledge/principles.yaml"), "principle", PRINCIPLES, principles)
    _complete(places.file("knowledge/aspects.yaml"), "aspect", ASPECTS, {aspect.id for aspect in aspects})
    scenario_files = places.files("knowledge/scenarios", "*.yaml")
    authored = [
        *places.files("knowledge/behaviours", "*.yaml"),
        places.file("knowledge/principles.yaml"),
        places.file("knowledge/aspects.yaml"),
        *scenario_files,
    ]
    return Library(behaviours, principles, aspects, load_scenarios(scenario_files), digest(authored))


def load_scenarios(paths: Iterable[Path]) -> dict[str, Scenario]:
    """Read and check scenario files; raises ``ContentError`` with the problems of all of them."""
    problems: list[Problem] = []
    scenarios: dict[str, Scenario] = {}
    for path in paths:
        try:
            scenario = read_yaml(path, Scenario)
        except ContentError as error:
            problems += error.problems
            continue
        problems += lint(scenario, path)
        if scenario.id in scenarios:
            problems.append(Problem(path, 1, "id", f"another file already holds the scenario {scenario.id!r}"))
        scenarios[scenario.id] = scenario
    if problems:
        raise ContentError(problems)
    return scenarios


def _complete(path: Path, noun: str, ids: Iterable[str], found: Iterable[str]) -> None:
    missing = sorted(set(ids) - set(found))
    if missing:
        raise ContentError([Problem(path, 1, "", f"the {noun} {name} is not described; add it") for name in missing])
