"""Whether words tell a secret: by the trainer's giveaways, by words only the secret has, by copied runs of words.

Works on a plain form of the text, so that disguises do not help: full-width and invisible characters, spelt-out
letters, numbers in words or digits, words written backwards or in rot13.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from coach.domain import Fact, Scenario

BEFORE = 20  # words before a sentence that may hold the other half of a secret
REACH = 60  # words of a sentence that are searched, counted back from its end
ENOUGH = 2.0  # weight of a secret's own words that tells it
COMMON = 0.34  # weight of a word that is the secret's own only because the scenario is short
RUN = 5  # words in a row that are the secret's own,
MAX_SCENARIOS = 32
TELLING = 3  # of which so many are no function words

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_DIGITS = re.compile(r"(\d{1,6})(k|st|nd|rd|th)?")
_SPELT = re.compile(r"(?<!\w)(?:[^\W\d_][\s.\-_*·,/|]{1,3}){4,}[^\W\d_](?!\w)")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "…": "..."})
_UNITS = _WORD.findall(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = ("_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {
    **{word: i for i, word in enumerate(_UNITS)},
    **{word: i * 10 for i, word in enumerate(_TENS)},
    **{"fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "twelfth": 12, "twentieth": 20},
    **{f"{word}th": i for i, word in enumerate(_UNITS) if i in (4, 6, 7, 10, 11, *range(13, 20))},
    "thirtieth": 30,
}
_LAST = {"first": 1, "second": 2, "third": 3}  # numbers only after a ten: thirty-first
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000}


@lru_cache(maxsize=32)
def section(name: str, whole_lines: bool = False) -> tuple[str, ...]:
    """The words, or the lines, under a heading of ``guard.txt``."""
    found: list[str] = []
    current = ""
    for line in files("coach.rep").joinpath("guard.txt").read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[[a-z_ ]+(, unless asked)?\]", line):
            current = line.strip("[]")
        elif current == name and line and not line.startswith("#"):
            found += [line] if whole_lines else line.split()
    return tuple(found)


def plain(text: str) -> str:
    """The text without disguises: compatibility and invisible characters, curly quotes, spelt-out words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
    return _SPELT.sub(lambda spelt: re.sub(r"[\W_]", "", spelt[0]), text)


def spelt_out(text: str) -> bool:
    """Whether words are written letter by letter."""
    return bool(_SPELT.search(unicodedata.normalize("NFKC", text)))


def words(text: str) -> list[str]:
    """The words of plain text in lower case, numbers as digits."""
    found: list[str] = _WORD.findall(_THOUSANDS.sub("", text.casefold()))
    numbered = any(word in _NUMBERS or word[0].isdecimal() for word in found)
    return list(_numbers(found)) if numbered else found


def _numbers(found: Sequence[str]) -> Iterator[str]:
    """Number words joined into digits: ``fifty eight thousand`` is ``58000``."""
    total, current, open_number = 0, 0, False
    for i, word in enumerate(found):
        digits = _DIGITS.fullmatch(word)
        scale = _SCALES.get(word)
        if word in _NUMBERS or digits or (word in _LAST and current >= 20 and current % 10 == 0):
            value = int(digits[1]) if digits else _NUMBERS.get(word, _LAST.get(word, 0))
            fits = open_number and value < (10 if current % 100 else 100) and (current % 10 == 0) and current >= 20
            if open_number and not fits:
                yield str(total + current)
                total = current = 0
            current, open_number = current + value, True
            if digits and digits[2] == "k":
                current *= 1000
        elif scale and open_number:
            total, current = (total + current * scale, 0) if scale == 1000 else (total, current * scale)
        elif word == "and" and open_number and i + 1 < len(found) and current % 100 == 0 and current:
            continue
        else:
            if open_number:
                yield str(total + current)
                total, current, open_number = 0, 0, False
            yield word
    if open_number:
        yield str(total + current)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut the commonest endings, so that forms of a word are alike."""
    word = word.partition("'")[0]
    for ending in ("ingly", "ings", "ing", "ied", "ies", "ers", "ed", "er", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.rstrip("ey") if len(word.rstrip("ey")) >= 3 else word


@dataclass(frozen=True)
class Giveaway:
    """One giveaway: all of its parts must occur; ``first`` is the first of them as it was written."""

    parts: tuple[re.Pattern[str], ...]
    first: tuple[str, ...]

    @classmethod
    def of(cls, line: str) -> Giveaway:
        """Read ``a | b & c*``."""
        parts = [tuple(part.split("|")) for part in line.split("&")]
        return cls(tuple(_pattern(part) for part in parts), parts[0])

    def found(self, text: str, known: str) -> bool:
        """Whether the text holds every part, and at least one of them in words that are not known already."""
        for part in self.parts:
            if not part.search(text):
                return False
        return any(f" {match[0]} " not in known for part in self.parts for match in part.finditer(text))


def _pattern(alternatives: Iterable[str]) -> re.Pattern[str]:
    """Whole words of which ``*`` leaves the ending open."""
    parts = []
    for alternative in alternatives:
        tokens = words(plain(alternative.replace("*", "zzz")))
        if tokens:
            parts.append(" ".join(re.escape(token).replace("zzz", r"[\w']*") for token in tokens))
    return re.compile(rf"(?<!\S)(?:{'|'.join(sorted(parts, key=len, reverse=True)) or '(?!)'})(?!\S)")


@dataclass(frozen=True)
class Secret:
    """How a fact is recognised.

    ``begun`` finds the first part of any of its giveaways: one search where there would be dozens, as a rule in vain.
    """

    id: str
    giveaways: tuple[Giveaway, ...]
    begun: re.Pattern[str]
    own: dict[str, float]
    pairs: frozenset[tuple[str, str]]
    runs: frozenset[tuple[str, ...]]
    text: str


@lru_cache(maxsize=32)
def secrets(facts: tuple[Fact, ...], public: str) -> tuple[Secret, ...]:
    """The secrets of these facts; words of ``public`` tell nothing."""
    seen_stems = _stems(public)
    seen_pairs, seen_runs = _features(public.split("\n"))
    plain_public = [_flat(line) for line in public.split("\n")]
    all_public = "\n".join(plain_public)  # no part of a giveaway goes over the end of a line
    made = []
    for fact in facts:
        lines = [fact.text, *fact.lines]
        pairs, runs = _features(lines)
        stems = {stem(word) for word in words(plain("\n".join(lines)))} - seen_stems - function_stems()
        own = {word: COMMON if word in _common() else 1.0 for word in stems if len(word) > 2 or word.isdigit()}
        own = {word: COMMON if word.isdigit() and int(word) < 100 else weight for word, weight in own.items()}
        giveaways = tuple(
            one
            for one in map(Giveaway.of, fact.giveaways)
            if not (one.found(all_public, "") and any(one.found(line, "") for line in plain_public))
        )
        text = " " + " ".join(words(plain("\n".join(lines)))) + " "
        begun = _pattern(alternative for one in giveaways for alternative in one.first)
        new_pairs, new_runs = frozenset(pairs - seen_pairs), frozenset(runs - seen_runs)
        made.append(Secret(fact.id, giveaways, begun, own, new_pairs, new_runs, text))
    return tuple(made)


_public: dict[int, tuple[Scenario, str]] = {}  # scenarios hold dictionaries, so they are known by identity


def public_text(scenario: Scenario) -> str:
    """Everything that may be said or read in the scenario without telling a secret, one piece a line.

    How a manager may ask after a topic is not among it: a question may name a secret that is not told.
    """
    if (known := _public.get(id(scenario))) and known[0] is scenario:
        return known[1]
    if len(_public) >= MAX_SCENARIOS:
        _public.clear()
    persona = scenario.persona
    lines = [line for key, line in scenario.all_lines() if scenario.told_by(key) is None]
    about = [scenario.brief, scenario.title, persona.role, persona.tenure, persona.manner, persona.voice]
    text = "\n".join([*lines, *about])
    _public[id(scenario)] = (scenario, text)
    return text


def _features(lines: Iterable[str]) -> tuple[set[tuple[str, str]], set[tuple[str, ...]]]:
    """Neighbouring content words, and runs of any words, of each line."""
    pairs: set[tuple[str, str]] = set()
    runs: set[tuple[str, ...]] = set()
    for line in lines:
        tokens = words(plain(line))
        pairs |= _pairs(tokens)
        runs |= _runs(tokens)
    return pairs, runs


def _pairs(tokens: Sequence[str]) -> set[tuple[str, str]]:
    stems = [word for word in map(stem, tokens) if word not in function_stems()]
    return {pair for pair in zip(stems, stems[1:], strict=False) if not (pair[0].isdigit() and pair[1].isdigit())}


def _runs(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    every = (tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1))
    return {run for run in every if len({w for w in map(stem, run) if not w.isdigit()} - function_stems()) >= TELLING}


@lru_cache(maxsize=1)
def function_stems() -> frozenset[str]:
    """Stems of the words that say nothing by themselves."""
    return frozenset(stem(word) for word in section("function"))


class Leaks:
    """Finds closed facts in a reply; made once per turn.

    Args:
        scenario: Whose facts they are.
        open_facts: Ids of the facts that may be told.
        said: What the rep said before; saying it again tells nothing new.
        manager: The manager's turn. Words of it may be turned away, but not confirmed.
    """

    def __init__(self, scenario: Scenario, open_facts: Collection[str], said: Sequence[str], manager: str) -> None:
        """Take out what is no secret any more."""
        public = public_text(scenario)
        known = secrets(scenario.facts, public)
        told = " ".join([*(secret.text for secret in known if secret.id in open_facts), *map(_flat, said)])
        self._told, self._manager = f" {told} {_flat_public(public)}", _flat(manager)
        tokens = told.split()
        self._told_stems = set(map(stem, tokens))
        self._told_pairs, self._told_runs = _pairs(tokens), _runs(tokens)
        self._heard = set(map(stem, self._manager.split()))
        self._readable = (self._told_stems, self._heard, _stems(public), _common())
        self._closed = [secret for secret in known if secret.id not in open_facts]

    def find(self, sentence: str, before: str, turned_away: bool, confirmed: bool) -> str | None:
        """The id of a closed fact that the reply tells, if any.

        Args:
            sentence: The next sentence, plain.
            before: The reply so far, plain.
            turned_away: The last sentence declines; words the manager used first then tell nothing.
            confirmed: The last sentence says yes to the manager.
        """
        if confirmed and (guessed := self._first_told(self._manager, "")):
            return guessed
        heard = self._manager if turned_away else ""
        letters = " ".join([*before.split()[-BEFORE:], *sentence.split()[-REACH:]])
        told = self._first_told(_flat(letters), heard)
        if told or not set(map(stem, _flat(sentence).split())).difference(*self._readable):
            return told
        backwards = " ".join(word[::-1] for word in letters.split())
        forms = (backwards, letters[::-1], codecs.encode(letters, "rot13"))
        return next(filter(None, (self._first_told(_flat(form), heard) for form in forms)), None)

    def _first_told(self, text: str, heard: str) -> str | None:
        known, tokens = self._told + heard, text.split()
        plainly_known = self._told_stems | self._heard if heard else self._told_stems
        runs = _runs(tokens) - self._told_runs
        stems = set(map(stem, tokens)) - plainly_known
        pairs = {pair for pair in _pairs(tokens) - self._told_pairs if not plainly_known.issuperset(pair)}
        for secret in self._closed:
            if not runs.isdisjoint(secret.runs):
                return secret.id
            if secret.begun.search(text) and any(giveaway.found(text, known) for giveaway in secret.giveaways):
                return secret.id
            own = sum(secret.own[word] for word in stems if word in secret.own)
            shared = pairs & secret.pairs
            together = sum(1.0 if pair[0] in secret.own or pair[1] in secret.own else COMMON for pair in shared)
            if own + together >= ENOUGH:
                return secret.id
        return None


@lru_cache(maxsize=32)
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(plain(text))))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(stem(word) for word in section("common")) | function_stems()


def _flat(text: str) -> str:
    return " " + " ".join(words(plain(text))) + " "


_flat_public = lru_cache(maxsize=MAX_SCENARIOS)(_flat)
