"""The roster: a table of who leads whom, for recordings that do not say so themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from coach.errors import InputError
from coach.transcripts.files import File
from coach.transcripts.moments import day
from coach.transcripts.tables import rows
from coach.transcripts.titles import leads
from coach.transcripts.words import key

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Part = Literal["manager", "rep"]


def _day(value: object) -> object:
    return (day(value) or value) if isinstance(value, str) and value.strip() else None


class RosterRow(BaseModel):
    """One row of a roster, a CSV file whose first row names these columns, in any order; leave out what you lack.

    A row with ``file`` is about that recording. A row without is about people, wherever they speak: ``manager`` with
    the ``team`` they lead, ``rep``, or ``name`` with ``role``. Names count without their case, and a first name is
    enough where only one person on the roster has it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    file: Name = Field("", description="name of the recording's file, with or without its ending, or its id")
    manager: Name = Field("", description="who leads")
    rep: Name = Field("", description="who is led")
    team: Name = Field("", description="the manager's team")
    date: Annotated[dt.date | None, BeforeValidator(_day)] = Field(None, description="day of the talk: 2026-05-14")
    name: Name = Field("", description="a person; with role instead of manager or rep")
    role: Name = Field("", description="manager or rep; any title with manager, lead, head or director leads")


@dataclass(frozen=True)
class Person:
    """Somebody on the roster."""

    name: str
    part: Part
    team: str = ""


class Roster:
    """What a roster says, found by file and by name."""

    def __init__(self, given: Sequence[RosterRow] = ()) -> None:
        """Sort rows into recordings and people."""
        self._talks: Mapping[str, RosterRow] = {row.file.casefold(): row for row in given if row.file}
        self._people = tuple(dict.fromkeys(person for row in given for person in _people(row)))
        self._find = cache(self._search)

    def talk(self, name: str, id: str) -> RosterRow | None:
        """Return the row about a recording: by its id, its path, its file's name or that without the ending."""
        path = Path(name)
        known = (id, name, path.name, path.stem)
        return next((self._talks[one.casefold()] for one in known if one.casefold() in self._talks), None)

    def person(self, name: str) -> Person | None:
        """Return who a speaker is, if the roster leaves no doubt about it."""
        return self._find(key(name))

    def _search(self, who: str) -> Person | None:
        exact = [person for person in self._people if key(person.name) == who]
        found = exact or [person for person in self._people if alike(person.name, who)]
        if len({key(person.name) for person in found}) != 1 or len({person.part for person in found}) != 1:
            return None
        teams = {person.team for person in found if person.team}
        return Person(found[0].name, found[0].part, teams.pop() if len(teams) == 1 else "")


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same, or one holds all words of the other."""
    first, second = (frozenset(key(name).replace(",", " ").split()) for name in (one, other))
    return bool(first and second) and (first <= second or second <= first)


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Raises:
        InputError: if the file cannot be read, has none of the columns or a row that makes no sense.
    """
    try:
        text = File(path, path.name).text()
    except OSError as error:
        raise InputError(f"The roster {path} cannot be read ({error.strerror}); check the path.") from None
    given: list[RosterRow] = []
    columns = frozenset(RosterRow.model_fields)
    for number, row in rows(text, path.name, lambda names: bool(columns & set(names))):
        try:
            made = RosterRow.model_validate(row)
        except ValidationError as error:
            details = error.errors()[0]
            raise InputError(f"{path.name}:{number}: {details['loc'][0]}: {details['msg']}; mend the row.") from None
        if made.file and any(made.file.casefold() == other.file.casefold() for other in given):
            raise InputError(f"{path.name}:{number}: file: {made.file!r} stands there twice; keep one row.")
        given.append(made)
    if not given:
        raise InputError(f"The roster {path} says nothing; its columns are {', '.join(RosterRow.model_fields)}.")
    return Roster(given)


def _people(row: RosterRow) -> list[Person]:
    found = []
    if row.manager:
        found.append(Person(row.manager, "manager", row.team))
    if row.rep:
        found.append(Person(row.rep, "rep", row.team))
    if row.name and row.role:
        found.append(Person(row.name, "manager" if leads(row.role) else "rep", row.team))
    return found
