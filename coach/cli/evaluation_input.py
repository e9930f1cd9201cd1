"""What ``coach evaluate`` is given to score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import InputError

if TYPE_CHECKING:
    from coach.evaluation import Recording


@dataclass(frozen=True)
class Given:
    """What is to be scored; may be read again and again."""

    files: Sequence[Path]
    manager: str | None
    roster: Path | None
    limit: int | None
    key: Path | None

    def check(self) -> None:
        """See that there is something to read, before anything is opened or asked."""
        next(iter(self.recordings()), None)

    def recordings(self) -> Iterator[Recording]:
        """The recordings in their order, one at a time."""
        from itertools import islice

        from coach.transcripts import read_transcripts
        from coach.transcripts.pseudonyms import Pseudonyms

        first = islice(read_transcripts(self.files, self.manager, self.roster), self.limit)
        yield from Pseudonyms.of(self.key).every(first) if self.key else first


def files(paths: Sequence[str]) -> list[Path]:
    """Files and folders, patterns that the shell left alone resolved.

    Raises:
        InputError: if a pattern fits nothing.
    """
    found: list[Path] = []
    for path in paths:
        whole = Path(path)
        if set("*?[") & set(path) and not whole.exists():
            fitting = sorted(Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))))
            if not fitting:
                raise InputError(f"No file fits {path}; check the pattern.")
            found += fitting
        else:
            found.append(whole)
    return found
