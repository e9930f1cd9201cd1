"""Score recordings: read and judge; what cannot be judged is failed with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from coach.coding import Coder
from coach.critique import Critic
from coach.domain import Provenance, Transcript
from coach.errors import CoachError, Unanswered
from coach.models import metering, usage_of
from coach.reports import critique_line, failed_line
from coach.transcripts import Unreadable

Line = dict[str, Any]
Recording = Transcript | Unreadable


class Outcome(NamedTuple):
    """A result line; it does not last if a model left it unjudged, so that the next run asks again."""

    line: Line
    lasting: bool = True


@dataclass(frozen=True)
class Scorer:
    """Reads and judges recordings with one coder and one critic."""

    coder: Coder
    critic: Critic
    provenance: Provenance

    def score(self, recordings: Iterable[Recording]) -> Iterator[Line]:
        """Yield one result line for each recording, in order."""
        for recording in recordings:
            yield self.outcome(recording).line

    def outcome(self, recording: Recording) -> Outcome:
        """The result of one recording."""
        if isinstance(recording, Unreadable):
            return Outcome(failed_line(recording.id, recording.reason, self.provenance, recording.about))
        with metering() as meter:
            try:
                return Outcome(self._line(recording))
            except CoachError as error:
                spent = self.provenance.model_copy(update={"usage": usage_of(meter)})
                line = failed_line(recording.id, str(error), spent, recording.about)
                return Outcome(line, not isinstance(error, Unanswered))

    def _line(self, recording: Transcript) -> Line:
        with metering() as meter:
            readings = self.coder.read(recording.turns, range(len(recording.turns)))
        made = self.provenance.model_copy(update={"usage": usage_of(meter)})
        turns = tuple(turn.model_copy(update={"reading": readings[turn.i]}) for turn in recording.turns)
        read = recording.model_copy(update={"turns": turns, "provenance": made})
        return critique_line(read, self.critic.critique(read))
