"""Pseudonyms for the people of a recording, put in before its words go anywhere.

First names come from Faker's lists, phone numbers are found by phonenumbers (Google's libphonenumber); names of the
speakers come from the recording itself, and any other word with a capital inside a sentence counts as a name, whether
of a person, a company, a product or a place. It works on English text and without a model.

What it misses: names written small or all in capitals (a company like IBM), names that only ever open a sentence and
are on no list, names that are everyday words there (Will you ...), numbers and addresses said in words, account
numbers, and who somebody is by what is told of them. Ids and names of files stay as they are.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from coach.domain import About, Transcript
from coach.errors import StoreError
from coach.transcripts.unreadable import Unreadable

MAIL, SITE, PHONE = "someone@example.com", "www.example.com", "555-0100"
REGIONS = ("US", "GB", "DE", "FR", "IN")
"""Where numbers without a country code may be from."""
LOCALES = ("en_US", "en_GB", "en_IN", "de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL", "pl_PL", "sv_SE")
DIGITS = 7  # a phone number has as many

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SITE = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+[\w/]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[’'](?:s|t|m|d|ll|re|ve)\b)?", re.IGNORECASE)
_SUFFIX = re.compile(r"[’'].*$")
_ENDED = re.compile(r"(?:^|[.!?:;…\n][\"”’')]*|[\"“”‘(*])\s*[-–—\"“‘(*]*\s*$")
_SURNAME = re.compile(r"(?:son|ez|man|berg|ley|ton|sen|ski|ford|well)$")

# Written with a capital and nobody's name.
_CAPITALS = """
i ok okay mr mrs ms dr sir madam monday tuesday wednesday thursday friday saturday sunday january february march april
may june july august september october november december christmas easter english german french spanish italian dutch
polish european american british internet manager rep
"""
# First names that are everyday words, too: only a capital inside a sentence, or a comma behind, makes them a name.
_BOTH = """
amber angel art autumn bill chance charity chase christian cliff crystal dale dawn dean dick don drew earnest faith
frank gene glen grace grant guy harmony heath heaven holly hope hunter ivy jack jade jasmine jesus joy joyce king
lance lane lily mark max melody merit merry miles nick norm olive page pat patience pearl penny prince queen randy ray
reed rich rob robin rose ruby sage sandy skip star sterling stone sue summer tiffany vance victor violet virginia wade
ward will
"""
_PLAIN, _EVERYDAY = frozenset(_CAPITALS.split()), frozenset(_BOTH.split())


class Pseudonyms:
    """Gives every name another one, the same in every recording, as long as the secret is the same."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret: without it nobody can tell which name became which."""
        self._secret = secret

    @classmethod
    def of(cls, path: Path) -> Pseudonyms:
        """Read this computer's secret, or make one; only its owner may read the file.

        Raises:
            StoreError: if it can be neither read nor written.
        """
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(0o600)
                path.write_text(secrets.token_hex(32), encoding="ascii")
            return cls(path.read_bytes())
        except OSError as error:
            raise StoreError(f"The key of the pseudonyms {path} cannot be used ({error.strerror}).") from None

    def every(self, recordings: Iterable[Transcript | Unreadable]) -> Iterator[Transcript | Unreadable]:
        """Recordings with other names, one at a time; those that cannot be used, too."""
        for recording in recordings:
            yield self.replace(recording) if isinstance(recording, Transcript) else self.replace_failed(recording)

    def replace(self, recording: Transcript) -> Transcript:
        """The recording with other names, mails, numbers and companies, in its words and in what is said about it."""
        about = recording.about
        people = [word for name in (about.manager, about.rep) for word in _words(name) if _may_name(word)]
        texts = [_without_addresses(turn.text) for turn in recording.turns]
        renamed = _renamer(self._given(list(dict.fromkeys([*people, *_names(texts)])), texts), people)
        turns = tuple(
            turn.model_copy(update={"text": renamed(text)}) for turn, text in zip(recording.turns, texts, strict=True)
        )
        return recording.model_copy(update={"about": _about(about, renamed), "turns": turns})

    def replace_failed(self, failed: Unreadable) -> Unreadable:
        """The failure with other names, also where its reason names who speaks; the file's name in it stays."""
        about = failed.about
        people = {*failed.people, *filter(None, (about.manager, about.rep))}
        words = [word for name in sorted(people) for word in _words(name) if _may_name(word)]
        renamed = _renamer(self._given(list(dict.fromkeys(words)), [" ".join(people)]), words)
        file = about.file if failed.reason.startswith(about.file) else ""
        reason = failed.reason.removeprefix(file)
        if people:
            named = "|".join(map(re.escape, sorted(people, key=len, reverse=True)))
            reason = re.sub(rf"(?<!\w)(?:{named})(?!\w)", lambda found: renamed(found[0], True), reason)
        return replace(failed, reason=file + reason, about=_about(about, renamed), people=())

    def _given(self, names: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
        """A name for each name: none twice, none that somebody says, none that shows one of these (Sam in Sampson)."""
        taken = {word for text in texts for word in _words(text)}
        given: dict[str, str] = {}
        for name in names:
            pool = _pool(name in _first_names())
            start = int.from_bytes(hmac.digest(self._secret, name.encode(), hashlib.sha256)[:8])
            turned = (pool[(start + k) % len(pool)] for k in range(len(pool)))
            free = (one for one in turned if one.casefold() not in taken and not _shows(one.casefold(), names))
            given[name] = next(free, "Somebody")
            taken.add(given[name].casefold())
        return given


def _renamer(given: dict[str, str], people: Iterable[str]) -> Callable[..., str]:
    """A function that puts the given names into a text; on request also where a word is no name by its looks."""
    own = frozenset(people)

    def renamed(text: str, everywhere: bool = False) -> str:
        return _WORD.sub(lambda found: _other(found, given, own, everywhere), text)

    return renamed


def _about(about: About, renamed: Callable[..., str]) -> About:
    """What is said about a recording, its people renamed; team, day and file stay."""
    people = {"manager": renamed(about.manager, True), "rep": renamed(about.rep, True), "roles": renamed(about.roles)}
    return about.model_copy(update=people)


def _names(texts: Sequence[str]) -> Iterator[str]:
    """Words of these texts that look like a name, in order."""
    small = {found[0] for text in texts for found in re.finditer(r"\b[^\W\d_]+\b", text) if found[0].islower()}
    for text in texts:
        for found in _WORD.finditer(text):
            word = _SUFFIX.sub("", found[0])
            name = word.casefold()
            if not word[0].isupper() or (word.isupper() and len(word) > 1) or not _may_name(name):
                continue
            listed, inside = name in _first_names() | _EVERYDAY, not _opens(found)
            if (listed and (inside or name not in _EVERYDAY or _called(found))) or (inside and name not in small):
                yield name


def _other(found: re.Match[str], given: dict[str, str], people: frozenset[str], everywhere: bool) -> str:
    """What stands in the place of a word: itself unless it is a name here."""
    word = _SUFFIX.sub("", found[0])
    rest, name = found[0][len(word) :], word.casefold()
    if name not in given or rest[1:].casefold() == "t":  # Don't is not Don
        return found[0]
    everyday = name in _EVERYDAY and (word.islower() or (_opens(found) and not _called(found)))
    if not everywhere and (everyday or (word.islower() and name not in people)):
        return found[0]
    return (given[name].upper() if word.isupper() and len(word) > 1 else given[name]) + rest


def _opens(found: re.Match[str]) -> bool:
    """Whether a word begins a sentence, where a capital says nothing."""
    return bool(_ENDED.search(found.string[max(0, found.start() - 20) : found.start()])) or found.start() == 0


def _called(found: re.Match[str]) -> bool:
    """Whether a word stands alone before a comma or the like, as when somebody is spoken to."""
    return found.string[found.end() : found.end() + 1] in {",", ".", "!", "?", ":"}


def _shows(one: str, names: Iterable[str]) -> bool:
    return any(name in one for name in names)


def _may_name(name: str) -> bool:
    return len(name) > 1 and name not in _PLAIN


def _words(text: str) -> Iterator[str]:
    return (_SUFFIX.sub("", found[0]).casefold() for found in _WORD.finditer(text))


def _without_addresses(text: str) -> str:
    """The text with other mails, sites and phone numbers."""
    text = _SITE.sub(SITE, _MAIL.sub(MAIL, text))
    if sum(letter.isdigit() for letter in text) < DIGITS:
        return text
    from phonenumbers import Leniency, PhoneNumberMatcher

    for region in REGIONS:
        for match in reversed(list(PhoneNumberMatcher(text, region, leniency=Leniency.VALID))):
            if sum(letter.isdigit() for letter in match.raw_string) >= DIGITS:
                text = f"{text[: match.start]}{PHONE}{text[match.end :]}"
    return text


@cache
def _first_names() -> frozenset[str]:
    """First names of several languages, from Faker."""
    return frozenset(name.casefold() for locale in LOCALES for name in _listed(locale, "first_names"))


@cache
def _pool(first: bool) -> tuple[str, ...]:
    """Names to give: first names that are no everyday words, or family names that sound like one."""
    names = _listed("en_US", "first_names" if first else "last_names")
    fitting = {n for n in names if (n.casefold() not in _EVERYDAY | _PLAIN if first else _SURNAME.search(n))}
    return tuple(sorted(fitting))


def _listed(locale: str, what: str) -> Iterable[str]:
    from importlib import import_module

    provider = import_module(f"faker.providers.person.{locale}").Provider
    names: Iterable[str] = getattr(provider, what)
    return names
