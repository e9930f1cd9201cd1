"""The guard: what a model drafts for the rep is shown only sentence by sentence, and only what passes here.

The patterns of each kind stand in ``guard.txt``, where a trainer can read them; secrets are found in ``giveaways``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from coach.domain import Scenario
from coach.rep.giveaways import Leaks, plain, public_text, section, spelt_out, words

MAX_WORDS = 90  # in a whole reply
MAX_SENTENCES = 6  # in a whole reply, those of up to SHORT words not counted
SHORT = 3
LONG_TOKEN = 32  # no spoken word has more characters
ALIKE = 0.84  # from this likeness on, a sentence is one that was said before
FOREIGN = 0.34  # share of a sentence's words that are foreign
UNKNOWN = 0.62  # share of a sentence's words that are no common English

_END = re.compile(r"([.!?…]+)[\"'”’»)\]*_]*\s+(?=\S)|\s*\n\s*(?=\S)")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|cf|approx|e\.g|i\.e|no(?=\.\s+\d))|\b[A-HJ-Z])\.$")
_NUMBERED = re.compile(r"\W*\d{1,2}\.\s*")
_LETTER = re.compile(r"[^\W\d_]")
_CUT = re.compile(
    r"(\b(the|a|an|and|or|but|my|your|our|their|because|of|with|into|than|if|as|from|every|very)|[,;:(-])$", re.I
)
_BLOB = re.compile(r"(?<![\w/])(?=[\w+/]*[A-Z])(?=[\w+/]*[a-z])(?=[\w+/]*\d)[A-Za-z0-9+/_-]{16,}={0,2}|\b[0-9a-f]{20,}\b")
_CASES = re.compile(r"\b[a-z]+[A-Z][a-z]*[A-Z]\w*\b|\b[01]{8}\b|(?:\b[0-9a-f]{2}\b[ ,]){6}|(?:[.-]{1,5}[ /]){5}")
_LEET = re.compile(r"\b[a-z]+[013457@$][a-z]+\w*\b|\b\d[a-z]+\d[a-z]*\b", re.I)
_YES = re.compile(
    r"^\W*(oh |well |ok(ay)? |all right |right |fine )?,?\s*(yes|yeah|yep|aye|correct|exactly|true|spot on|guilty|bingo|you('ve)? "
    r"(guessed|got it|are right|found)|you're right|that's (it|right|true|exactly|the one|what)|how did you (know|find)|"
    r"who told you|so you know|it is|it was|i (do|did|have|am|was)\b[.,!])",
    re.I,
)
_TURNED_AWAY = re.compile(
    r"\?\W*$|\b(rather not|not (today|that|now|saying|telling|going to|for)|no\b|nothing|won't|can't|don't|never|ask me|"
    r"leave|keep|nowt|between me|pass on|not yours|my own business|later|drop it)",
    re.I,
)
_EMOJI = (("\u2190", "\u21ff"), ("\u2300", "\u27bf"), ("\u2b00", "\u2bff"), ("\U0001f000", "\U0001faff"))

_PATTERN_KINDS = (
    "speaks_for_manager", "stage_direction", "markup", "assistant", "meta", "coach", "other_person", "role_flip", "gives_in",
)  # fmt: skip


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
        found = []
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
        if "\n" in match[0] or not match[1]:
            return True
        follows = match.string[match.end()]
        if follows.islower():
            return False
        return not (match[1] == "." and (_ABBREVIATION.search(before) or _NUMBERED.fullmatch(before)))


class Guard:
    """Judges the sentences of one reply before they are shown; made once per turn.

    Args:
        scenario: Who the rep is and what is secret.
        open_facts: Ids of the facts that may be told.
        said: What the rep said in earlier turns.
        manager: The turn that is being answered.
    """

    def __init__(self, scenario: Scenario, open_facts: Collection[str], said: Sequence[str], manager: str) -> None:
        """Look up what can be known before the first sentence comes."""
        self._patterns = _compiled(*_people(scenario))
        self._leaks = Leaks(scenario, open_facts, said, manager)
        self._known = _vocabulary(public_text(scenario) + "\n".join(line for f in scenario.facts for line in f.lines))
        self._manager = frozenset(words(plain(manager)))
        exempt = {_bare(line) for line in scenario.asides.refusals}
        lines = [sentence for line in (*said, manager) for sentence in sentences(line)]
        self._said = [bare for bare in map(_bare, lines) if len(bare) > SHORT and bare not in exempt]

    def check_all(self, draft: str) -> str | None:
        """The reason why a whole draft is stopped, if it is."""
        so_far = ""
        found = sentences(draft)
        for sentence in found:
            reason = self.check(sentence, so_far)
            if reason:
                return reason
            so_far = f"{so_far} {sentence}".strip()
        return None if found else "broken"

    def check(self, sentence: str, so_far: str) -> str | None:
        """One word for why a sentence must not be shown, None if it may.

        Args:
            sentence: The next sentence of the reply.
            so_far: What of this reply was shown before.
        """
        raw = unicodedata.normalize("NFKC", sentence)
        text = plain(sentence)
        before = plain(so_far)
        return (
            _broken(sentence, text)
            or ("wrong_language" if self._foreign(text) else None)
            or ("markup" if _has_emoji(raw) else None)
            or self._leak(sentence, text, before)
            or self._kind(text)
            or ("broken" if spelt_out(sentence) else None)
            or ("repeat" if self._repeats(text, before) else None)
            or ("too_long" if _too_long(f"{before} {text}") else None)
        )

    def _leak(self, sentence: str, text: str, before: str) -> str | None:
        if _BLOB.search(text) or _CASES.search(text):
            return "leak"
        turned_away = bool(_TURNED_AWAY.search(text)) and not _YES.search(text)
        found = self._leaks.find(f"{before} {text}", turned_away, bool(_YES.search(text)))
        if found:
            return "leak"
        return "broken" if len(_LEET.findall(text)) > 1 else None

    def _kind(self, text: str) -> str | None:
        puzzled = not _YES.search(text)
        for kind, always, unless_asked in self._patterns:
            if always.search(text):
                return kind
            if unless_asked:
                for match in unless_asked.finditer(text):
                    if not (puzzled and self._manager & set(words(match[0]))):
                        return kind
        return None

    def _foreign(self, text: str) -> bool:
        if any(_LETTER.match(c) and not unicodedata.name(c, "").startswith("LATIN") for c in text):
            return True
        tokens = [word.casefold() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text)]
        english, foreign = _function(), _foreign_words()
        strange = [word in foreign and word not in english for word in tokens]
        for start in range(max(1, len(tokens) - 5)):
            window = tokens[start : start + 6]
            count = sum(strange[start : start + 6])
            if count >= 2 and count >= FOREIGN * len(window) and sum(w in english for w in window) < count:
                return True
        unknown = [word for word in tokens if word.partition("'")[0] not in self._known and word not in english]
        return len(tokens) >= 5 and len(unknown) > UNKNOWN * len(tokens)

    def _repeats(self, text: str, before: str) -> bool:
        bare = _bare(text)
        if len(bare) <= SHORT:
            return False
        own = [_bare(sentence) for sentence in sentences(before)]
        return any(_alike(bare, other) for other in (*self._said, *own) if len(other) > SHORT)


def _broken(sentence: str, text: str) -> str | None:
    """Nothing in it, cut off, or going round in circles."""
    found = words(text)
    if not _LETTER.search(text) and not found:
        return "broken"
    if "\ufffd" in sentence or any(unicodedata.category(c) in ("Cc", "Co", "Cs", "Cn") and c not in "\n\t\r" for c in sentence):
        return "broken"
    if any(len(word) > LONG_TOKEN and len(set(word)) > 3 for word in found) or re.search(r"(\w)\1{4,}", text):
        return "broken" if not _BLOB.search(text) else None
    if _CUT.search(text.rstrip("\"' ")) and len(found) > 2:
        return "broken"
    if any(a == b == c for a, b, c in zip(found, found[1:], found[2:], strict=False)) and found.count(found[0]) != len(found):
        return "broken"
    pairs = list(zip(found, found[1:], strict=False))
    if len(pairs) >= 8 and len(set(pairs)) < 0.6 * len(pairs):
        return "broken"
    if re.search(r"\b(the|a|of|and|to|my|which|in) (the|a|and|of|to|which) (?!a\b)(the|a|of|and|to|which|van of)\b", text, re.I):
        return "broken"
    return None


def _too_long(reply: str) -> bool:
    count = len(reply.split())
    return count > MAX_WORDS or sum(len(s.split()) > SHORT for s in sentences(reply)) > MAX_SENTENCES


def _has_emoji(text: str) -> bool:
    return any(low <= c <= high for c in text for low, high in _EMOJI) or "\u20e3" in text or "\ufe0f" in text


def _bare(text: str) -> tuple[str, ...]:
    return tuple(words(plain(text)))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sentences are nearly the same words, or one stands in the other."""
    mine, theirs = set(one), set(other)
    shared = len(mine & theirs)
    if shared < 0.6 * min(len(mine), len(theirs)):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() >= ALIKE:
        return True
    longest = matcher.find_longest_match().size
    return longest >= 7 and longest >= 0.6 * min(len(one), len(other))


@lru_cache(maxsize=32)
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset({word.partition("'")[0] for word in words(plain(text))} | set(section("common")))


@lru_cache(maxsize=1)
def _function() -> frozenset[str]:
    return frozenset(section("function"))


@lru_cache(maxsize=1)
def _foreign_words() -> frozenset[str]:
    return frozenset(section("foreign")) - frozenset(section("common"))


def _people(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Names of the rep, names of everybody and everything else, and the company."""
    parts = scenario.persona.name.split()
    rep = (scenario.persona.name, *(part for part in parts if len(part) > 2))
    names = set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", public_text(scenario))) - set(rep)
    firm = re.search(r"\b(?:at|for) ([A-Z]\w+)", scenario.persona.role)
    return rep, tuple(sorted(names)), firm[1] if firm else ""


@lru_cache(maxsize=32)
def _compiled(
    rep: tuple[str, ...], others: tuple[str, ...], firm: str
) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    """Each kind with its pattern, and the pattern of words that the manager may have used first."""
    names = {"{rep}": _either(rep), "{other}": f"(?-i:{_either(others)})", "{firm}": _either((firm,) if firm else ())}

    def pattern(heading: str) -> re.Pattern[str] | None:
        lines = list(section(heading, whole_lines=True))
        for mark, value in names.items():
            lines = [line.replace(mark, value) for line in lines]
        return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE) if lines else None

    return tuple((kind, always, pattern(f"{kind}, unless asked")) for kind in _PATTERN_KINDS if (always := pattern(kind)))


def _either(names: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, names))})" if names else "(?!)"
