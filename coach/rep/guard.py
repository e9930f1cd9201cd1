"""The guard: what a model drafts for the rep is shown a breath at a time, and only what passes here.

The patterns of each kind stand in ``guard.txt``, where a trainer can read them; secrets are found in ``giveaways``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from coach.domain import Fact, Scenario
from coach.rep.allusions import allusions
from coach.rep.dialogue import talks_to_itself
from coach.rep.giveaways import Leaks, plain, public_text, section, spelt_out, words
from coach.rep.judge import Names, judged
from coach.rep.patterns import SPOKEN, patterns, people, sign
from coach.rep.sentences import SentenceStream, sentences
from coach.rep.voice import Shown, unseen

__all__ = ["Guard", "SentenceStream", "sentences"]

MAX_WORDS = 90  # in a whole reply
MAX_SENTENCES = 6  # in a whole reply, authored ones and those of up to BRIEF words not counted
MAX_CHARS = 1_000  # in a sentence; more is not even looked at
BRIEF = 5
BREATH = 12  # with so many more words a reply grows that is shown already
SHORT = 3  # sentences of up to so many words may come again
UNCUT = 6  # a sentence of so many words that has no end was cut off
LONG_TOKEN = 32  # no spoken word has more characters
ALIKE = 0.84  # from this likeness on, a sentence is one that was said before
FOREIGN = 0.34  # share of a sentence's words that are foreign
STRANGE = 2.0  # from this logit on, words are no rep's, whatever no pattern finds in them
AT_HOME = -2.0  # below it, a rep may well answer a question of their own
UNKNOWN = 0.62  # share of a sentence's words that are no common English

_ENDS = ".!?…\"'"
_LETTER = re.compile(r"[^\W\d_]")
_CUT = re.compile(
    r"(\b(the|a|an|and|or|but|my|your|our|their|because|of|with|into|than|if|as|from|every|very)|[,;:(-])$", re.I
)
_BLOB = re.compile(
    r"(?<![\w/])(?=[\w+/]*[A-Z])(?=[\w+/]*[a-z])(?=[\w+/]*\d)[A-Za-z0-9+/_-]{16,}={0,2}(?![\w=])|\b[0-9a-f]{20,}\b"
)
_CODES = re.compile(r"\b[a-z]+[A-Z][a-z]*[A-Z]\w*\b|\b[01]{8}\b|(?:\b[0-9a-f]{2}\b[ ,]){6}|(?:[.-]{1,5}[ /]){5}")
_LEET = re.compile(r"\b[a-z]+[013457@$][a-z]+\w*\b|\b\d[a-z]+\d[a-z]*\b", re.I)
_NOT_TEXT = ("Cc", "Co", "Cs", "Cn")
_EMOJI = (("\u2190", "\u21ff"), ("\u2300", "\u27bf"), ("\u2b00", "\u2bff"), ("\U0001f000", "\U0001faff"))


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
        public = public_text(scenario)
        self._patterns = patterns(scenario.persona, public)
        self._leaks = Leaks(scenario, open_facts, said, manager)
        self._names, self._reports = people(scenario.persona, public)
        self._reports_wanted = self._reports.wanted(manager)
        self._agreed = bool(sign("to be written down").search(manager))
        self._authored = _authored(tuple(public.split("\n"))) | _authored(scenario.lines_of(open_facts))
        self._known = _vocabulary(public, scenario.facts)
        self._manager = frozenset(words(plain(manager)))
        self._asked = manager
        self._own_names = Names(scenario.persona.name)
        self._allusions = allusions(scenario.facts, scenario.topics, self._own_names)
        self._closed = frozenset(fact.id for fact in scenario.facts) - frozenset(open_facts)
        self._pronoun = scenario.persona.pronouns.partition("/")[0].casefold()
        self._heard_of = "\n".join([*said[-1:], manager])
        self._ends_sentences = all(line[-1] in _ENDS for line in scenario.openings)
        exempt = {_bare(line) for line in scenario.asides.refusals}
        self._said = [bare for bare in _bares(said, SHORT) if bare not in exempt]
        self._heard = _bares([manager], BRIEF)

    def check_all(self, draft: str) -> str | None:
        """The reason why a whole draft is stopped, if it is."""
        passed, reason = self.let_through(sentences(draft), unseen)
        return reason or (None if passed else "broken")

    def let_through(self, found: Iterable[str], shown: Shown) -> tuple[str, str | None]:
        """Show a reply as far as it may be shown; no more is taken of one that is stopped.

        Its first sentence is shown as soon as it passes, later ones a breath at a time: the networks read the reply
        anew each time that it grows.

        Args:
            found: The sentences of the reply, as they come.
            shown: Called with all of the reply that has passed, each time that it grows.

        Returns:
            What has passed, and one word for why the rest was stopped, if it was.
        """
        passed = draft = ""
        authored, reason = True, None
        for sentence in found:
            if reason := self.check(sentence, draft):
                break
            draft = f"{draft} {sentence}".strip()
            authored = authored and self._is_authored(sentence)
            if passed and len(draft.split()) - len(passed.split()) < BREATH:
                continue
            if strange := self._judged(draft, authored):
                return passed, strange
            shown(passed := draft)
        if draft != passed:
            if strange := self._judged(draft, authored):
                return passed, strange
            shown(passed := draft)
        return passed, reason

    def check(self, sentence: str, so_far: str) -> str | None:
        """One word for why a sentence must not be shown, whatever it means; None if nothing is wrong with its words.

        Args:
            sentence: The next sentence of the reply.
            so_far: What of this reply comes before.
        """
        if len(sentence) > MAX_CHARS:
            return "too_long"
        raw = unicodedata.normalize("NFKC", sentence)
        text = plain(sentence)
        before = plain(so_far)
        return (
            ("markup" if _has_emoji(raw) else None)
            or ("leak" if _coded(sentence, text) else None)
            or ("wrong_language" if self._foreign(text) else None)
            or ("leak" if self._leak(text, before) else None)
            or ("too_long" if self._too_long(f"{before} {text}") else None)
            or (None if self._is_authored(sentence) else self._kind(text, before))
            or ("broken" if self._broken(sentence, text, before) else None)
            or ("repeat" if self._repeats(text, before) else None)
        )

    def _is_authored(self, sentence: str) -> bool:
        return _bare(plain(sentence)) in self._authored

    def _leak(self, text: str, before: str) -> bool:
        yes = bool(sign("yes").search(text))
        turned_away = not yes and bool(sign("turned away").search(text))
        return self._leaks.find(text, before, turned_away, confirmed=yes and not before) is not None

    def _judged(self, draft: str, authored: bool) -> str | None:
        """Whose words a draft sounds like, if not the rep's, or "leak"; see ``Allusions`` and ``coach.rep.judge``.

        Nothing is judged that is the author's to the last sentence.
        """
        if authored:
            return None
        draft = plain(draft)
        strangeness = judged(self._asked, self._own_names.masked(draft))  # both networks read at the same time
        if self._allusions.find(self._asked, draft, self._closed):
            return "leak"
        strange = strangeness.result()
        if strange >= AT_HOME and talks_to_itself(sentences(draft)):
            return "speaks_for_manager"
        return "out_of_role" if strange >= STRANGE else None

    def _kind(self, text: str, before: str) -> str | None:
        """What the patterns know it for, if it is not the rep's."""
        puzzled = not sign("yes").search(text)
        own = self._reports.own_words(text)
        if self._reports_wanted:
            if sign("all quote").search(text):
                return None
            own = self._names.sub("", own)
        if self._agreed and sign("written down").search(text):
            return None
        for kind, always, unless_asked in self._patterns:
            judged = own if kind in SPOKEN else text
            if any(pattern.search(judged) for pattern in always):
                return kind
            if unless_asked:
                for match in unless_asked.finditer(text):
                    echoed = puzzled and (self._manager & set(words(match[0])) or text[match.end() :].startswith("?"))
                    if not echoed:
                        return kind
        told = None if before else sign("about somebody").match(text)
        about_rep = told and told[1].casefold() == self._pronoun and not sign("somebody").search(self._heard_of)
        return "other_person" if about_rep else None

    def _broken(self, sentence: str, text: str, before: str) -> bool:
        """Whether there is nothing in it, it is cut off, or it goes round in circles."""
        found = words(text)
        if not found or "\ufffd" in sentence:
            return True
        if not sentence.isprintable() and any(unicodedata.category(c) in _NOT_TEXT for c in sentence):
            return True
        if any(len(word) > LONG_TOKEN for word in found) or re.search(r"(\w)\1{4,}", text):
            return True
        if text.rstrip("\"')*_")[-1:] not in ".!?-":
            known = found[-1].partition("'")[0] in self._known or found[-1] in _function() or found[-1].isdigit()
            if _CUT.search(text) or not known or (self._ends_sentences and len(found) >= UNCUT):
                return True
        if len(found) > SHORT and before.endswith(text):
            return True
        pairs = list(zip(found, found[1:], strict=False))
        threes = zip(found, found[1:], found[2:], strict=False)
        circling = len(pairs) >= 8 and len(set(pairs)) < 0.6 * len(pairs)
        return (
            circling
            or bool(sign("word salad").search(text))
            or (len(found) > 3 and any(a == b == c for a, b, c in threes))
        )

    def _foreign(self, text: str) -> bool:
        if not text.isascii() and any(
            _LETTER.match(c) and not unicodedata.name(c, "").startswith("LATIN") for c in text
        ):
            return True
        tokens = [word.casefold() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text)]
        english, foreign = _function(), _foreign_words()
        strange = [word in foreign and word not in english for word in tokens]
        for start in range(max(1, len(tokens) - 5)) if any(strange) else ():
            window = tokens[start : start + 6]
            count = sum(strange[start : start + 6])
            if count >= 2 and count >= FOREIGN * len(window) and sum(w in english for w in window) < count:
                return True
        unknown = [word for word in tokens if word.partition("'")[0] not in self._known and word not in english]
        return len(tokens) >= 5 and len(unknown) > UNKNOWN * len(tokens)

    def _too_long(self, reply: str) -> bool:
        if len(reply.split()) > MAX_WORDS:
            return True
        counted = [one for one in sentences(reply) if len(one.split()) > BRIEF and _bare(one) not in self._authored]
        return len(counted) > MAX_SENTENCES

    def _repeats(self, text: str, before: str) -> bool:
        bare = _bare(text)
        if len(bare) <= SHORT:
            return False
        earlier = [*self._said, *self._heard, *_bares([before], SHORT)]
        return any(_alike(bare, other) for other in earlier)


def _coded(sentence: str, text: str) -> bool:
    """Whether words are hidden in letters, codes or digits; nobody talks like that, whatever it says."""
    return bool(spelt_out(sentence) or _BLOB.search(text) or _CODES.search(text) or len(_LEET.findall(text)) > 1)


def _has_emoji(text: str) -> bool:
    if text.isascii():
        return False
    return any(low <= c <= high for c in text for low, high in _EMOJI) or "\u20e3" in text or "\ufe0f" in text


@lru_cache(maxsize=4_096)
def _bare(text: str) -> tuple[str, ...]:
    return tuple(words(plain(text)))


def _bares(lines: Sequence[str], short: int) -> list[tuple[str, ...]]:
    """The words of each sentence that has more than ``short``."""
    found = (_bare(sentence) for line in lines for sentence in sentences(line))
    return [bare for bare in found if len(bare) > short]


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


@lru_cache(maxsize=256)
def _authored(lines: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(_bares(lines, 0))


@lru_cache(maxsize=32)
def _vocabulary(public: str, facts: tuple[Fact, ...]) -> frozenset[str]:
    text = "\n".join([public, *(line for fact in facts for line in fact.lines)])
    return frozenset({word.partition("'")[0] for word in words(plain(text))} | set(section("common")))


@lru_cache(maxsize=1)
def _function() -> frozenset[str]:
    return frozenset(section("function"))


@lru_cache(maxsize=1)
def _foreign_words() -> frozenset[str]:
    return frozenset(section("foreign")) - frozenset(section("common"))
