"""What the coach says when it steps out of the play because words point to danger to a person."""

from __future__ import annotations

STEPPED_OUT = (
    "Let us leave the play for a moment, because what you wrote could be about somebody being in danger. If it was "
    "only part of the practice, nothing is lost: say the next thing and {rep} will go on from before. If it is about "
    "you or somebody you know, that comes first, and it is nothing to sort out alone or in here."
)


def stepped_out(rep: str, help_line: str) -> str:
    """The calm notice, with the rep's first name and the line on where to turn."""
    return f"{STEPPED_OUT.format(rep=rep)} {help_line}".strip()
