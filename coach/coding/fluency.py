"""Words without what speech puts between them, and without what typing leaves out.

A recording says "um, you know, I mean", a message "pls tell me whats up w u". None of that is leadership, so the
readers of turns do not see it: the same words get the same codes, however they came. Quotes are always taken from the
words as they stand.
"""

from __future__ import annotations

import re

_SOUNDS = r"(?:u+m+|u+h+|e+r+m*|h+m+|mm+)"
_MARKERS = r"(?:you know|i mean|like|so|well|sort of|kind of|basically|actually|right|okay|ok|yeah|look|listen|anyway)"
_FILLED = re.compile(
    rf"(?:^|(?<=[.!?…,;:\-–—]\s))(?:(?:{_SOUNDS}|{_MARKERS}),\s+|{_SOUNDS}[.…\s]+)+(?=\w)"
    rf"|(?<=\s){_SOUNDS},?\s+(?=\w)",
    re.IGNORECASE,
)


# What nobody means otherwise; "id", "ill", "its", "well" and the like may be words of their own, so they stay.
_TYPED = {
    "u": "you", "r": "are", "pls": "please", "plz": "please", "thx": "thanks", "tx": "thanks", "ty": "thank you",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "ppl": "people", "w": "with", "w/": "with",
    "wk": "week", "wks": "weeks", "mtg": "meeting", "bc": "because", "cuz": "because", "coz": "because", "b4": "before",
    "abt": "about", "rn": "right now", "idk": "I don't know", "dunno": "don't know", "tbh": "to be honest",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "im": "I'm", "ive": "I've", "dont": "don't",
    "doesnt": "doesn't", "didnt": "didn't", "cant": "can't", "couldnt": "couldn't", "wont": "won't",
    "wouldnt": "wouldn't", "shouldnt": "shouldn't", "isnt": "isn't", "arent": "aren't", "wasnt": "wasn't",
    "werent": "weren't", "havent": "haven't", "hasnt": "hasn't", "hadnt": "hadn't", "youre": "you're",
    "youve": "you've", "youd": "you'd", "youll": "you'll", "theyre": "they're", "theyve": "they've", "weve": "we've",
    "thats": "that's", "whats": "what's", "hows": "how's", "wheres": "where's", "theres": "there's", "heres": "here's",
}  # fmt: skip
_WHOLE = r"(?<![\w'’.&/-])({})(?![\w'’&/-]|\.\w)"  # "u.s.", "R&D" and "w-shaped" are none
_SHORT = re.compile(_WHOLE.format("|".join(sorted(map(re.escape, _TYPED), key=len, reverse=True))), re.IGNORECASE)
_YOU_ARE = re.compile(r"\bur\b(?= (?:a|an|the|here|not|in|on|so|too|right|\w+ing)\b)", re.IGNORECASE)
_YOUR = re.compile(r"\bur\b", re.IGNORECASE)


def careful(text: str) -> str:
    """The text as somebody would write it with care: without fillers, its shorthand written out."""
    return written_out(fluent(text))


def fluent(text: str) -> str:
    """The text without fillers: sounds anywhere, discourse markers only where a comma sets them off from a clause."""
    return _FILLED.sub("", text)


def written_out(text: str) -> str:
    """The text with whole words in the place of a message's shorthand."""
    text = _SHORT.sub(lambda found: _TYPED[found[0].casefold()], text)
    return _YOUR.sub("your", _YOU_ARE.sub("you're", text))
