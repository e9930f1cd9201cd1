"""Scenarios of one's own: kept as YAML that a person can read and change, never over another file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import yaml

from coach.content.library import load_scenarios
from coach.content.places import SCENARIOS
from coach.domain import Scenario
from coach.errors import ContentError, InputError

PRIVATE = 0o600


def written(scenario: Scenario, notes: Iterable[str]) -> str:
    """The scenario as YAML; the notes stand at the top, as comments."""
    top = "".join(f"# {' '.join(note.split())}\n" for note in notes)
    data = scenario.model_dump(mode="json", exclude_defaults=True)
    return top + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


def keep(scenario: Scenario, notes: Iterable[str], path: Path) -> None:
    """Write a scenario to a new file that only its owner reads, and check what stands there.

    Raises:
        InputError: if the file exists or cannot be written.
        ContentError: if the scenario is not sound; no file is left.
    """
    text = written(scenario, notes)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        raise InputError(
            f"{path} exists already and is not overwritten; move it away or choose another name."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        load_scenarios([path])
    except (ContentError, OSError):
        path.unlink(missing_ok=True)
        raise


def own_files(folder: Path) -> dict[str, Path]:
    """Files of one's own scenarios by their names, also those that cannot be read."""
    return {path.stem: path for path in sorted((folder / SCENARIOS).glob("*.y*ml"))}


def remove(folder: Path, name: str) -> Path:
    """Remove a scenario of one's own.

    Raises:
        InputError: if there is none of this name.
    """
    files = own_files(folder)
    if name not in files:
        own = f"yours are: {', '.join(files)}" if files else "you have none"
        raise InputError(f"There is no scenario {name[:60]!r} of your own; {own}.")
    files[name].unlink()
    return files[name]
