"""Score recordings: read, judge, write; what cannot be judged is failed with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.coding import Coder
from coach.critique import Critic
from coach.domain import Code, Level, PrincipleId, Provenance, Transcript
from coach.errors import CoachError, InputError
from coach.models import metering, usage_of
from coach.reports import critique_line, failed_line
from coach.transcripts import Unreadable

Line = dict[str, Any]


class Label(BaseModel):
    """Reference codes and levels of one conversation."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    codes: dict[str, tuple[Code, ...]]
    levels: dict[PrincipleId, Level | None]
    overall: Level
    lean: Annotated[int, Field(ge=-2, le=2)]
    best: int | None = None
    worst: int | None = None


@dataclass(frozen=True)
class Scorer:
    """Reads and judges recordings with one coder and one critic."""

    coder: Coder
    critic: Critic
    provenance: Provenance

    def score(self, recordings: Iterable[Transcript | Unreadable]) -> Iterator[Line]:
        """Yield one result line for each recording, in order."""
        for recording in recordings:
            yield self._line(recording)

    def _line(self, recording: Transcript | Unreadable) -> Line:
        if isinstance(recording, Unreadable):
            return failed_line(recording.id, recording.reason, self.provenance)
        try:
            with metering() as meter:
                readings = self.coder.read(recording.turns, range(len(recording.turns)))
            made = self.provenance.model_copy(update={"usage": usage_of(meter)})
            turns = tuple(turn.model_copy(update={"reading": readings[turn.i]}) for turn in recording.turns)
            read = recording.model_copy(update={"turns": turns, "provenance": made})
            return critique_line(read, self.critic.critique(read))
        except CoachError as error:
            return failed_line(recording.id, str(error), self.provenance)


def read_labels(path: Path) -> list[Line]:
    """Read reference labels; raises ``InputError`` naming the first line that is wrong."""
    labels: list[Line] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: JSON may hold U+2028
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The labels {path} cannot be read; check the path and that it is UTF-8 text.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            labels.append(Label.model_validate_json(line).model_dump(mode="json"))
        except ValidationError as error:
            details = error.errors()[0]
            field = ".".join(str(part) for part in details["loc"]) or "line"
            raise InputError(f"{path}:{number}: {field}: {details['msg']}; mend the label.") from None
    if not labels:
        raise InputError(f"The labels {path} are empty; give one JSON line for each conversation.")
    return labels


def write_lines(lines: Iterable[Line], path: Path, seen: Callable[[Line], None]) -> None:
    """Write result lines; the file appears whole or not at all.

    Args:
        lines: result lines, written as they come.
        path: where the finished file goes.
        seen: called with each line after it was written, for progress and counts.
    """
    with _whole(path) as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            seen(line)


def write_json(data: Mapping[str, Any], path: Path) -> None:
    """Write one JSON document; the file appears whole or not at all."""
    with _whole(path) as file:
        json.dump(data, file, ensure_ascii=False, indent=2)


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); choose another --out.") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
