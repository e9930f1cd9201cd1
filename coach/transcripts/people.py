"""Who takes part: two people, apart from machines and somebody who popped in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from coach.errors import InputError
from coach.transcripts.recording import Cue
from coach.transcripts.words import is_machine, key, person

NOBODY = "somebody without a name"
MOST_LISTED, MAX_NAME = 6, 40
MAX_SHARE, MAX_TIMES = 0.1, 2
"""Who says more than this share of all words, or speaks up more often, takes part in the talk."""


def pair(cues: Sequence[Cue], spoken: bool) -> tuple[dict[str, str], list[str]]:
    """Find the two who talk with each other.

    In recorded speech, recorders and notetakers do not count, nor does a third person who speaks up once or twice
    with less than a tenth of the words. Where the file numbers its turns itself nobody is left out, since everything
    behind would get another number.

    Returns:
        The name of each of the two by its key, and the names of those left out.

    Raises:
        InputError: if only one speaks, or more than two take part.
    """
    names: dict[str, str] = {}
    words: Counter[str] = Counter()
    times: Counter[str] = Counter()
    last = None
    for cue in cues:
        who = key(cue.speaker)
        names.setdefault(who, person(cue.speaker) or NOBODY)
        words[who] += len(cue.text.split())
        times[who] += who != last
        last = who
    left: list[str] = []
    if spoken:
        names = {who: name for who, name in names.items() if not is_machine(name)}
        passing = sorted(names, key=lambda who: -words[who])[2:]
        few = sum(words[who] for who in passing) <= MAX_SHARE * words.total()
        if few and all(times[who] <= MAX_TIMES for who in passing):
            left = [names.pop(who) for who in passing]
    if len(names) == 2:
        return names, left
    shown = listed(names.values())
    if not names:
        raise InputError("nobody says anything; check that the export holds the words and the speakers' names")
    if shown == NOBODY:
        raise InputError("the words have no speakers; export the transcript with the speakers' names")
    if len(names) == 1:
        raise InputError(f"only one speaker ({shown}) says anything; a one-on-one needs a manager and a rep")
    raise InputError(f"{len(names)} people speak ({shown}); only talks between two can be judged")


def listed(names: Iterable[str]) -> str:
    """List names in order, on one line and no more of them than a message can bear."""
    known = sorted(names)
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return ", ".join(map(shown, known[:MOST_LISTED])) + more


def shown(name: str) -> str:
    """A name on one line and no longer than a message can bear."""
    return person(name)[:MAX_NAME].strip()
