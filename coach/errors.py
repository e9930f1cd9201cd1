"""Every error that may reach a user, in one tree.

    CoachError                 one clear sentence; the command line prints it and exits with 2
    ├── InputError             what a person typed or uploaded cannot be used
    │   └── Taken              something stands there already; asks before it is replaced
    ├── ContentError           a scenario, principle, article or other authored file is wrong
    ├── KnowledgeError         the knowledge index cannot be built, read or written
    ├── StoreError             the database cannot be read or written
    ├── ModelError             a model was asked for that is unknown or cannot be reached
    ├── Unanswered             a model left a recording unjudged; the next run asks again
    └── ConfigError            a setting or environment variable cannot be used

Vendor errors are turned into one of these at the adapter that calls the vendor; nothing above an
adapter ever handles a vendor's exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class CoachError(Exception):
    """A problem a user can do something about, said in one sentence."""


class InputError(CoachError):
    """What a person typed or uploaded cannot be used."""


class Taken(InputError):
    """Something of this name stands there already; whoever means to replace it has to say so."""


class KnowledgeError(CoachError):
    """The knowledge index cannot be built, read or written."""


class StoreError(CoachError):
    """The database cannot be read or written."""


class ModelError(CoachError):
    """A model was asked for that is unknown, cannot be reached or answers what cannot be used.

    ``kind`` is one word for counts and logs: unknown, key, quota, rate, unreachable, deadline, length,
    answer, server.
    """

    def __init__(self, message: str, kind: str = "unknown") -> None:
        """Keep the sentence for people and the word for counts."""
        self.kind = kind
        super().__init__(message)


class Unanswered(CoachError):
    """A model did not answer for a recording, which is therefore not judged; asking again may help."""


class ConfigError(CoachError):
    """A setting or environment variable cannot be used."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an authored file, and where."""

    path: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Render as ``file:line: field: message``, the form editors turn into a link."""
        where = f"{self.path}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class ContentError(CoachError):
    """An authored file is wrong; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems; the message is one line each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in problems))
