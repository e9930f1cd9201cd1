"""Words of other people in the rep's mouth: what a customer or a sister said is no sentence of the rep's own.

``own_words`` takes quotes and reported speech out of a sentence, so that "He used to say, my door's always open"
is not taken for the rep saying so. What is put into the manager's mouth stays: that is a fault of its own.
"""

from __future__ import annotations

import re

LEAST = 2  # words of the rep's own beside a quote; a sentence that is all quote is judged as it stands

_QUOTE = re.compile(r"\"[^\"\n]{3,}\"|(?<!\w)'[^'\n]+(?:'\w[^'\n]*)*[.,!?]?'(?!\w)")
_SOMEBODY = (
    r"he|she|it|they|everybody|nobody|somebody|people|{names}|"
    r"(?:my|the|a|his|her|their|one|some) [\w-]+(?: [\w-]+)?"
)
_SAID = (
    rf"(?<!so )\b(?:{_SOMEBODY}|i)(?:'d| would| will|'ll| just| only| always| used to| once)* "
    r"(?:say|says|said|goes|went|ask|asks|asked|told (?:me|him|her|them)|tell (?:me|him|her|them)|wrote|writes|"
    r"shouts?|shouted|put|think|thinks)(?: to me| back)?[,:] ?(?=\w)"
)
_ASKED_WHAT_OTHERS_SAY = (
    r"\b(what|how|did|does|do|has|have|tell me)\b"
    r".*\b(customers?|he|she|they|him|her|them|it|email|letter|note|anybody|anyone|boss|sister|brother|wife|husband|"
    r"mother|mum|{names})\b"
    r".*\b(say|says|said|tell|told|write|wrote|put|ask|asked|shout|touch|react|reacted|view|answer|phone|actually)\b"
    r"|\bwhat('s| is| was|'d)\b.*\b(view|answer|message|email|reaction)\b"
    r"|\bwhat do they (say|shout|ask|tell|want)\b"
)


class Reports:
    """Knows the names of a scenario's other people; made once for a scenario.

    Args:
        others: First names and surnames of everybody but the rep.
    """

    def __init__(self, others: str) -> None:
        """Take a pattern of the names."""
        self._said = re.compile(_SAID.replace("{names}", others), re.IGNORECASE)
        self._asked = re.compile(_ASKED_WHAT_OTHERS_SAY.replace("{names}", others), re.IGNORECASE)

    def wanted(self, manager: str) -> bool:
        """Whether the manager asks what somebody else said, so that the answer may be nothing but quotes."""
        return bool(self._asked.search(manager))

    def own_words(self, text: str) -> str:
        """The sentence without what it reports."""
        bare = _QUOTE.sub(" ", text)
        if match := self._said.search(bare):
            bare = bare[: match.end()] + "..."
        return bare if len(re.findall(r"\w+", bare)) >= LEAST else text
