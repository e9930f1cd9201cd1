"""From pieces of recorded speech to turns: cleaned, in order, joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from coach.transcripts.recording import Cue
from coach.transcripts.words import clean, key, person

_HUMMED = r"m+-?\s?h+m+|m{2,}|mhm+|uh[- ]?huh|h+m+|mm"
_SAID = r"yeah|yep|yup|right|okay|ok|sure|i see|got it|gotcha|exactly|of course|oh|ah|aha"
_HUM = re.compile(rf"(?:(?:{_HUMMED})[\s,.!]*){{1,3}}", re.IGNORECASE)
_NOD = re.compile(rf"(?:(?:{_HUMMED}|{_SAID})[\s,.!]*){{1,3}}", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:^|[.?!,]\s+)(?:(?:and|so|but|well|ok|okay)\s+)?(?:how|what|why|do|does|did|are|is|was|were|can|could|would|will|"
    r"should|shall|don't|isn't|aren't)\b[^.?!]*$",
    re.IGNORECASE,
)
"""Ends in a question that nobody gave a mark."""
MAX_NOD, LOOK_BACK = 40, 200  # characters
WALL = 6 * 3600
"""Seconds. A recording whose first words come later than this is timed by the clock on the wall."""


def cleaned(cues: Iterable[Cue]) -> list[Cue]:
    """Clean words and names, drop what was only noise, and bring the cues into order of time.

    Where a cue has no time nothing is moved: its place in the file is all that is known of it. Times of day are
    counted from the first one.
    """
    said = [replace(cue, speaker=person(cue.speaker), text=clean(cue.text)) for cue in cues]
    said = [cue for cue in said if cue.text]
    if all(cue.seconds is not None for cue in said):
        said.sort(key=lambda cue: cue.seconds or 0.0)
    first = next((cue.seconds for cue in said if cue.seconds is not None), 0.0)
    if first < WALL:
        return said
    return [replace(cue, seconds=max(0.0, cue.seconds - first)) if cue.seconds is not None else cue for cue in said]


def joined(cues: Sequence[Cue]) -> list[Cue]:
    """Join the cues of one speaker into a turn; a listener's "mm-hm" amid the other's speech is folded away."""
    turns: list[tuple[Cue, list[str]]] = []  # texts are joined at the end: a monologue has thousands of pieces
    for cue in cues:
        if len(turns) > 1 and _same(turns[-2][0], cue) and not _same(turns[-1][0], cue):
            nod = turns[-1][1]
            if len(nod) == 1 and is_nod(turns[-2][1][-1], nod[0], cue.text):
                turns.pop()
        if turns and _same(turns[-1][0], cue):
            turns[-1][1].append(cue.text)
        else:
            turns.append((cue, [cue.text]))
    return [replace(first, text=" ".join(texts)) for first, texts in turns]


def _same(one: Cue, other: Cue) -> bool:
    return key(one.speaker) == key(other.speaker)


def is_nod(before: str, words: str, after: str) -> bool:
    """Whether words between two pieces of the other's speech only say "I am listening".

    A hum does, except after a question. "Yeah" and "right" do only where the other's sentence visibly goes on: after
    its end they may be all that a guarded person has to say, and that counts.
    """
    before = before[-LOOK_BACK:].rstrip("\"'”’) ")
    if before.endswith("?") or len(words) > MAX_NOD:
        return False
    if _HUM.fullmatch(words):
        return True
    goes_on = not before.endswith((".", "!", "…", ":")) and (after[0].islower() or re.match(r"I\b", after))
    return bool(goes_on and _NOD.fullmatch(words) and not _ASKS.search(before))
