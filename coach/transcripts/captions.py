"""What WebVTT, SRT and SBV share: captions parsed by webvtt-py, and who says the words of each.

Teams marks voices (``<v Dana Fox>Hi.</v>``), Zoom opens each caption with ``Dana Fox: Hi.``, Meet puts ``(Dana Fox)``
on a line of its own, caption writers ``>> DANA:``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from coach.errors import InputError
from coach.transcripts.files import File
from coach.transcripts.heading import Heading
from coach.transcripts.recording import Cue, Recording
from coach.transcripts.words import clean, key, like_name, speakers

# An empty line within a caption ends it, and the parser passes over what follows; the words are kept instead.
_GAP = re.compile(r"\n\s*\n(?![^\n]*-->|[^\n]*\n[^\n]*-->|\d+:\d+:\d+\.\d+,|NOTE|STYLE|REGION)")
_SPAN = re.compile(r"^[ \t]*(\d\S{0,20})[ \t]*-->", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]{1,80})*[ \t]+([^<>\n]{1,200})>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang|font)(?:[\s.][^<>\n]{0,200})?>|<\d+:[\d:.]{1,12}>", re.IGNORECASE)
_NAMED = re.compile(r"(?:-\s+|>>\s*)?(\+?[^\W_][^:\n]{0,59}?)\s*:(?=\s|$)\s*(.*)")
_ALONE = re.compile(r"[(\[]([^()\[\]\n]{1,60})[)\]]")


def captions(file: File, format: str) -> Iterator[Recording]:
    """Yield the one conversation of a caption file; ``format`` is ``vtt``, ``srt`` or ``sbv``.

    Raises:
        InputError: if the file is not in that form or a time in it makes no sense.
    """
    text = file.text().lstrip("\ufeff \n")
    try:
        if format == "vtt":  # a caption with a broken time would be passed over, words and all
            for match in _SPAN.finditer(text):
                Timestamp.from_string(match[1])
        found = webvtt.from_buffer(io.StringIO(_GAP.sub("\n", text)), format=format)
    except (MalformedFileError, MalformedCaptionError) as error:
        raise InputError(f"{file.name}: this is no {format.upper()} file ({error}); export it again") from None
    notes = "\n".join((*found.metadata, *found.header_comments))
    about = Heading.of(notes.split("\n"))
    whole = [(one.raw_text, _start(one.start)) for one in found.captions]
    voiced = any(_VOICE.search(raw) for raw, _ in whole)
    cues = _voiced(whole) if voiced else _named(whole)
    yield Recording(file.name, tuple(cues), **about.fields())


def _start(clock: str) -> float:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def _voiced(captions: Iterable[tuple[str, float]]) -> Iterator[Cue]:
    speaker = ""
    for raw, start in captions:
        before, *voices = _VOICE.split(raw)
        for name, words in zip(["", *voices[::2]], [before, *voices[1::2]], strict=True):
            speaker = name or speaker
            yield Cue(speaker, _TAG.sub(" ", words), start)


def _named(captions: Iterable[tuple[str, float]]) -> Iterator[Cue]:
    """Words without a name before them go on for whoever spoke last."""
    lines = [(" ".join(line.split()), start) for raw, start in captions for line in _TAG.sub("", raw).split("\n")]
    names = speakers(match[1] for line, _ in lines if (match := _NAMED.match(line)))
    speaker = ""
    for line, start in lines:
        alone, named = _ALONE.fullmatch(line), _NAMED.match(line)
        if not clean(line):
            continue
        if alone and like_name(alone[1]):
            speaker = alone[1]
        elif named and key(named[1]) in names:
            speaker = named[1]
            yield Cue(speaker, named[2], start)
        elif line != "-":
            yield Cue(speaker, line.removeprefix(">>").removeprefix("- "), start)
