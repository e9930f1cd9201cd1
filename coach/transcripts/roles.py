"""Who of the two is the manager: by what somebody said, or a careful guess that is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.errors import InputError
from coach.transcripts.people import listed
from coach.transcripts.recording import Cue, Recording
from coach.transcripts.roster import Roster, RosterRow, alike
from coach.transcripts.titles import leads
from coach.transcripts.words import key

MORE_OF_YOU = 2.0
"""How many times as much of the talk has to be about the other for a guess. With one question more on top, it tells
148 of the 380 conversations in eval/suite and knowledge/exchanges apart, 1 of them wrongly; the others it leaves."""
MIN_YOU = 4
_YOU = re.compile(r"\b(?:you|your|yours|you['’](?:re|ve|ll|d))(?!\w)", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(?:customer|client|prospect|buyer|caller|interviewer|candidate)\b", re.IGNORECASE)


def leader(
    names: Mapping[str, str],
    cues: Sequence[Cue],
    recording: Recording,
    manager: str | None,
    row: RosterRow | None,
    roster: Roster,
) -> tuple[str, str]:
    """Tell the manager's key among two names and how that was told.

    What somebody said outright goes first: the option, the roster's row for the recording, the labels and fields of
    the file, the people on the roster, titles in the names. Only then the way they speak is looked at.

    Raises:
        InputError: if it cannot be told; the message names both and says what to do.
    """
    who = _one(names, manager)
    if who:
        return who, "by --manager"
    who = (_one(names, row.manager) or _other(names, _one(names, row.rep))) if row else None
    if who:
        return who, "by the roster"
    if set(names) == {"manager", "rep"}:
        return "manager", "as labelled"
    who = _one(names, recording.manager) or _other(names, _one(names, recording.rep))
    if who:
        return who, "as the file says"
    who = _by_people(names, roster)
    if who:
        return who, "by the roster"
    titled = [one for one, name in names.items() if leads(name)]
    if len(titled) == 1:
        return titled[0], "by their titles"
    if set(names) == {"user", "assistant"}:
        return "user", "guessed: the user leads, as in a practice chat"
    shown = f"the speakers are {listed(names.values())}; say who leads with --manager NAME or a roster"
    if manager:
        raise InputError(f"nobody is called {' '.join(manager.split())[:80]}; {shown}")
    guessed = _guess(names, cues)
    if not guessed:
        raise InputError(shown)
    return guessed


def _one(names: Mapping[str, str], wanted: str | None) -> str | None:
    """The one whose name is wanted, in full or in part."""
    if not wanted or not wanted.strip():
        return None
    if key(wanted) in names:
        return key(wanted)
    found = [who for who, name in names.items() if alike(wanted, name)]
    return found[0] if len(found) == 1 else None


def _other(names: Mapping[str, str], rep: str | None) -> str | None:
    return next(who for who in names if who != rep) if rep else None


def _by_people(names: Mapping[str, str], roster: Roster) -> str | None:
    parts = {who: person.part for who, name in names.items() if (person := roster.person(name))}
    managers = [who for who, part in parts.items() if part == "manager"]
    reps = [who for who, part in parts.items() if part == "rep"]
    if len(managers) == 1:
        return managers[0]
    return _other(names, reps[0]) if len(reps) == 1 and not managers else None


def _guess(names: Mapping[str, str], cues: Sequence[Cue]) -> tuple[str, str] | None:
    """The one who asks more questions and speaks far more of "you"; None unless both point the same way."""
    if any(_OUTSIDE.search(name) for name in names.values()):
        return None
    said = {who: " ".join(cue.text for cue in cues if key(cue.speaker) == who) for who in names}
    questions = {who: text.count("?") for who, text in said.items()}
    you = {who: len(_YOU.findall(text)) for who, text in said.items()}
    share = {who: you[who] / max(1, len(text.split())) for who, text in said.items()}
    for who in names:
        other = next(one for one in names if one != who)
        if questions[who] > questions[other] and you[who] >= MIN_YOU and share[who] >= MORE_OF_YOU * share[other]:
            every = questions[who] + questions[other]
            asked = f"{questions[who]} of the {every} questions" if every > 1 else "the only question"
            opens = " and opens the talk" if key(cues[0].speaker) == who else ""
            return who, f'guessed: {names[who]} asks {asked}, says "you" far more often{opens}'
    return None
