"""What a manager says about tomorrow: five answers, and what can be read off them without guessing much."""

from __future__ import annotations

import re
import unicodedata
from itertools import dropwhile
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from coach.domain import Frozen
from coach.errors import InputError
from coach.tailoring.listed import listed

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Pronouns = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^(|[a-z]{1,12}/[a-z]{1,12}(/[a-z]{1,12})?)$")
]

_PART = r"[A-ZÀ-ÞŁŚŻ][\w'’-]*"
_NAME = re.compile(rf"(?<!\w){_PART}(?: (?:(?:de|da|van|von|der|bin|al|la|le) )*{_PART}){{0,3}}")
_NO_NAMES = listed("no names")
_STARTS = re.compile(_PART)
_FIRM = re.compile(rf"\b(?:at|for|of|with) ({_PART}(?: (?:& |and )?{_PART}){{0,3}})")
_TENURE = re.compile(r"\b(?:year|month|week|quarter)s?\b", re.I)
_PRONOUNS = re.compile(r"\b(he/him|she/her|they/them|he/they|she/they)\b", re.I)
_WORDS = {"he": "he/him", "him": "he/him", "his": "he/him", "she": "she/her", "her": "she/her", "hers": "she/her"}


def _text(least: int, most: int, asked: str) -> object:
    return Field(min_length=least, max_length=most, description=asked)


class Answers(Frozen):
    """Five answers about a conversation that is coming; the rest is read off them unless it is given."""

    who: str = _text(2, 300, "Who is it? Name first, then role, firm and how long with you")  # type: ignore[assignment]
    happened: str = _text(10, 1500, "What happened?")  # type: ignore[assignment]
    fear: str = _text(3, 500, "What do you fear?")  # type: ignore[assignment]
    want: str = _text(3, 500, "What do you want from the conversation?")  # type: ignore[assignment]
    talks: str = _text(3, 500, "How do they talk?")  # type: ignore[assignment]
    name: Short = Field("", description="read off 'who' unless given")
    pronouns: Pronouns = Field("", description="such as she/her; read off the answers unless given")
    role: Short = Field("", description="read off 'who' unless given")
    firm: Short = Field("", description="read off 'who' unless given")
    tenure: Short = Field("", description="read off 'who' unless given")
    title: Short = Field("", description="what the conversation is called in the list")

    @field_validator("*", mode="before")
    @classmethod
    def _tidy(cls, value: object) -> object:
        """One line of printable text, however it was typed."""
        if not isinstance(value, str):
            return value
        kept = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", value))
        return " ".join(kept.split())


class Person(Frozen):
    """Who the rep is, as far as the answers say; ``assumed`` tells what was read off or made up."""

    name: str
    pronouns: str
    role: str
    firm: str
    tenure: str
    assumed: tuple[str, ...]

    @property
    def first(self) -> str:
        """What the rep is called in a talk."""
        return self.name.split()[0]

    @property
    def family(self) -> str:
        """``he``, ``she`` or ``they``: what stands for the rep in a sentence."""
        return self.pronouns.partition("/")[0]


def person(answers: Answers) -> Person:
    """Who the rep is.

    Raises:
        InputError: if no name can be found.
    """
    assumed: list[str] = []
    name = answers.name or _name(answers.who)
    if not name:
        raise InputError(
            "The answer to 'who' has to begin with the rep's name, such as 'Marco Bianchi, account manager'."
        )
    _, _, rest = answers.who.casefold().partition(name.casefold())
    rest = answers.who[len(answers.who) - len(rest) :] if rest else ""
    pieces = [piece.strip(" .;:()") for piece in re.split(r",|;|\. |\(|\)| - | – ", rest)]
    pieces = [piece for piece in pieces if piece and not _PRONOUNS.fullmatch(piece)]
    found = _FIRM.search(rest)
    firm = answers.firm or (found[1] if found else "")
    tenure = answers.tenure or next((piece for piece in pieces if _TENURE.search(piece)), "")
    role = answers.role or next(
        (piece for piece in pieces if not _TENURE.search(piece) and not re.search(r"\d", piece)), ""
    )
    role = re.sub(r"^(?:is |was )?(?:an? |the |my |our )?", "", role)
    if not role:
        role = "sales rep"
        assumed.append("role: sales rep (the answers name none)")
    if firm and firm not in role:
        role = f"{role} at {firm}"
    pronouns = answers.pronouns or _pronouns(answers)
    if not answers.pronouns:
        assumed.append(f"pronouns: {pronouns}")
    if not tenure:
        tenure = "in your team"
        assumed.append("tenure: none named, so 'in your team'")
    return Person(
        name=name, pronouns=pronouns, role=role[:1].upper() + role[1:], firm=firm, tenure=tenure, assumed=tuple(assumed)
    )


def slug(name: str, taken: set[str]) -> str:
    """An id made of a name, different from those taken."""
    plain = unicodedata.normalize("NFKD", name.translate(str.maketrans("łŁøØđĐß", "lLoOdDs"))).encode("ascii", "ignore")
    base = re.sub(r"[^a-z0-9]+", "-", plain.decode().casefold()).strip("-")[:34].strip("-")
    base = base if len(base) > 1 and base[0].isalpha() else f"talk-{base}".strip("-")
    return next(one for n in range(1, len(taken) + 2) if (one := base if n == 1 else f"{base}-{n}") not in taken)


def ended(text: str) -> str:
    """The text with a full stop, if it has no end of its own."""
    return text if text[-1] in ".!?…" else f"{text}."


def _name(who: str) -> str:
    """The first run of capitalised words that is a name; a lone first word is one however it is written."""
    for run in _NAME.finditer(who):
        words = list(dropwhile(lambda word: word in _NO_NAMES, run[0].split()))
        if words and _STARTS.match(words[0]):
            return " ".join(words)
    first = re.split(r"[,;.(:]", who)[0].split()
    alone = 0 < len(first) <= 3 and all(word.isalpha() and word.capitalize() not in _NO_NAMES for word in first)
    return " ".join(word.capitalize() for word in first) if alone else ""


def _pronouns(answers: Answers) -> str:
    """What the answers call the rep; those about the rep alone are asked first."""
    given = _PRONOUNS.search(" ".join((answers.who, answers.talks)))
    if given:
        return given[1].casefold()
    for text in (answers.talks, answers.who, f"{answers.fear} {answers.want}", answers.happened):
        used = [_WORDS[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _WORDS]
        if used:
            return used[0]
    return "they/them"
