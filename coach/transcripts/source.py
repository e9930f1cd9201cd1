"""Recorded conversations from files and folders, one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import count
from pathlib import Path

from coach.domain import Transcript
from coach.errors import InputError
from coach.transcripts.assembly import Assembler
from coach.transcripts.files import HEAD, File
from coach.transcripts.formats import SUFFIXES, tell
from coach.transcripts.forms import TranscriptForm, recording
from coach.transcripts.recording import Recording
from coach.transcripts.roster import Roster, read_roster
from coach.transcripts.unreadable import Unreadable

NO_RECORDINGS = frozenset(
    {"agreement.json", "conversations.csv", "critiques.jsonl", "labels.jsonl", "overrides.jsonl", "roster.csv"}
)
"""What an evaluation writes or is given besides; in a folder of recordings it is none itself."""


def read_transcripts(
    paths: Sequence[Path], manager: str | None = None, roster: Path | None = None
) -> Iterator[Transcript | Unreadable]:
    """Read recordings from files and folders, one at a time, in a stable order with ids that stay.

    A conversation without an id of its own is called by its file's path below the folder that holds all ``paths``.

    Args:
        paths: files of any known format, or folders whose files with a known ending are read in order of name.
        manager: the manager's name, or part of it, in files whose speakers have names.
        roster: a table of who leads whom; see ``RosterRow``.

    Raises:
        InputError: if a path does not exist, a folder holds nothing to read, or the roster cannot be used.
    """
    files = recording_files(paths, roster)
    assembler = Assembler(manager, read_roster(roster) if roster else Roster())
    base = _base(paths)
    seen: set[str] = set()
    for path in files:
        file = File(path, Path(os.path.relpath(path.absolute(), base)).as_posix())
        item = None
        for item in _read(file, assembler):
            own = _own_id(item.id, seen)
            seen.add(own)
            if own == item.id:
                yield item
            elif isinstance(item, Unreadable):
                yield replace(item, id=own)
            else:
                yield Unreadable(own, f"{file.name}: the id {item.id!r} was used before", item.about)
        if item is None:
            own = _own_id(file.name, seen)
            seen.add(own)
            empty = Unreadable(own, f"{file.name}: the file holds no conversation")
            yield _known(empty, file, assembler)


def transcript_of(form: TranscriptForm, manager: str | None = None) -> Transcript | Unreadable:
    """The transcript of a conversation that comes in the plain form and from no file."""
    found = recording(form.model_dump(mode="json"), form.id, "conversation")
    return found if isinstance(found, Unreadable) else Assembler(manager, Roster()).transcript(found, "")


def recording_files(paths: Sequence[Path], roster: Path | None = None) -> list[Path]:
    """List the files that ``read_transcripts`` would read, in its order; cheap, for nothing is opened.

    Hidden files, those of an open Word document, results of an evaluation, labels and rosters are left out of folders.

    Raises:
        InputError: if a path does not exist or a folder holds nothing to read.
    """
    own = roster.resolve() if roster else None
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.rglob("*") if _is_recording(one, path))
            found = [one for one in found if own is None or one.resolve() != own]
            if not found:
                known = ", ".join(sorted(SUFFIXES))
                raise InputError(f"The folder {path} holds no recording; known formats are {known}.")
            files += found
        elif not path.is_file():
            raise InputError(f"There is no file {path}; check the path.")
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _is_recording(path: Path, folder: Path) -> bool:
    shown = not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    return shown and path.name.lower() not in NO_RECORDINGS and path.suffix.lower() in SUFFIXES and path.is_file()


def _base(paths: Sequence[Path]) -> str:
    folders = [(path if path.is_dir() else path.parent).absolute() for path in paths]
    return os.path.commonpath(folders) if folders else "."


def _read(file: File, assembler: Assembler) -> Iterator[Transcript | Unreadable]:
    try:
        if len(head := file.head()) < HEAD and not head.strip():
            return
        for item in tell(file).read(file):
            if isinstance(item, Recording):
                yield assembler.transcript(item, file.name)
            else:
                yield _known(item, file, assembler)
    except InputError as error:
        yield _known(Unreadable(file.name, str(error)), file, assembler)
    except OSError as error:
        told = f"{file.name}: the file cannot be read ({error.strerror})"
        yield _known(Unreadable(file.name, told), file, assembler)


def _known(item: Unreadable, file: File, assembler: Assembler) -> Unreadable:
    """Add what is known of a recording of which no word could be read."""
    return replace(item, about=assembler.known(Recording(file.name, (), id=item.id), file.name))


def _own_id(name: str, seen: Set[str]) -> str:
    """The name itself, or with the first number that nothing before has."""
    numbered = (f"{name}#{n}" for n in count(2))
    return name if name not in seen else next(one for one in numbered if one not in seen)
