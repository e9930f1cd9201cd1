"""Where a sentence ends, in a whole text or in one that is still being written."""

from __future__ import annotations

import re

_END = re.compile(r"([.!?…]+)[\"'”’»)\]*_]*\s+(?=\S)|\s*\n\s*(?=\S)")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|cf|approx|e\.g|i\.e|no(?=\.\s+\d))|\b[A-HJ-Z])\.$")
_NUMBERED = re.compile(r"\W*\d{1,2}\.\s*")


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space between them."""
    stream = SentenceStream()
    return [*stream.feed(text), *stream.close()]


class SentenceStream:
    """Takes text as it comes and gives each sentence once it is complete; the same ones however the text is cut."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held = ""

    def feed(self, chunk: str) -> list[str]:
        """Take more text; return the sentences that are complete now."""
        self._held += chunk
        found: list[str] = []
        start = search = 0
        while match := _END.search(self._held, search):
            search = match.end()
            if self._ends(self._held[start : match.end(1) if match[1] else match.start()], match):
                found.append(self._held[start : match.end()].strip())
                start = search
        self._held = self._held[start:]
        return [sentence for sentence in found if sentence]

    def close(self) -> list[str]:
        """Return what is left."""
        rest, self._held = self._held.strip(), ""
        return [rest] if rest else []

    @staticmethod
    def _ends(before: str, match: re.Match[str]) -> bool:
        if not any(c.isalnum() for c in before):
            return False
        if "\n" in match[0] or not match[1]:
            return before[-1] != ","
        follows = match.string[match.end()]
        if follows.islower():
            return False
        return not (match[1] == "." and (_ABBREVIATION.search(before) or _NUMBERED.fullmatch(before)))
