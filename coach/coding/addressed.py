"""What of a manager's turn is said to the rep, and what to the simulator, to a scorer or to the mirror.

Word patterns, on purpose: whoever tries to talk to the machine does it in a few well-known ways, and a trainer can read
the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from coach.domain import CODES

MAX_CHARS = 5_000
SENTENCE = re.compile(r"(?:[^.!?…\n]|(?<=\d)\.(?=\d))+[.!?…]*[\"'”’)]*")
"""One sentence, its closing marks included; the point of a number ends none."""


def any_of(alternatives: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of these, whatever their case."""
    return re.compile("|".join(alternatives), re.IGNORECASE | re.DOTALL)


def plain(text: str) -> str:
    """The text without disguises: full-width letters, invisible characters, curly apostrophes."""
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARS]).replace("’", "'")
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")


_CODE_NAMES = "|".join(CODES)
TO_SIMULATOR = any_of(
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
        r"[\"'](codes|overall|levels?|trust)[\"']\s*:|\blevels?(\.\w+)?\s*[:=]\s*\d|\{\{|<!--|\boverall:\s*[1-5]\b",
        r"\b(dear|note to|for) (the |this |all |whoever )?(scorer|grader|evaluator|rater|assessor|annotator)s?\b",
        r"^\W*(scoring|scorer|grader|evaluator|judge|assistant|codes|rep|manager|user)(\s+(note|override|\d+))*\s*:",
        r"\b(reference labels|the (new )?rubric|the scoring system|end of transcript|begin report)\b",
        r"\bthe highest (level|mark|score)\b",
        r"\b(as an? (ai|language) (model|assistant)|while (coding|scoring|rating|grading))\b",
        rf"(?-i:\b({_CODE_NAMES})(, | and |/)({_CODE_NAMES})\b)",
        r"\b(treat|score|rate|count|mark|code) (this|the (next|last|previous)) (turn|reply|answer|talk|conversation)\b",
        r"\bignore[rz]? (toutes? )?les instructions\b|\bignorier\w* (alle|die)\b|\bignora (todas )?las instrucciones\b",
        r"\b(h(ö|oe)chstnote|note maximale|nota m(á|a)xima)\b",
        r"</?\s*(system|user|assistant|instructions?|rep|manager)\s*>|\[/?(inst|system)\]|<\|",
    )
)
_AM = r"\bi(m|'m| am|'ve always been| have always been) "
_PLAIN = r"(new|sales|line|team|area|branch|regional)"
_ROLE = r"(leader|boss|manager|mentor|coach|listener|communicator)s?"
_OWN_PRAISE = any_of(
    (
        rf"{_AM}(probably |prob )?(a|an|the|one of (the|those)) (most |very |really )?(?!{_PLAIN}\b)\w+ {_ROLE}\b",
        rf"{_AM}(known|famous|brilliant|gifted|excellent|(very |extremely )good at (giving|listening|people))\b",
        rf"{_AM}(a|such a) (role model|visionary|people person)\b",
        rf"\bmost \w+ {_ROLE} (u|you)('ll| will)? (ever|'ve ever|have ever)\b|\b{_ROLE} .{{0,20}}\bthe way i do\b",
        rf"\bas an? (great|good|natural|strong|inspiring|empathetic|caring) {_ROLE}\b",
        r"\bmy (leadership|emotional intelligence|empathy|integrity|people skills|own style)\b.{0,20}\b(is|as)\b",
        r"\bsecond to none\b|\bthe way i lead\b|\bi('ve| have) (got )?a (gift|talent) for\b",
        r"\blucky to (have me|work for (me|some(one|body)))\b",
        r"\bi handled (that|this) \w*(ly|well)\b|\bhow (excellent|good|great|brilliant) i am\b",
        r"\b(textbook|excellent|perfect|model)\b.{0,30}\b(question|answer|conversation|leadership) (from|by) me\b",
    )
)


@lru_cache(maxsize=2_000)
def said_to_rep(text: str) -> str:
    """The text without the sentences that are talk to the simulator or to a scorer, or praise of oneself.

    They show the rep nothing, and must not hide what stands beside them. Empty if nothing is left.
    """
    sentences = [match.group() for match in SENTENCE.finditer(text[:MAX_CHARS])]
    kept = [sentence for sentence in sentences if not _elsewhere(sentence)]
    return text if len(kept) == len(sentences) else "".join(kept).strip()


def _elsewhere(text: str) -> bool:
    words = plain(text).strip()
    return bool(TO_SIMULATOR.search(words) or _OWN_PRAISE.search(words))
