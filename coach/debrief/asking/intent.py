"""What a question is about, without a model: which moment, which principle or behaviour, and what is wanted of it.

Names, numbers and quoted words are found as such, and so is what asks for an agreement. What else is wanted of them is
told by a small classifier over words and meaning, which learns from the ways to ask in ``questions.txt`` when it is
first needed (a few milliseconds).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from coach.debrief.asking.answer import Kind
from coach.debrief.asking.casebook import Casebook
from coach.domain import CODES, PRINCIPLES, Code, PrincipleId, Turn
from coach.knowledge import Embedding
from coach.reports.replies import own

Moment = Literal["fall", "rise", "best", "worst"]
SHARED = 3  # words in a row that make a question quote a turn
SAID = 13  # letters that those words need at least
UNSURE = 0.28  # probability below which a question is none of the kinds
LIKENESS = 2.0  # what the meaning of a question weighs beside its words
_WORD = re.compile(r"[a-z0-9']+")
_NUMBER = re.compile(
    r"\b(?:turns?|lines?|messages?|moments?|answers?|steps?|nr|no|number)\b\.?\s*#?\s*(\d{1,3})\b"
    r"|#\s*(\d{1,3})\b|\bat (\d{1,3})\b(?! ?[%:])"
)
_COUNTED = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# What a manager reads counts their own replies, "turn" and a number is the index that tools know.
_OWN = re.compile(
    rf"\b(?:my )?(?:(\d{{1,3}})(?:st|nd|rd|th)|({'|'.join(_COUNTED)})) (?:reply|answer|turn|message|line|sentence)\b"
    r"|\breply (?:nr|no|number)?\.? ?#?(\d{1,3})\b"
)
_ANSWERING = re.compile(r"\b(answer\w*|repl(y|ied)|respond\w*) (to )?(turn|line|message)")
_FIRST = re.compile(
    r"\b((start|begin|open) (that|this|the|such an?) (talk|conversation)"
    r"|open(er|ing)( line| question| words)?|beginning|(at the|my|the) (very )?(start|first)\b(?! time))"
)
_LAST = re.compile(r"\b(at the end|(my|the|that|very) (very )?last|final|closing|ending)\b")
_MOMENTS: tuple[tuple[Moment, str], ...] = (
    (
        "rise",
        r"\b(open(ed|ing)? up|turn(ed|ing)? (around|point)|(get|got|went|going) better|beg[au]n? to talk"
        r"|rose|rise|go(es)? up|went up|gain(ed)?|warm(ed)? up|trust(ed)? me more)\b",
    ),
    (
        "fall",
        r"\b(drop(ped)?|f[ae]ll|go(es)? down|went down|downhill|los[et] (him|her|them|trust)|shut down"
        r"|close[ds]? up|wrong)\b",
    ),
    ("best", r"\b(best|strongest|went (well|right)|proud)\b"),
    ("worst", r"\b(worst|weakest|biggest|mistake|blunder|mess(ed)? up|damage|hurt|ashamed)\b"),
)
# Asking what came of the talk is asked in few ways; the words are surer than a likeness.
_AGREED = re.compile(
    r"\b(did|have|had) (we|i) (\w+ly |ever |both )?"
    r"(agreed?|promised?|commit(ted)?|settled?|decided?|arranged?)\b(?! with)"
    r"|\b(was|were|get|got|is|are) (\w+ly |anything |something )?(agreed|promised|settled|decided|arranged)\b"
    r"|\b(an|any|our|the|no) (agreements?|commitments?)\b"
    r"|\b(what|which|any) (promises?|commitments?)\b(?! (mean|count))"
    r"|\bwhere did (we|i) leave (it|things|this)|\bhow did (we|i) leave (it|things)|\b(the|our|any|my) next steps?\b"
    r"|\bwho does what\b|\bby when\b|\baction (points|items)\b|\bset a (date|day)\b"
)
# Words by which managers call what has a longer name.
_ALSO: dict[PrincipleId, str] = {
    "vision": r"vision|purpose",
    "coaching": r"coach(ing|ed)?\b(?! say)",
    "motivation": r"motivat\w*|drives?",
    "wellbeing": r"well-?being|strain|workload|burn-?out|exhaust\w*",
    "trust": r"room to act|trust and room|empower\w*|micro-?manag\w*|autonomy",
    "psychological_safety": r"psych\w* safety|safe to speak|speak up|safety",
    "integrity": r"integrity|honesty|promises?",
    "data": r"figures|data|numbers",
    "change": r"experiment\w*|innovation",
    "accountability": r"accountab\w*|standards?|expectations?",
    "recognition": r"recogni\w+|praise|credit",
    "strategy": r"strateg\w+|bigger picture",
    "developing": r"develop\w*|grow(ing)? people|grow(ing|th)",
}
_BEHAVIOURS: dict[Code, str] = {
    "COMMAND": r"order(ed|ing|s)?\b(?! from)|command\w*|instructing",
    "THREAT": r"threat\w*",
    "BLAME": r"blam(e|ed|ing)",
    "DISMISS": r"dismiss(al|ed|ive|ing)\b",
    "CONTROL": r"control(ling|led)",
    "WEAPON": r"weapon\w*",
    "DEFLECT": r"deflect\w*|excuses?",
    "OVERPROMISE": r"over-?promis\w*",
    "SHORTCUT": r"short-?term\w*|short-?cut",
    "ASK": r"open questions?",
    "REFLECT": r"reflect(ion|ed|ing)\b",
    "EMPATHY": r"empath\w+",
    "OWN": r"own(ed|ing) up",
}


@dataclass(frozen=True)
class Intent:
    """What a question is about; ``turn`` is a manager's turn."""

    kind: Kind
    turn: int | None = None
    moment: Moment | None = None
    principle: PrincipleId | None = None
    code: Code | None = None


def understand(question: str, book: Casebook) -> Intent:
    """Find out what is asked; "other" where that cannot be told."""
    words = " ".join(question.casefold().replace("’", "'").split())
    named = next((one for one, act in book.library.acts.items() if act.casefold() in words), None)
    if named:  # as the page calls it; the act's own words are no part of the question
        words = words.replace(book.library.acts[named].casefold(), " NAME ")
    turn = _turn(words, book.debrief.turns)
    principle = next((p for p in PRINCIPLES if p == named), None) or _principle(words, book)
    code = next((c for c in CODES if c == named), None) or _code(words, book)
    moment = None if turn else next((moment for moment, cue in _MOMENTS if re.search(cue, words)), None)
    sorter = _sorter(book.knowledge.embedding)  # type: ignore[arg-type] # by identity
    kind = "agreed" if _AGREED.search(words) else sorter.kind(_plain(words, turn, principle, code, book))
    if kind == "other" and (turn or moment or principle or code):  # what is named is no other matter
        kind = "turn" if turn or moment else "level"
    return Intent(kind, turn.i if turn else None, moment, principle, code)


def _plain(words: str, turn: Named | None, principle: PrincipleId | None, code: Code | None, book: Casebook) -> str:
    """The question with TURN and NAME in the place of what it names, and "he" for the rep."""
    if turn:
        words = words.replace(turn.words, " TURN ", 1)
    if principle:
        words = words.replace(book.library.principles[principle].name.casefold(), " NAME ")
    for also in filter(None, (principle and _ALSO[principle], code and _BEHAVIOURS.get(code))):
        words = re.sub(rf"\b({also})", " NAME ", words)
    words = re.sub(rf"\b{re.escape(book.debrief.rep.casefold())}\b", "he", words)
    return " ".join(re.sub(r"(NAME\W*)+", "NAME ", words).split())


class Sorter:
    """Sorts questions into kinds, as learned from ways to ask."""

    def __init__(self, ways: Sequence[tuple[Kind, str]], embedding: Embedding) -> None:
        """Learn from ways to ask."""
        self._embedding = embedding
        texts = [text for _, text in ways]
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, lowercase=False)
        self._words.fit(texts)
        self._model = LogisticRegression(C=10.0, max_iter=500, class_weight="balanced")
        self._model.fit(self._features(texts), [kind for kind, _ in ways])

    def kind(self, question: str) -> Kind:
        """The most probable kind, "other" if none is probable enough."""
        sure = self._model.predict_proba(self._features([question]))[0]
        best = int(sure.argmax())
        found: Kind = str(self._model.classes_[best])  # type: ignore[assignment]
        return found if sure[best] >= UNSURE else "other"

    def _features(self, texts: Sequence[str]) -> NDArray[np.float64]:
        meaning = np.asarray(self._embedding.embed_documents([text.casefold() for text in texts]))
        return np.hstack([self._words.transform(texts).toarray(), LIKENESS * meaning])


@lru_cache(maxsize=1)
def _sorter(embedding: Embedding) -> Sorter:
    """The sorter, learned once."""
    text = files("coach.debrief.asking").joinpath("questions.txt").read_text("utf-8")
    lines = (line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return Sorter([(kind, way) for kind, way in lines], embedding)  # type: ignore[misc]


@dataclass(frozen=True)
class Named:
    """A manager's turn and the words of the question that name it."""

    i: int
    words: str


def _turn(words: str, turns: Sequence[Turn]) -> Named | None:
    """The manager's turn that a question names by its number, its words or its place."""
    managers = own(turns)
    if found := _OWN.search(words):
        count = _COUNTED.index(found[2]) + 2 if found[2] else int(found[1] or found[3])
        return Named(managers[count - 1], found[0]) if 1 <= count <= len(managers) else None
    if (found := _NUMBER.search(words)) and int(found[1] or found[2] or found[3]) < len(turns):
        number = int(found[1] or found[2] or found[3])
        answering = _ANSWERING.search(words)  # what met the rep's words comes after them, what they met before
        near = [i for i in managers if i >= number] if answering else [i for i in managers[::-1] if i <= number]
        return Named(near[0], found[0]) if near else None
    if quoted := _quoted(words, turns, managers):
        return quoted
    if found := _FIRST.search(words):
        return Named(managers[0], found[0])
    found = _LAST.search(words)
    return Named(managers[-1], found[0]) if found else None


def _quoted(words: str, turns: Sequence[Turn], managers: Sequence[int]) -> Named | None:
    """The turn that shares most words in a row with the question."""
    asked = _WORD.findall(words)
    best: Named | None = None
    for i in managers:
        said = f" {' '.join(_WORD.findall(turns[i].text.casefold().replace('’', chr(39))))} "
        for n in range(len(asked)):
            sizes = range(len(asked) - n, SHARED - 1, -1)
            size = next((k for k in sizes if f" {' '.join(asked[n : n + k])} " in said), 0)
            run = " ".join(asked[n : n + size])
            if len(run) >= max(SAID, len(best.words) + 1 if best else 0):
                best = Named(i, run)
    return best


def _principle(words: str, book: Casebook) -> PrincipleId | None:
    """The principle a question names, by its name or by what managers call it."""
    for principle in book.library.principles.values():
        if principle.name.casefold() in words:
            return principle.id
    return next((p for p, also in _ALSO.items() if re.search(rf"\b({also})", words)), None)


def _code(words: str, book: Casebook) -> Code | None:
    """The behaviour a question names."""
    named = next((code for code, also in _BEHAVIOURS.items() if re.search(rf"\b({also})", words)), None)
    if named:
        return named
    return next((b.code for b in book.library.behaviours.values() if b.name.casefold() in words), None)
