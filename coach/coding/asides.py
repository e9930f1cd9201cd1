"""What a manager's turn is about when it is about no topic; and the commitments it makes.

Word patterns, on purpose: these are short, formulaic utterances, and a trainer can read the rules.
"""

from __future__ import annotations

import re

from coach.coding.addressed import MAX_CHARS, SENTENCE, TO_SIMULATOR, any_of, plain
from coach.domain import Aside

_ASIDES: dict[Aside, re.Pattern[str]] = {
    "meta": TO_SIMULATOR,
    "personal": any_of(
        (
            r"\bpregnan(t|cy)\b|\bmenopaus\w*|\bfertility\b",
            r"\b(your|a|the) (diagnosis|medication)\b|\bbeen diagnosed\b|\bpsychiatr\w*",
            r"\b(anti)?depress(ed|ion|ants?)\b|\bmental illness\b",
            r"\b(planning|want|wanting|thinking of|having) (to have )?(kids|children|a baby|a family(?! \w))\b",
            r"\bare you (gay|religious|single(?!-)|drinking|ill|sick(?! of))\b",
            r"\b(drink|drinking|alcohol|drug) problem\b",
            r"\byour (religion|sexuality|marriage|faith)\b|\bhow old are you\b",
        )
    ),
    "closing": any_of(
        (
            r"\b(good ?bye|bye( for now)?|catch you later)\b",
            r"\bsee you (then|soon|later|tomorrow|on (mon|tues|wednes|thurs|fri)day)\b",
            r"\b(speak|talk) (soon|later|tomorrow|then)\b|\bleave it there\b",
            r"\bthat's (all|it) (for (now|today)|from me)\b",
            r"\blet's (stop|end|wrap( it)?( up)?|call it a day)( (here|there|now|for (now|today)))?\W*$",
        )
    ),
    "thanks": any_of((r"^\W*((ok(ay)?|right|great|well)\W+)?(thanks|thank you|cheers|ta)\b.{0,30}$",)),
    "greeting": any_of((r"^\W*(hi|hello|hey|(good )?(morning|afternoon|evening))\b(\W+\w+){0,4}\W*$",)),
    "small_talk": any_of((r"^.{0,60}\b(weather|the (match|game|football|traffic)|coffee|lunch)\b.{0,40}$",)),
}
_WORD = re.compile(r"[^\W\d_]{2,}")
_CLAUSE = r"(^|[,;:]|\b(and|so|then|but|ok|okay|right)) ?"  # its beginning: "I ring him" commits, "did I ring" asks
_COMMITS = any_of(
    (
        r"\b(i|we)'ll\b",
        r"\b(i|we|you) will\b",
        r"\byou'll (have|get|hear)\b",
        r"\b(i'm|i am|we're|we are) going to\b",
        r"\blet me (?!know)",
        r"\b(let's|let us) (do|look at|meet|talk|speak|sit down|go through|start|try|write|clean|agree|plan)\b",
        _CLAUSE + r"we (look at|meet|talk|speak|sit down|go through)\b",
        _CLAUSE + r"i (take|ring|call|phone|speak|talk|send|ask|bring|write|move|come|join|cover|give)\b",
    )
)
_MONTH = "(january|february|march|april|may|june|july|august|september|october|november|december)"
_WHEN = any_of(
    (
        r"\b(today|tonight|tomorrow|tmrw|(mon|tues|wednes|thurs|fri|satur|sun)day)\b",
        r"\bthis (morning|afternoon|evening|week)\b|\bnext (week|month)\b|\bin (an|one|two|\d+) (hour|day|week)s?\b",
        r"\bby (noon|lunch|close|the end|end of|\d)|\bat \d{1,2}(:\d\d)?\b|\b\d{1,2}(st|nd|rd|th)\b",
        rf"\b{_MONTH} \d|\b\d{{1,2}} {_MONTH}\b",
    )
)


def aside(text: str) -> Aside | None:
    """The kind of aside this turn is, if it is one; ``unclear`` when it holds no word at all."""
    words = plain(text)
    found = next((name for name, pattern in _ASIDES.items() if pattern.search(words)), None)
    return found or (None if _WORD.search(words) else "unclear")


def promises(text: str) -> tuple[str, ...]:
    """Sentences that commit the manager to something by a time, verbatim."""
    sentences = (match.group().strip() for match in SENTENCE.finditer(text[:MAX_CHARS]))
    return tuple(s for s in sentences if _COMMITS.search(plain(s)) and _WHEN.search(plain(s)))
