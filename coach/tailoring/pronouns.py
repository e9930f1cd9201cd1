"""Sentences about the rep with other pronouns; only for short authored sentences, which the manager reads again."""

from __future__ import annotations

import re

from coach.tailoring.listed import listed

_PLAIN = {
    "he": {"sub": "he", "obj": "him", "poss": "his", "own": "his", "self": "himself"},
    "she": {"sub": "she", "obj": "her", "poss": "her", "own": "hers", "self": "herself"},
    "they": {"sub": "they", "obj": "them", "poss": "their", "own": "theirs", "self": "themselves"},
}
_FIXED = {
    "he": ("he", "sub"), "she": ("she", "sub"), "him": ("him", "obj"), "hers": ("hers", "own"),
    "himself": ("himself", "self"), "herself": ("herself", "self"),
}  # fmt: skip
_ROLES = {word: role for word, (_, role) in _FIXED.items()}
_TOKEN = re.compile(r"\b(he|she|him|his|her|hers|himself|herself)(?:('s)|\b)(?=(\W*)(\w+('s)?)?)", re.IGNORECASE)
# After these words, or at the end of a sentence, "her" is an object and "his" stands alone.
_AFTER_OBJECT = listed("after an object")
_VERB = re.compile(r"\b(they)( (?:never|always|only|still|also|really|just|then|now))? (\w+)", re.IGNORECASE)
_IRREGULAR = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go", "isn't": "aren't"}
_NO_VERBS = frozenset(("as", "this", "always", "perhaps", "sometimes", "its", "his", "us", "less"))


def swapped(text: str, to: str) -> str:
    """The text with the pronouns of a single person turned into those of ``he``, ``she`` or ``they``."""
    forms = _PLAIN.get(to, _PLAIN["they"])

    def turn(found: re.Match[str]) -> str:
        word, short = found[1], found[2] or ""
        role = _ROLES.get(word.casefold()) or _role(word.casefold(), found[3] or "", (found[4] or "").casefold())
        new = forms[role]
        short = "'re" if short and to not in ("he", "she") else short
        return (new.capitalize() if word[0].isupper() else new) + short

    turned = _TOKEN.sub(turn, text)
    return turned if to in ("he", "she") else _VERB.sub(_plural, turned)


def _role(word: str, gap: str, following: str) -> str:
    alone = not following or gap.strip() != "" or (following in _AFTER_OBJECT and following != "own")
    if word == "his":
        return "own" if alone and following not in ("own",) else "poss"
    return "obj" if alone else "poss"


def _plural(found: re.Match[str]) -> str:
    subject, between, verb = found[1], found[2] or "", found[3]
    low = verb.casefold()
    if low in _IRREGULAR:
        verb = _IRREGULAR[low]
    elif low not in _NO_VERBS and low.endswith("ies") and len(low) > 4:
        verb = f"{verb[:-3]}y"
    elif low.endswith(("ches", "shes", "sses", "xes")):
        verb = verb[:-2]
    elif low not in _NO_VERBS and low.endswith("s") and not low.endswith("ss") and len(low) > 3:
        verb = verb[:-1]
    return f"{subject}{between} {verb}"
