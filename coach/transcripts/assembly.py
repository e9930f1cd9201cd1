"""From what a format read to a transcript with a manager and a rep."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from coach.domain import About, Transcript, Turn
from coach.errors import InputError
from coach.transcripts.forms import MAX_TURNS
from coach.transcripts.heading import Heading
from coach.transcripts.people import listed, pair, shown
from coach.transcripts.recording import Cue, Recording
from coach.transcripts.roles import leader
from coach.transcripts.roster import Roster
from coach.transcripts.turns import cleaned, joined
from coach.transcripts.unreadable import Unreadable
from coach.transcripts.words import key

MAX_TEXT = 2_000_000
"""Characters of one conversation; a whole day of talk has about half a million."""
_LABEL = re.compile(r"manager|rep|user|assistant|(?:speaker|participant|person|spk)[ _-]?\w{1,2}", re.IGNORECASE)
"""A speaker called so has no name; reports by manager must not take all of them for one person."""


@dataclass(frozen=True)
class Assembler:
    """What whoever starts the reading said about all recordings."""

    manager: str | None
    roster: Roster

    def transcript(self, recording: Recording, file: str) -> Transcript | Unreadable:
        """Make the transcript of one recording, or say why that cannot be."""
        id, name = recording.id or recording.where, Heading.of_name(file)
        recording = replace(
            recording,
            id=id,
            manager=recording.manager or name.manager,
            rep=recording.rep or name.rep,
            team=recording.team or name.team,
            date=recording.date or name.date,
        )
        try:
            return self._transcript(recording, file)
        except InputError as error:
            spoken = dict.fromkeys(shown(cue.speaker) for cue in recording.cues)
            people = tuple(name for name in (*spoken, self.manager or "") if _name(name))
            return Unreadable(id, f"{recording.where}: {error}", self.known(recording, file), people)

    def known(self, recording: Recording, file: str) -> About:
        """Tell whose a recording is without a look at its words: by the roster, the file and its name."""
        row, name = self.roster.talk(file, recording.id), Heading.of_name(file)
        manager = (row and row.manager) or recording.manager or name.manager
        leads = self.roster.person(manager)
        return About(
            manager=manager,
            rep=(row and row.rep) or recording.rep or name.rep,
            team=(row and row.team) or recording.team or name.team or (leads.team if leads else ""),
            date=(row and row.date) or recording.date or name.date,
            file=file,
        )

    def _transcript(self, recording: Recording, file: str) -> Transcript:
        if sum(len(cue.text) for cue in recording.cues) > MAX_TEXT:
            raise InputError(f"the talk has more than {MAX_TEXT:,} characters; split the recording")
        cues = cleaned(recording.cues) if recording.spoken else list(recording.cues)
        names, left = pair(cues, recording.spoken)
        if recording.spoken:
            cues = joined([cue for cue in cues if key(cue.speaker) in names])
        if len(cues) > MAX_TURNS:
            raise InputError(f"the talk has {len(cues):,} turns, more than {MAX_TURNS:,}; split the recording")
        if len({key(cue.speaker) for cue in cues}) < 2:
            raise InputError("one of the two only says that they listen; a one-on-one needs a manager and a rep")
        row = self.roster.talk(file, recording.id)
        manager, how = leader(names, cues, recording, self.manager, row, self.roster)
        rep = next(who for who in names if who != manager)
        if left:
            how += f"; the few words of {listed(left)} are left out"
        turns = tuple(_turn(i, cue, manager) for i, cue in enumerate(cues))
        return Transcript(
            id=recording.id, turns=turns, about=self._about(recording, file, names[manager], names[rep], how)
        )

    def _about(self, recording: Recording, file: str, manager: str, rep: str, how: str) -> About:
        """The roster's row knows best, then the people on the roster, then the file and its name."""
        row = self.roster.talk(file, recording.id)
        leads, led = self.roster.person(manager), self.roster.person(rep)
        return About(
            manager=(row and row.manager) or (leads and leads.name) or _name(manager) or recording.manager,
            rep=(row and row.rep) or (led and led.name) or _name(rep) or recording.rep,
            team=(row and row.team) or recording.team or (leads.team if leads else ""),
            date=(row and row.date) or recording.date,
            file=file,
            roles=how,
        )


def _name(speaker: str) -> str:
    return "" if _LABEL.fullmatch(speaker) else speaker


def _turn(i: int, cue: Cue, manager: str) -> Turn:
    speaker = "manager" if key(cue.speaker) == manager else "rep"
    return Turn(i=i, speaker=speaker, text=cue.text, seconds=cue.seconds)
