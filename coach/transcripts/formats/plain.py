"""Plain text with names, in the layouts that people and meeting programs write.

``Dana: Hi.``, ``[00:01:02] Dana: Hi.`` and ``Dana (00:01:02): Hi.`` on one line; ``Dana   0:03``, ``[Dana] 10:02:15``
or ``[00:01:02] Dana`` above the words (Teams, Otter, Zoom); ``0:0:0.0 --> 0:0:3.9`` above the name above the words
(Teams before 2023); a time alone above the lines it begins (Meet). A line without a name goes on for whoever spoke
last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coach.errors import InputError
from coach.transcripts.files import File
from coach.transcripts.heading import Heading, block
from coach.transcripts.moments import CLOCK, day, seconds
from coach.transcripts.recording import Cue, Recording
from coach.transcripts.words import is_notice, key, like_name, speakers

SUFFIXES = (".txt", ".text")
_BEGIN = rf"({CLOCK})(?:\s*(?:-->|[-–])\s*{CLOCK})?"
_STAMP = rf"[(\[]?{_BEGIN}[)\]]?"
_NAME = r"\**(\+?[^\W_][^:\n]{0,59}?)"
_WORDS = r"\**\s*:\**(?:\s+(.*))?"
# (how sure the name is one, the line, which groups hold name, time and words)
_LAYOUTS = (
    ("sure", re.compile(rf"[(\[]{_BEGIN}[)\]]\s*[-–:]?\s*{_NAME}{_WORDS}"), (2, 1, 3)),
    ("named", re.compile(rf"{_BEGIN}\s*[-–:]?\s+{_NAME}{_WORDS}"), (2, 1, 3)),
    ("named", re.compile(rf"{_NAME}\s+[(\[]{_BEGIN}[)\]]{_WORDS}"), (1, 2, 3)),
    ("above", re.compile(rf"\[{_NAME}\]\s+({CLOCK})"), (1, 2, 0)),
    ("above", re.compile(rf"{_NAME}\s+{_STAMP}(?:\s?[ap]\.?m\.?)?", re.IGNORECASE), (1, 2, 0)),
    ("above", re.compile(rf"{_STAMP}\s+{_NAME}"), (2, 1, 0)),
    ("named", re.compile(rf"{_NAME}{_WORDS}"), (1, 0, 2)),
)
_TIME = re.compile(_STAMP)
_SPAN = re.compile(rf"{CLOCK}\s*-->\s*{CLOCK}")


def knows(head: str) -> bool:
    """Whether two lines near the start name their speakers."""
    lines = head.split("\n")
    return sum(_named(" ".join(line.split())) is not None for line in lines) >= 2 or sum(map(_is_span, lines)) >= 2


def read(file: File) -> Iterator[Recording]:
    """Yield the one conversation of a text file."""
    yield talk(file.text().lstrip("\ufeff").split("\n"), file.name)


def talk(lines: Sequence[str], name: str) -> Recording:
    """Read a conversation from lines of text.

    Raises:
        InputError: if no line names a speaker.
    """
    top = block(lines)
    lines = [" ".join(line.split()) for line in lines]
    found = [None if is_notice(line) else _named(line) for line in lines]
    sure = {key(one[1]) for one in found if one and one[0] == "sure"}
    names = sure | speakers(one[1] for one in found if one and one[0] == "named")
    cues: list[Cue] = []
    above: list[str] = []
    speaker, time, due = "", None, False
    for number, (line, one) in enumerate(zip(lines, found, strict=True)):
        if not line or number < top or is_notice(line):
            above += [line] if number < top else []
        elif _TIME.fullmatch(line) or _is_span(line):
            time, due = seconds(_TIME.match(line)[1]), _is_span(line)  # type: ignore[index]
        elif one and (one[0] != "named" or key(one[1]) in names):
            _, speaker, start, words = one
            due = False
            time = start if start is not None else time
            if words:
                cues.append(Cue(speaker, words, time))
                time = None
        elif due and len(line) <= 80:
            speaker, due = line, False
        elif speaker:
            cues.append(Cue(speaker, line, time))
            time = None
        else:
            above.append(line)
    if not cues:
        raise InputError(f'{name}: no line names a speaker; each has to open with one, as in "Dana: How are you?"')
    return Recording(name, tuple(cues), **Heading.of(above).fields())


def _is_span(line: str) -> bool:
    return _SPAN.fullmatch(line.strip()) is not None


def _named(line: str) -> tuple[str, str, float | None, str] | None:
    """Split a line into layout, name, time and words, if it has a name that can be one."""
    for layout, pattern, (name, time, words) in _LAYOUTS:
        match = pattern.fullmatch(line)
        if not match or (layout == "above" and (day(match[name]) or not like_name(match[name]))):
            continue
        return (
            layout,
            match[name].strip(" *"),
            seconds(match[time]) if time else None,
            (match[words] or "") if words else "",
        )
    return None
