"""Follow-through: what the manager promised last time, and what became of it in this talk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from coach.critique.evidence import quotable, quoted
from coach.domain import Citation, Evidence, Frozen, Promise, Since, Turn
from coach.knowledge import KnowledgeBase
from coach.rep import Memory
from coach.rep.sentences import sentences
from coach.reports.replies import your_reply

Certainty = Literal["yes", "perhaps"]
CLEAR = 0.5  # share of the own words of a part of a promise that must come again, and
LEAST = 2  # how many of them, before a turn is surely about it
SUBJECTS = {
    "kept": "Keep your promises and your words gain weight",
    "broken": "A promise that cannot be kept should be broken early and by you",
}
CANDIDATES = 8  # passages looked at for the one that is quoted
_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_PARTS = re.compile(r"[,;:]| and ", re.IGNORECASE)
_ENDING = re.compile(r"(ing|ed|es|s|e)$")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        about after again all also and any are ask back because been before being bring but can come could day did
        does doing done don down each end even every fifth first for friday from get give going got had half has have
        her him his hour how into its just know last let like look make may might monday month more morning much must
        need next not now off one our out own put really right said same saturday see send shall she should some soon
        still such sunday sure take talk tell than thank that the their them then there these they thing think this
        those three thursday till time today together tomorrow tonight too try tuesday two under until very want was
        way wednesday week well went were what when where which while who why will with within without won would yes
        yet you your afternoon evening noon
        """,
    )
)
_POINTS_BACK = re.compile(
    r"\bpromised\b|\b(my|the|that|a) promises?\b|\bmy word\b|\bi (said|told you) (that )?(i|we)\b|\bas i said i\b"
    r"|\bwe (agreed|said)\b|\blast time\b|\bi (still )?owe you\b|\b(did|have)(n't| not) (do(ne)?|keep|kept|manage)\b",
    re.IGNORECASE,
)


class Mention(Frozen):
    """Words of this talk that are about a promise, and whether that is sure."""

    certainty: Certainty
    said: Evidence


class Kept(Frozen):
    """A promise and what became of it."""

    words: str
    at: datetime | None
    mention: Mention | None

    @property
    def date(self) -> str:
        """The day it was said, where the manager sits; empty if it is not known."""
        day = self.at.astimezone() if self.at else None
        return f"{day.day} {day:%B %Y}" if day else ""


class FollowThrough(Frozen):
    """What was promised, what has happened since and what the manager said about it in this talk."""

    since: Since
    promises: tuple[Kept, ...]
    owned: Evidence | None
    pointed: bool = False
    passage: Citation | None = None

    @property
    def unowned(self) -> bool:
        """Whether a promise was broken and nothing in the talk owns it or speaks of it."""
        spoken = self.owned or self.pointed or any(kept.mention for kept in self.promises)
        return self.since == "broken" and not spoken

    @property
    def outcome(self) -> str:
        """What became of the promises, as the manager chose it."""
        chosen = {"kept": "Kept, as you chose.", "broken": "Not kept, as you chose."}
        return chosen.get(self.since, "You did not say whether you kept it.")

    def verdict(self, rep: str, turns: Sequence[Turn]) -> str:
        """What follow-through there was, and no more than words can show."""
        if self.since == "kept":
            return f"You kept your word, and {rep} sat down with more trust because of it."
        if self.since != "broken":
            return ""
        if self.unowned:
            return "Nothing you said in this talk owns up to it or speaks of it, as far as words can show."
        if self.owned is None:
            return "You seem to have spoken of it. What was not heard is plain owning: what you owed, without reasons."
        said = f"In {your_reply(turns, self.owned.turn)} you owned something: “{self.owned.quote}”"
        if any(kept.mention and kept.mention.certainty == "yes" for kept in self.promises):
            return f"{said} That is how a broken promise is mended."
        return f"{said} Whether you meant this promise, the words alone do not show."


def follow_through(memory: Memory, turns: Sequence[Turn], passage: Citation | None = None) -> FollowThrough | None:
    """What became of the promises that the rep remembers; None at a first talk."""
    if memory.since is None:
        return None
    return FollowThrough(
        since=memory.since,
        promises=tuple(Kept(words=p.words, at=p.at, mention=mention(p, turns)) for p in memory.promises),
        owned=_owned(turns),
        pointed=any(turn.speaker == "manager" and _points_back(turn.text) for turn in turns),
        passage=passage,
    )


def mention(promise: Promise, turns: Sequence[Turn]) -> Mention | None:
    """Where the manager spoke of a promise, as far as words can show it.

    Sure is a turn that repeats at least half of what a part of the promise is about, in two words, or in one
    beside words that point back ("I said I would"). Words that point back, or come again, alone make it possible.
    """
    parts = [words for part in _PARTS.split(promise.words) if (words := _own_words(part))]
    wanted = _own_words(promise.words)
    best: tuple[tuple[bool, int], Turn] | None = None
    for turn in turns:
        if turn.speaker != "manager":
            continue
        about, back = _own_words(turn.text), _points_back(turn.text)
        half = [len(part & about) for part in parts if len(part & about) >= CLEAR * len(part)]
        shared = len(wanted & about)
        if not (half or back or shared >= LEAST):
            continue
        rank = (bool(half) and max(half) + back >= LEAST, shared + back)
        if best is None or rank > best[0]:
            best = (rank, turn)
    if best is None:
        return None
    (sure, _), turn = best
    said = Evidence(turn=turn.i, quote=quoted(turn.text, _nearest(wanted, turn.text)))
    return Mention(certainty="yes" if sure else "perhaps", said=said)


def advised(knowledge: KnowledgeBase, since: Since | None) -> Citation | None:
    """A sentence of ours on promises, for a talk after one was kept or broken."""
    subject = SUBJECTS.get(since or "")
    if subject is None:
        return None
    found = knowledge.search(subject, CANDIDATES, {"integrity"}, "built-in")
    guidance = [p for p in found if p.kind == "guidance" and p.principles[:1] == ("integrity",)]
    return next(iter(quotable(guidance, subject, knowledge.embedding)), None)


def _owned(turns: Sequence[Turn]) -> Evidence | None:
    """The first words with which the manager owned something."""
    for turn in turns:
        if turn.speaker == "manager" and turn.reading and "OWN" in turn.reading.codes:
            return Evidence(turn=turn.i, quote=quoted(turn.text, turn.reading.quotes.get("OWN", "")))
    return None


def _nearest(wanted: frozenset[str], text: str) -> str:
    """The sentence of a turn that has most to do with a promise."""
    return max(sentences(text), key=lambda s: len(wanted & _own_words(s)) + _points_back(s), default="")


def _points_back(text: str) -> bool:
    """Whether words speak of something said before."""
    return _POINTS_BACK.search(_plain(text)) is not None


def _own_words(text: str) -> frozenset[str]:
    """What a text is about: its words without common ones, dates and endings."""
    found = (word for word in _WORD.findall(_plain(text).casefold()) if word not in _COMMON)
    return frozenset(_ENDING.sub("", word) if len(word) > 4 else word for word in found)


def _plain(text: str) -> str:
    return text.replace("’", "'")
