"""What every format is read into, before anybody is manager or rep."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Cue:
    """Some words of one person.

    Attributes:
        speaker: the name as the file has it; empty where the file names nobody.
        text: the words.
        seconds: when they begin, counted from the start of the recording.
    """

    speaker: str
    text: str
    seconds: float | None = None


@dataclass(frozen=True)
class Recording:
    """One conversation as a file holds it.

    Attributes:
        where: file, and line where there is one; opens every message about it.
        cues: what was said, in the order of the file.
        id: its own id; empty if the file gives none.
        manager: who the file says leads; empty if it does not say.
        rep: who the file says is led.
        team: the team the file names.
        date: the day the file names.
        spoken: the cues are pieces of recorded speech, to be cleaned and joined into turns. False where they are
            turns already, whose words and numbers other files refer to.
    """

    where: str
    cues: tuple[Cue, ...]
    id: str = ""
    manager: str = ""
    rep: str = ""
    team: str = ""
    date: dt.date | None = None
    spoken: bool = True
