"""Cleaning what recorders write: noise marks, notices, and names with something behind them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable

from coach.transcripts.moments import CLOCK

_NOISE = re.compile(
    r"[(\[<*]\s*(?:multiple |both |all )?(?:cross ?-?talk|overlapping|speakers? talking|inaudible|unintelligible|"
    r"indistinct|unclear|laugh(?:s|ter|ing)?|chuckl(?:es|ing)|sighs?|coughs?|pause|long pause|silence|music|applause|"
    r"noise|background noise|blank_audio|unk|foreign|phone rings?|beep)"
    rf"(?: (?:speech|voices?|conversation|at|noise|playing|{CLOCK}))*\s*[)\]>*]",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r".{0,80}\b(?:started|stopped|ended) (?:the )?(?:transcription|recording)\.?"
    rf"|transcription (?:started|ended)(?: after {CLOCK})?"
    r"|this editable transcript was computer generated.*"
    r"|people can also change the text after it was created\.?"
    r"|this (?:meeting|call|conference) (?:is being|will be|is now being) (?:recorded|transcribed).{0,80}"
    r"|(?:recording|transcription) (?:in progress|stopped|started)\.?",
    re.IGNORECASE,
)
_GUEST = re.compile(
    r"\s*[(\[](?:guest|external|unverified|host|co-host|he/him|she/her|they/them|me|you)[)\]]", re.IGNORECASE
)
_MACHINE = re.compile(
    r"\bnote ?taker\b|otter\.ai|fireflies|\bread\.ai\b|meeting notes|\bbot\b|\brecorder\b|\brecording\b|^system$",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"de", "del", "della", "der", "den", "di", "da", "do", "dos", "du", "el", "la", "le", "van",
                        "von", "zu", "bin", "ibn", "al", "and", "&", "of", "the"})  # fmt: skip
_LABELS = frozenset({"manager", "rep", "coach", "leader", "seller", "speaker", "boss", "lead"})
_HEADS = """
note notes question questions answer example honestly look listen well so okay ok right yes no remember point
first second third one two three monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday
result results goal goals plan action actions calls call emails email number numbers again but and because sorry fact
thing here this that also finally reminder target targets pipeline quota forecast deal deals warning deadline agenda
summary update status ps fyi todo http https subject date time title meeting team attendees participants duration
location transcript bottom next am pm
"""
_NO_NAMES = frozenset(_HEADS.split())
"""Words that open a sentence with a colon rather than name a speaker."""


def clean(text: str) -> str:
    """Remove noise marks and notices, undo HTML entities, and put the words on one line."""
    text = " ".join(_NOISE.sub(" ", html.unescape(text).replace("♪", " ")).split())
    return "" if is_notice(text) or not re.search(r"\w", text) else text


def is_notice(line: str) -> bool:
    """Whether a recorder wrote this line rather than somebody said it."""
    return _NOTICE.fullmatch(line) is not None


def person(name: str) -> str:
    """Return the name alone, without "(Guest)" and the like and on one line."""
    return " ".join(_GUEST.sub("", html.unescape(name)).split())


def key(name: str) -> str:
    """Two spellings of a name with the same key are one person."""
    return person(name).casefold()


def is_machine(name: str) -> bool:
    """Whether the name is that of a recorder or notetaker."""
    return _MACHINE.search(name) is not None


def like_name(words: str) -> bool:
    """Whether words before a colon read like a name or a role: "Dana Fox", "Speaker 1", "manager"."""
    parts = re.sub(r"[()\[\]]", " ", words).split()
    if not 0 < len(parts) <= 6 or len(words) > 60 or parts[0].casefold().strip(".,") in _NO_NAMES:
        return False
    if parts[0].casefold() in _LABELS and len(parts) <= 2:
        return True
    if re.search(r"[.?!,;]\s+[a-z]|[?!;]", words):
        return False
    # Not "is upper": most of the world's letters have no case.
    return any(c.isalpha() for c in words) and all(
        not part[0].islower() or part.casefold() in _PARTICLES or "@" in part for part in parts
    )


def speakers(candidates: Iterable[str]) -> frozenset[str]:
    """Tell names among words before colons; small words are believed where they come again and again."""
    seen = Counter(candidates)
    again = Counter(key(one) for one in seen.elements())
    return frozenset(key(one) for one in seen if like_name(one) or _may_be_name(one, again[key(one)]))


def _may_be_name(words: str, times: int) -> bool:
    """Whether words may be a name written small: "dana fox" twice, "maria del mar" or "bo's phone" three times."""
    parts = words.split()
    if not parts or parts[0].casefold() in _NO_NAMES or not re.fullmatch(r"[\w .'’@()+-]+", words):
        return False
    return times > 1 if len(parts) <= 2 and "".join(parts).isalnum() else times > 2 and len(parts) <= 4
