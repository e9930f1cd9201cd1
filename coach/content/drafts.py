"""Scenarios while somebody writes them: checked as text, by the rules for files, and put where they are practised."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from coach.content.library import load_scenarios
from coach.content.own import PRIVATE
from coach.content.places import SCENARIOS, Places
from coach.content.yaml_forms import read_yaml
from coach.domain import Scenario
from coach.errors import ContentError, InputError, Taken

MAX_BYTES = 200_000


@dataclass(frozen=True)
class Draft:
    """A scenario that could be read, and the file that it was read from while it is checked."""

    scenario: Scenario
    path: Path


class _Named(BaseModel):
    id: str


@contextmanager
def drafted(text: str) -> Iterator[Draft]:
    """Read text as a scenario; the file that problems name is gone afterwards.

    Raises:
        InputError: if it is too long.
        ContentError: with every problem that keeps it from being practised.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        told = f"This has {len(data):,} bytes; a scenario has at most {MAX_BYTES:,}. Leave some lines out."
        raise InputError(told)
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(data)
        (scenario,) = load_scenarios([path]).values()
        yield Draft(scenario, path)


def scenario_files(places: Places) -> dict[str, Path]:
    """The file of every scenario that is in use, by its id; files that cannot be read are left out."""
    found: dict[str, Path] = {}
    for path in places.files(SCENARIOS, "*.y*ml"):
        name = _id(path, path.stat().st_mtime_ns)
        if name:
            found.setdefault(name, path)
    return found


@lru_cache(maxsize=512)
def _id(path: Path, _changed: int) -> str:
    try:
        return read_yaml(path, _Named).id
    except ContentError:
        return ""


def version(path: Path) -> str:
    """Names what stands in a file now; empty if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


@contextmanager
def saved(text: str, places: Places, own: Path, opened: str = "", anyway: bool = False) -> Iterator[Scenario]:
    """Write a scenario into somebody's own folder; if what follows fails, what stood there comes back.

    Args:
        text: the YAML.
        places: where scenarios are in use.
        own: the folder of one's own content. No file outside of it is changed.
        opened: the version of the file that was opened to be changed; empty for a new one.
        anyway: replace what has the same id, whatever it is.

    Raises:
        ContentError: with every problem; nothing is written.
        Taken: if another scenario has its id, or somebody has changed the file since it was opened.
        InputError: if it is too long or cannot be written.
    """
    with drafted(text) as draft:
        scenario = draft.scenario
    there = scenario_files(places).get(scenario.id)
    path = own / SCENARIOS / (there.name if there else f"{scenario.id}.yaml")
    if not anyway and version(there or path) != opened:
        raise Taken(_taken(scenario.id, there, places))
    with put(text, path):
        yield scenario


def _taken(scenario_id: str, there: Path | None, places: Places) -> str:
    """Why a scenario is not simply saved, and what saving it would do."""
    if there is None:
        return f"A file named {scenario_id}.yaml is there already and holds something else; yours would replace it."
    if there.is_relative_to(places.roots[0]):
        told = "ships with the coach; its file stays as it is, and yours would be practised in its place"
        return f"The scenario {scenario_id!r} {told}."
    return f"The scenario {scenario_id!r} is there already, or was changed since you opened it; yours would replace it."


def discard(scenario_id: str, places: Places, own: Path) -> None:
    """Remove a saved scenario; one that it replaced can be practised again.

    Raises:
        InputError: if there is none of one's own.
    """
    path = scenario_files(places).get(scenario_id)
    if path is None or path.parent != own / SCENARIOS:
        raise InputError(f"There is no scenario {scenario_id[:60]!r} of your own.")
    path.unlink()


@contextmanager
def put(text: str, path: Path) -> Iterator[None]:
    """Write a file whole, readable by its owner alone; what stood there comes back if what follows fails.

    Raises:
        InputError: if it cannot be written.
    """
    before = path.read_bytes() if path.is_file() else None
    _write(text.encode(), path)
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            _write(before, path)
        raise


def _write(data: bytes, path: Path) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file:
            file.write(data)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise InputError(f"{path} cannot be written ({error.strerror}).") from None
