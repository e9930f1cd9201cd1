"""What a manager's question asks for, and whether a line can be an answer to a question of that kind.

A line on the right subject that gives no name to "Who?" and no time to "Since when?" does not answer. Where the rep has
nothing to say, the playwright's lines for that kind of question (``asides.unsaid``) decline like a person.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Literal

Kind = Literal["open", "yes_no", "who", "when", "how_many", "where", "which", "what_said", "why"]

MAX_CHARS = 400  # of a question; more is not looked at
_AUXILIARY = "do|does|did|is|are|was|were|have|has|had|can|could|would|will|should|shall|may|am"
_START = r"(^|[.!,;:–—] ?|\b(and|so|but|ok|okay|well|then|or|tell me|about|by|for|from|of|since|to|until|with) )"
"""Where a question begins: not "the man who rang", not "what do you do when it rains"."""
_TURNED = rf"(?=( \w+)? ({_AUXILIARY}|'s|'d)\b|'s\b|'d\b|( \w+)?\W*$)"
"""What follows a word that asks, and not one that only opens a clause ("When she left, what did you do?")."""
_FORMS: tuple[tuple[Kind, str], ...] = (
    ("which", rf"{_START}({_AUXILIARY})(n't)? [^?]*,? or (?!not?\b|what\b|something\b|anything\b)[^?]+\?"),
    ("who", rf"{_START}(who|whose|whom)\b"),
    (
        "how_many",
        r"\bhow (many|much|big|old|far|high|low)\b|\bwhat (number|percentage|per cent|share|figure|amount|size)\b",
    ),
    ("when", rf"{_START}when{_TURNED}|\b(how long|how often|what (day|time|date|week|month|year))\b"),
    ("where", rf"{_START}where{_TURNED}|\b(which|what) (office|room|place|site|town)\b"),
    (
        "what_said",
        r"\bwhat (did|do|does|have|has|had) (?!you( \w+)? think\b)\w+( \w+)? (say|said|tell|told|answer|think|reply)\b"
        r"|\bhow did \w+( \w+)? (react|take)\b",
    ),
    ("which", r"\bwhich\b|\bwhat exactly\b|\bwhat (kind|sort|part|bit|thing)\b|\ban? example\b|\blike what\b"),
    ("why", r"\bwhy\b|\bhow come\b|\bwhat (made|makes)\b|\bwhat for\b"),
    ("yes_no", rf"\byes or no\b|(^|[.!,;:] ?|\b(and|so|but|ok|well|then) )({_AUXILIARY})(n't)? [a-z']+\b"),
)
_ASKED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _FORMS)
LEAD_IN = "(and |so |but |then |ok(ay)?,? |well,? )*"
"""What may stand before a question."""
_UNMARKED = re.compile(
    LEAD_IN + rf"((who|what(?! an?\b)|when|where|why|which|how)( \w+)?( ({_AUXILIARY})|'s|'d)\b"
    rf"|(?!(do|have) (it|that)\b)({_AUXILIARY})(n't)? (you|he|she|they|it|we|that|there|anybody|anyone)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that asks without a mark, as in a message typed in haste."""
_ABOUT = "(you )?(what|when|who|how|where|why|which|whether|if|about)"
ASKED_AGAIN = re.compile(
    rf"\bi (just |only )?asked {_ABOUT}\b|\bi (was|was only|was just|'m only|'m just) asking {_ABOUT}\b", re.IGNORECASE
)
"""What puts a question again that was not answered."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_GIVEN: dict[Kind, re.Pattern[str]] = {
    "who": re.compile(
        r"\b(?i:he|she|they|him|her|them|(no|some|any|every)body|anyone|everyone|people|me|you|we|us|boss|team|customer"
        r"|sister|brother|wife|husband|mother|father|mum|dad|friend|lad|girl|boys?|buyer)\b|(?<=[a-z,] )[A-Z][a-z]+"
    ),
    "how_many": re.compile(
        r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred"
        r"|thousand|half|third|quarter|dozen|couple|few|none|all|every|most|nothing|many|much|lots?|once|twice)\b",
        re.IGNORECASE,
    ),
    "when": re.compile(
        r"\b(since|ago|last|next|(years?|months?|weeks?|days?|hours?|minutes?|nights?|mornings?|evenings?)|always|never"
        r"|often|sometimes|lately|(mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july"
        r"|august|september|october|november|december|spring|summer|autumn|winter|christmas|easter|now|today|yesterday"
        r"|tomorrow|soon|before|after|until|till|when)\b",
        re.IGNORECASE,
    ),
    "where": re.compile(
        r"\b((at|in|on|by|from|near|to) (the|my|our|an?|his|her) \w+|here|there|home|outside|office|car|kitchen)\b",
        re.IGNORECASE,
    ),
    "what_said": re.compile(r"\b(said|says?|told|tell|asked|answered|words?|thinks?|reckons?)\b|[\"“]", re.IGNORECASE),
    "why": re.compile(r"\b(because|since|so that|cause|why|reason|when|if|after)\b", re.IGNORECASE),
    "yes_no": re.compile(
        r"^\W*(yes|no|yeah|yep|nope|aye|not|never|nah|of course|i (do|did|am|have)|i('m| don't| didn't)|it is"
        r"|(he|she|they) (did|does)|maybe|perhaps|sometimes|sure|always|some days|mostly|probably|ha)\b",
        re.IGNORECASE,
    ),
}


def straight(text: str) -> str:
    """With the apostrophe that the patterns know."""
    return text.replace("’", "'")


def kind(words: str) -> Kind:
    """What the last question of a manager's turn asks for; ``open`` for everything that leaves the rep free."""
    asked = question(words)
    return next((kind for kind, pattern in _ASKED if pattern.search(asked)), "open")


def question(words: str) -> str:
    """The last question of a manager's turn; where no mark tells one, by its form, or else the last sentence.

    "I was asking why they don't order." asks again. Only the beginning of a long one is given.
    """
    parts = [part for part in _SENTENCE.split(straight(words).strip()) if part][::-1]
    marked = (part for part in parts if "?" in part or ASKED_AGAIN.search(part))
    unmarked = (part for part in parts if _UNMARKED.match(part))
    return next(chain(marked, unmarked, parts), "")[:MAX_CHARS]


def gives(kind: Kind, line: str) -> bool:
    """Whether a line holds what a question of this kind asks for, as far as its words show."""
    pattern = _GIVEN.get(kind)
    return pattern is None or bool(pattern.search(straight(line)))
