"""Bars that a run must not fall under, so that a continuous integration job can fail."""

from __future__ import annotations

from dataclasses import dataclass

from coach.errors import InputError
from coach.evaluation.score import Line


@dataclass
class Tally:
    """Counts over the lines of a run; a failed recording has no score and enters no mean."""

    scored: int = 0
    failed: int = 0
    overall: int = 0

    def add(self, line: Line) -> None:
        """Count a line."""
        if line["status"] == "scored":
            self.scored += 1
            self.overall += line["overall"]
        else:
            self.failed += 1


@dataclass(frozen=True)
class Bar:
    """The least mean overall level of the scored recordings, or the least share of recordings that are scored."""

    least: float
    share: bool

    def missed(self, tally: Tally) -> str:
        """Why a run is under the bar; empty if it is not."""
        total = tally.scored + tally.failed
        if self.share:
            if total and tally.scored / total >= self.least:
                return ""
            return f"{tally.scored} of {total} recordings were scored; the bar is {100 * self.least:g}%"
        mean = tally.overall / tally.scored if tally.scored else 0.0
        return "" if mean >= self.least else f"the mean overall is {mean:.2f}; the bar is {self.least:g}"


def read_bar(text: str) -> Bar:
    """Read a level such as ``3.2`` or a share such as ``95%``.

    Raises:
        InputError: if it is neither.
    """
    share = text.strip().endswith("%")
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        number = float("nan")
    if share and 0 < number <= 100:
        return Bar(number / 100, True)
    if not share and 0 < number < 1:
        return Bar(number, True)
    if not share and 1 <= number <= 5:
        return Bar(number, False)
    raise InputError(
        f"--fail-under {text} is neither a level from 1 to 5, such as 3.2, nor a share of recordings, such as 95%."
    )
