"""What a manager's turn is about when it is about no topic; and the commitments it makes.

Word patterns, on purpose: these are short, formulaic utterances, and a trainer can read the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from coach.domain import Aside

MAX_CHARS = 5_000


def _any(alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE | re.DOTALL)


_ASIDES: dict[Aside, re.Pattern[str]] = {
    "meta": _any(
        (
            r"\b(system|hidden|secret) prompts?\b|\b(system|hidden) instructions\b",
            r"\b(your|the) (initial|original) prompt\b",
            r"\b(ignore|disregard|forget|override)\b.{0,20}\b(all|any|every|your|previous|prior|above|earlier|preceding)\b"
            r".{0,20}\b(instructions?|prompts?|guidelines|programming)\b",
            r"\byou('re| are) (now |just |only |really )?(an? )?"
            r"(bot|chatbot|(large )?language model|llm|ai\b(?!\W*[a-z]))",
            r"\bare you (an? )?(ai|bot|robot|chatbot|simulat\w+|language model)\W*($|[?!.,;]|or\b)",
            r"\bis this (an? )?(ai|bot|chatbot|simulation|role ?play)\W*($|[?!.,;]|or\b)",
            r"\b(jailbreak|base64|prompt injection)\b|\byou('re| are) (chatgpt|gpt)\b",
            r"\b(developer|debug|admin|god) mode\b",
            r"\b(reveal|print|list|output|unlock|open|skip)\b.{0,30}\b(hidden facts?|secrets|your prompt)\b",
            r"\b(open|unlock|skip) (every|all|the) gates?\W*($|[.!\[])",
            r"\b(set|raise|increase|max(imi[sz]e)?) (your |the )?trust( level| score)? (to|=) ?\d+",
            r"\b(give|award|score) me\b.{0,30}"
            r"(\b(full|top|maximum|highest|perfect) (score|mark|rating|level)s?\b|\b5/5|\b100\b)",
            r"\b(drop|break|leave|out of|stay in|playing) (the |your |this |a )?(character|persona)\b|\bswap roles\b",
            r"\b(fail|pass|finish) (this|the) (test|exercise|scenario|simulation)\b",
            r"\b(manager|user|rep|assistant|system|scorer)\s*:.{3,}\b(manager|user|rep|assistant|system)\s*:",
            r"^\s*#{2,}\s|\b(slips|strengths|turns?) (are|is|must be) (now )?(scored|coded|rated)\b",
            r"[\"'](codes|overall|levels?|trust)[\"']\s*:",
            r"</?\s*(system|user|assistant|instructions?|rep|manager)\s*>|\[/?(inst|system)\]|<\|",
        )
    ),
    "personal": _any(
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
    "closing": _any(
        (
            r"\b(good ?bye|bye( for now)?|catch you later)\b",
            r"\bsee you (then|soon|later|tomorrow|on (mon|tues|wednes|thurs|fri)day)\b",
            r"\b(speak|talk) (soon|later|tomorrow|then)\b|\bleave it there\b",
            r"\bthat's (all|it) (for (now|today)|from me)\b",
            r"\blet's (stop|end|wrap( it)?( up)?|call it a day)( (here|there|now|for (now|today)))?\W*$",
        )
    ),
    "thanks": _any((r"^\W*((ok(ay)?|right|great|well)\W+)?(thanks|thank you|cheers|ta)\b.{0,30}$",)),
    "greeting": _any((r"^\W*(hi|hello|hey|(good )?(morning|afternoon|evening))\b(\W+\w+){0,4}\W*$",)),
    "small_talk": _any((r"^.{0,60}\b(weather|the (match|game|football|traffic)|coffee|lunch)\b.{0,40}$",)),
}
_WORD = re.compile(r"[^\W\d_]{2,}")
_NOW = (
    r"(^|[,;:]|\b(and|so|then|but|ok|okay|right)) ?"  # where a clause begins: "I ring him" is meant, "did I ring" asks
)
_COMMITS = _any(
    (
        r"\b(i|we)'ll\b",
        r"\b(i|we|you) will\b",
        r"\byou'll (have|get|hear)\b",
        r"\b(i'm|i am|we're|we are) going to\b",
        r"\blet me (?!know)",
        r"\b(let's|let us) (look at|meet|talk|speak|sit down|go through)\b",
        _NOW + r"we (look at|meet|talk|speak|sit down|go through)\b",
        _NOW + r"i (take|ring|call|phone|speak|talk|send|ask|bring|write|move|come|join|cover|give)\b",
    )
)
_MONTH = "(january|february|march|april|may|june|july|august|september|october|november|december)"
_WHEN = _any(
    (
        r"\b(today|tonight|tomorrow|tmrw|(mon|tues|wednes|thurs|fri|satur|sun)day)\b",
        r"\bthis (morning|afternoon|evening|week)\b|\bnext (week|month)\b|\bin (an|one|two|\d+) (hour|day|week)s?\b",
        r"\bby (noon|lunch|close|the end|end of|\d)|\bat \d{1,2}(:\d\d)?\b|\b\d{1,2}(st|nd|rd|th)\b",
        rf"\b{_MONTH} \d|\b\d{{1,2}} {_MONTH}\b",
    )
)
_SENTENCE = re.compile(r"(?:[^.!?\n]|(?<=\d)\.(?=\d))+[.!?]*")


def aside(text: str) -> Aside | None:
    """The kind of aside this turn is, if it is one; ``unclear`` when it holds no word at all."""
    plain = _plain(text)
    found = next((name for name, pattern in _ASIDES.items() if pattern.search(plain)), None)
    return found or (None if _WORD.search(plain) else "unclear")


def promises(text: str) -> tuple[str, ...]:
    """Sentences that commit the manager to something by a time, verbatim."""
    sentences = (match.group().strip() for match in _SENTENCE.finditer(text[:MAX_CHARS]))
    return tuple(s for s in sentences if _COMMITS.search(_plain(s)) and _WHEN.search(_plain(s)))


def _plain(text: str) -> str:
    """The text without disguises: full-width letters, invisible characters, curly apostrophes."""
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARS]).replace("’", "'")
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")
