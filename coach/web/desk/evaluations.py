"""Recordings that were uploaded to be judged: a folder each in the home, with what came of it."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import BinaryIO

from pydantic import ValidationError

from coach.app import OWNER, App
from coach.domain import About as Talk
from coach.domain import Frozen
from coach.errors import InputError
from coach.evaluation import Journal, Recording, run, threads, write_json, write_lines
from coach.reports import write_reports
from coach.transcripts import read_transcripts
from coach.transcripts.pseudonyms import Pseudonyms
from coach.transcripts.roster import read_roster
from coach.web.desk.work import Work

FOLDER = "evaluations"
LINES = "critiques.jsonl"
ABOUT = "about.json"
RECORDINGS = "recordings"
PEOPLE = "people.csv"  # the roster that was given; roster.csv is the one that a run writes
REPORT = "report.html"
MOST_FILES = 200
MOST_BYTES = 200 * 2**20
_CHUNK = 2**20
_NAME = re.compile(r"[0-9a-f]{16}")

Upload = tuple[str, BinaryIO]  # its name, as a browser gives it, and what is in it


class About(Frozen):
    """What was asked for."""

    owner: str
    made: dt.datetime
    files: tuple[str, ...]
    manager: str
    pseudonyms: bool
    model: bool
    roster: str = ""


@dataclass(frozen=True)
class Evaluated:
    """A folder of recordings, judged or not."""

    folder: Path
    about: About

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return self.folder.name

    @property
    def finished(self) -> bool:
        """Whether the report is there."""
        return (self.folder / REPORT).is_file()


def found(app: App) -> list[Evaluated]:
    """Everything that was uploaded, the newest first."""
    folders = (app.settings.home / FOLDER).glob("*")
    every = [one for one in map(_read, folders) if one is not None]
    return sorted(every, key=lambda one: one.about.made, reverse=True)


def find(app: App, name: str) -> Evaluated:
    """One of them.

    Raises:
        InputError: if it is not there.
    """
    one = _read(app.settings.home / FOLDER / name) if _NAME.fullmatch(name) else None
    if one is None:
        raise InputError("These recordings are not here any more.")
    return one


def keep(
    app: App, files: Sequence[Upload], manager: str, pseudonyms: bool, model: bool, roster: Upload | None = None
) -> Evaluated:
    """Keep uploads, readable by their owner alone.

    Raises:
        InputError: if there are none or too many, the roster makes no sense, or they cannot be written.
    """
    if not files:
        raise InputError("No file was chosen; choose the recordings and send them again.")
    if len(files) > MOST_FILES:
        raise InputError(f"These are {len(files)} files; at most {MOST_FILES} are taken at once.")
    folder = app.settings.home / FOLDER / secrets.token_hex(8)
    try:
        (folder / RECORDINGS).mkdir(parents=True, mode=0o700)
        folder.chmod(0o700)
        names = _stored(files, folder / RECORDINGS)
        about = About(
            owner=OWNER,
            made=dt.datetime.now(dt.UTC),
            files=names,
            manager=manager,
            pseudonyms=pseudonyms,
            model=model,
            roster=_people(roster, folder) if roster else "",
        )
        write_json(about.model_dump(mode="json"), folder / ABOUT)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise InputError(f"The recordings cannot be kept ({error.strerror}).") from None
    except InputError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Evaluated(folder, about)


def mend(one: Evaluated, roster: Upload) -> Evaluated:
    """Take another roster, by which everything is to be judged again.

    Raises:
        InputError: if it makes no sense or cannot be written; then nothing changes.
    """
    try:
        about = one.about.model_copy(update={"roster": _people(roster, one.folder)})
        write_json(about.model_dump(mode="json"), one.folder / ABOUT)
        (one.folder / REPORT).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The roster cannot be kept ({error.strerror}).") from None
    return Evaluated(one.folder, about)


def judge(app: App, one: Evaluated, work: Work) -> None:
    """Judge what is not finished and write the reports; what is stopped goes on when it is begun again."""
    jobs = app.settings.model_concurrency if one.about.model else 1
    workers = threads(jobs) if one.about.model else nullcontext(None)
    try:
        if work.stopped:
            return
        offline = not one.about.model
        with closing(app.for_recordings(offline)) as judging, Journal(one.folder) as journal, workers as pool:
            run(_recordings(app, one), pool, judging.scorer, jobs, journal, lambda _scored, _now: work.step())
            write_lines(journal.lines(), one.folder / LINES)
        write_reports(one.folder, app.library)
    finally:
        if work.stopped:
            delete(one)


def delete(one: Evaluated) -> None:
    """Delete the recordings and everything that came of them."""
    shutil.rmtree(one.folder, ignore_errors=True)


def counts(one: Evaluated) -> tuple[int, int, list[str]]:
    """How many were judged, in how many of these it was guessed who leads, and why others were not."""
    scored, guessed, failed = 0, 0, []
    with (one.folder / LINES).open(encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            if line["status"] == "scored":
                scored += 1
                guessed += Talk.model_validate(line["about"]).guessed
            else:
                failed.append(str(line["reason"]))
    return scored, guessed, failed


def _recordings(app: App, one: Evaluated) -> Iterator[Recording]:
    paths = [one.folder / RECORDINGS / name for name in one.about.files]
    roster = one.folder / PEOPLE if one.about.roster else None
    recordings = read_transcripts(paths, one.about.manager or None, roster)
    if not one.about.pseudonyms:
        return recordings
    return Pseudonyms.of(app.settings.home / "pseudonyms.key").every(recordings)


def _read(folder: Path) -> Evaluated | None:
    try:
        return Evaluated(folder, About.model_validate_json((folder / ABOUT).read_bytes()))
    except (OSError, ValidationError):
        return None


def _people(roster: Upload, folder: Path) -> str:
    """Keep a roster in a folder in place of the one before, if there is sense in it; the name it came by."""
    with TemporaryDirectory(dir=folder) as scratch:
        (name,) = _stored([roster], Path(scratch))
        given = Path(scratch) / name
        try:
            read_roster(given)
        except InputError as error:
            raise InputError(str(error).replace(str(given), name)) from None
        given.replace(folder / PEOPLE)
    return name


def _stored(files: Sequence[Upload], folder: Path) -> tuple[str, ...]:
    names: list[str] = []
    left = MOST_BYTES
    for given, file in files:
        name = _free(PurePath(given.replace("\\", "/")).name.lstrip(".~$")[-120:] or "recording", names)
        with (folder / name).open("wb") as target:
            while data := file.read(_CHUNK):
                left -= len(data)
                if left < 0:
                    raise InputError(f"These files are larger than {MOST_BYTES // 2**20} MB together; take fewer.")
                target.write(data)
        names.append(name)
    return tuple(names)


def _free(name: str, taken: Sequence[str]) -> str:
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    numbered = (f"{stem}-{n}{suffix}" for n in range(2, MOST_FILES + 2))
    return name if name not in taken else next(one for one in numbered if one not in taken)
