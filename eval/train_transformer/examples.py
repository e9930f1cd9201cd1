"""What the transformer learns from, read from the project's files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from coach.coding.train import manager_turns, read_lines
from coach.domain import Code, Scenario
from coach.rep.judge import Names
from coach.rep.sentences import sentences

FOLDER = Path(__file__).parents[1]
WRITERS = frozenset({"p", "nf"})
"""Whose conversations are kept out, to calibrate on."""
SCENARIO = "robbed-of-credit"
"""Kept from what likens, its questions and its secrets, to measure the matching on; its voice is learned."""
VOICES = frozenset({
    "assistant", "coach", "gives_in", "meta", "other_person", "role_flip", "speaks_for_manager", "stage_direction"
})  # fmt: skip
"""Faults of a draft that its voice gives away."""
LEAKS = frozenset({"leak", "allusion", "leak_paraphrase"})
"""Faults of what is told, in the rep's own voice."""
DRAFT, SENTENCE, OPENING, LINE, TALK, BOSS = 1.0, 0.7, 0.5, 0.5, 0.7, 0.4  # weights of what the voice is learned from
LINES, TURNS = 800, 900  # authored lines and turns of talks that are drawn
LONG = 8  # words from which on a manager's turn sounds like a boss


@dataclass(frozen=True)
class Coded:
    """A manager's turn, the rep's words before it, its codes and, in a whole conversation, who wrote it (else "")."""

    before: str
    said: str
    codes: tuple[Code, ...]
    writer: str


@dataclass(frozen=True)
class Voiced:
    """Words after the manager's, whether they are out of the rep's voice, and how much they count."""

    before: str
    told: str
    strange: bool
    weight: float


@dataclass(frozen=True)
class Asked:
    """Questions that ask the same, and the lines that answer each of them."""

    asks: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A draft, the manager's words before it or "", and the place of the secret that it tells, if it tells one."""

    before: str
    draft: str
    secret: int | None


@dataclass(frozen=True)
class Guarded:
    """The tellings of each secret of a scenario, lines that tell none, and drafts that do or do not."""

    secrets: tuple[tuple[str, ...], ...]
    harmless: tuple[str, ...]
    drafts: tuple[Told, ...]


def coded() -> list[Coded]:
    """Every coded turn; those of whole conversations in the order of ``coach.coding.train``."""
    found = [
        Coded(row["rep"], row["manager"], tuple(row["codes"]), "")
        for source in ("train", "contrast", "plain")
        for row in read_lines(source)
    ]
    for talk in (talk for source in ("conversations", "natural") for talk in read_lines(source)):
        writer = talk["id"].split("-")[0]
        found += [Coded(*pair, tuple(codes), writer) for pair, codes in manager_turns(talk)]
    return found


def voiced(library: Mapping[str, Scenario]) -> list[Voiced]:
    """Drafts good and bad, authored lines, and turns of talks, whose managers stand for a rep who talks like a boss."""
    found = [
        one
        for row in _drafts()
        if row["bad"] is None or row["bad"] in VOICES | LEAKS
        for one in heard(row, Names(library[row["scenario"]].persona.name))
    ]
    random = Random(0)  # noqa: S311
    lines = [
        Names(scenario.persona.name).masked(line)
        for scenario in library.values()
        for key, line in scenario.all_lines()
        if not key.startswith("particulars.")  # those are learned beside their questions, or kept out with them
    ]
    found += [Voiced("", line, False, LINE) for line in random.sample(lines, LINES)]
    talks = [[{"text": ""}, *talk["turns"]] for talk in read_lines("conversations")]
    turns = [(before["text"], turn) for talk in talks for before, turn in zip(talk, talk[1:], strict=False)]
    for before, turn in random.sample(turns, TURNS):
        if turn["speaker"] == "rep":
            found.append(Voiced(before, turn["text"], False, TALK))
        elif len(turn["text"].split()) >= LONG:
            found.append(Voiced(before, turn["text"], True, BOSS))
    return found


def heard(row: Mapping[str, Any], names: Names) -> Iterator[Voiced]:
    """A draft as a whole, and those of its sentences whose voice is known.

    Args:
        row: the draft, its fault ``bad`` or None, the words of the ``manager`` before it and, for some faults of voice,
            the place ``at`` of the first sentence at fault; what follows that one may be either.
        names: the rep's.
    """
    manager, strange = row["manager"], row["bad"] in VOICES
    yield Voiced(manager, names.masked(row["draft"]), strange, DRAFT)
    parts = [names.masked(part) for part in sentences(row["draft"])]
    if len(parts) < 2:
        return
    if not strange:
        yield Voiced(manager, parts[0], False, OPENING)
    elif row.get("at") is not None:
        at = int(row["at"])
        yield from (Voiced(manager, part, i == at, SENTENCE) for i, part in enumerate(parts[: at + 1]))


def asked(library: Mapping[str, Scenario]) -> dict[str, list[Asked]]:
    """Questions of each scenario, without the one kept out: those for a small answer, and labelled ones of managers."""
    return {name: list(_asked(scenario)) for name, scenario in library.items() if name != SCENARIO}


def _asked(scenario: Scenario) -> Iterator[Asked]:
    others: dict[int, list[str]] = defaultdict(list)
    for row in _read(f"fidelity/particulars/{scenario.id}"):
        others[row["is"]].append(row["q"])
    for i, one in enumerate(scenario.particulars):
        yield Asked((*one.asks, *others[i]), one.says)
    lines = dict(scenario.all_lines())
    for row in _read(f"fidelity/answers/{scenario.id}"):
        if says := tuple(lines[key] for key in row["good"] if key in lines):
            yield Asked((row["q"],), says)


def guarded(library: Mapping[str, Scenario]) -> list[Guarded]:
    """Drafts that tell a secret and drafts without a fault, of each scenario but the one kept out."""
    found = []
    for scenario in library.values():
        if scenario.id == SCENARIO:
            continue
        masked, ids = Names(scenario.persona.name).masked, [fact.id for fact in scenario.facts]
        drafts = tuple(
            Told(row["manager"], masked(row["draft"]), ids.index(row["fact"]) if row["bad"] else None)
            for row in _drafts()
            if row["scenario"] == scenario.id and (row["bad"] is None or row["bad"] in LEAKS)
        )
        secrets = tuple(tuple(map(masked, (fact.text, *fact.lines))) for fact in scenario.facts)
        harmless = tuple(masked(line) for key, line in scenario.all_lines() if scenario.told_by(key) is None)
        found.append(Guarded(secrets, harmless, drafts))
    return found


def _drafts() -> list[dict[str, Any]]:
    """Those that may be learned from."""
    tuned = [{"scenario": "burnout", **row} for row in _read("guard/drafts") if row["half"] == "tune"]
    return [*tuned, *_read("guard/training")]


def _read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]
