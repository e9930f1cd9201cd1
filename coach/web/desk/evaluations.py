"""Recordings that were uploaded to be judged: a folder each in the home, with what came of it."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from pydantic import ValidationError

from coach.app import OWNER, App
from coach.domain import Frozen
from coach.errors import InputError
from coach.evaluation import Journal, Recording, run, threads, write_json, write_lines
from coach.reports import write_reports
from coach.transcripts import read_transcripts
from coach.transcripts.pseudonyms import Pseudonyms
from coach.web.desk.work import Work

FOLDER = "evaluations"
LINES = "critiques.jsonl"
ABOUT = "about.json"
RECORDINGS = "recordings"
MOST_FILES = 200
MOST_BYTES = 200 * 2**20
_CHUNK = 2**20
_NAME = re.compile(r"[0-9a-f]{16}")


class About(Frozen):
    """What was asked for."""

    owner: str
    made: dt.datetime
    files: tuple[str, ...]
    manager: str
    pseudonyms: bool
    model: bool


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
        return (self.folder / "report.html").is_file()


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


def keep(app: App, files: Sequence[tuple[str, BinaryIO]], manager: str, pseudonyms: bool, model: bool) -> Evaluated:
    """Keep uploads, readable by their owner alone.

    Raises:
        InputError: if there are none or too many, or they cannot be written.
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
            owner=OWNER, made=dt.datetime.now(dt.UTC), files=names, manager=manager, pseudonyms=pseudonyms, model=model
        )
        write_json(about.model_dump(mode="json"), folder / ABOUT)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise InputError(f"The recordings cannot be kept ({error.strerror}).") from None
    except InputError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Evaluated(folder, about)


def judge(app: App, one: Evaluated, work: Work) -> None:
    """Judge what is not finished and write the reports; what is stopped goes on when it is begun again."""
    jobs = app.settings.model_concurrency if one.about.model else 1
    workers = threads(jobs) if one.about.model else nullcontext(None)
    try:
        if work.stopped:
            return
        judging = app.for_recordings(offline=not one.about.model)
        with Journal(one.folder) as journal, workers as pool:
            run(_recordings(app, one), pool, judging.scorer, jobs, journal, lambda _scored, _now: work.step())
            write_lines(journal.lines(), one.folder / LINES)
        write_reports(one.folder, app.library)
    finally:
        if work.stopped:
            delete(one)


def delete(one: Evaluated) -> None:
    """Delete the recordings and everything that came of them."""
    shutil.rmtree(one.folder, ignore_errors=True)


def counts(one: Evaluated) -> tuple[int, list[str]]:
    """How many were judged, and why others were not."""
    scored, failed = 0, []
    with (one.folder / LINES).open(encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            scored += line["status"] == "scored"
            if line["status"] != "scored":
                failed.append(str(line["reason"]))
    return scored, failed


def _recordings(app: App, one: Evaluated) -> Iterator[Recording]:
    paths = [one.folder / RECORDINGS / name for name in one.about.files]
    recordings = read_transcripts(paths, one.about.manager or None)
    if not one.about.pseudonyms:
        return recordings
    return Pseudonyms.of(app.settings.home / "pseudonyms.key").every(recordings)


def _read(folder: Path) -> Evaluated | None:
    try:
        return Evaluated(folder, About.model_validate_json((folder / ABOUT).read_bytes()))
    except (OSError, ValidationError):
        return None


def _stored(files: Sequence[tuple[str, BinaryIO]], folder: Path) -> tuple[str, ...]:
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
