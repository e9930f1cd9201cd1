"""Proper names of a scenario: found by code, offered with a neutral default, replaced throughout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from coach.domain import Frozen, Scenario
from coach.tailoring.listed import in_order, listed

Kind = Literal["rep", "firm", "person", "other"]

_CAP = r"[A-ZÀ-ÞŁŚŻ][\w]*(?:[-’'](?!s\b)[\w]+)*"
_RUN = re.compile(rf"(?<=[a-zà-ÿ,;0-9] )({_CAP}(?: {_CAP})*)")
_ANY = re.compile(rf"\b{_CAP}")
_LOWER = re.compile(r"\b[a-zà-ÿ]+\b")
_PERSON_BEFORE = re.compile(
    r"\b(?:told|tell|ask|asked|asks|with|and|rang|called|mr|mrs|ms|dr|married to|sister|says|said)\.? $", re.I
)
_PERSON_AFTER = re.compile(
    r"^(?: (?:is|was|has|says|said|asks?|asked|told|knows|knew|wants?|does|did|came|went|brings?|notices?|thinks?|"
    r"reads|wrote|gave)\b|'s (?:not|a|got|been|the)\b)"
)
_PLACE_BEFORE = re.compile(r"\b(?:at|in|from|near|into|outside) $", re.I)
_FIRMS = listed("parts of names of firms and places")
_TITLES = frozenset(("Dr", "Mr", "Mrs", "Ms", "Miss", "Sir", "Herr", "Frau"))
# Names of the calendar, of peoples and tongues, and of what everybody shares: no one's in particular.
_SHARED = listed("names that are nobody's")
PEOPLE = in_order("neutral people", ",")
PLACES = in_order("neutral places", ",")


ORDINARY = 2  # a word that stands so often without a capital is no name where it stands without one


class Name(Frozen):
    """A proper name of a scenario, with what may stand in its place."""

    old: str
    kind: Kind
    times: int
    new: str
    suggestions: tuple[str, ...] = ()


def names(scenario: Scenario, taken: Mapping[Kind, str], mentioned: Iterable[str] = ()) -> tuple[Name, ...]:
    """Every proper name of a scenario, those of the rep and the firm first, then the commonest.

    Args:
        scenario: The built-in one.
        taken: The rep's own name and firm.
        mentioned: Names from the manager's answers, suggested for names of the same kind.
    """
    texts = list(sentences(scenario))
    found = _found(scenario, texts)
    used = {word.casefold() for one in [*found, *taken.values(), *mentioned] for word in one.split()}
    people = (one for one in PEOPLE if not used & set(one.casefold().split()))
    places = (one for one in PLACES if one.casefold() not in used)
    mine = [one for one in mentioned if one not in taken.values()]
    offered = []
    for old, times in found.items():
        kind = _kind(old, scenario, texts)
        if kind in ("rep", "firm"):
            new = taken.get(kind) or next(places, old)
        elif kind == "person":
            whole = next(people, old)
            new = whole if len(old.split()) > 1 else whole.split()[0]
        else:
            new = next(places, old)
        near = tuple(one for one in mine if kind == "other" or len(one.split()) == len(old.split()))
        offered.append(Name(old=old, kind=kind, times=times, new=new, suggestions=(new, *near[:4])))
    order = {"rep": 0, "firm": 1, "person": 2, "other": 2}
    return tuple(sorted(offered, key=lambda one: (order[one.kind], -one.times)))


def parts(scenario: Scenario) -> frozenset[str]:
    """Every word of a proper name of a scenario."""
    return frozenset(part for name in _found(scenario, list(sentences(scenario))) for part in name.split())


def mentioned(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Proper names in what the manager wrote, apart from those known already."""
    words = {word for one in known for word in one.split()}
    runs = (run for run in _RUN.findall(text) if not set(run.split()) & (_SHARED | words))
    return tuple(dict.fromkeys(run for run in runs if not run.isupper() or len(run) > 4))


def sentences(scenario: Scenario) -> Iterator[str]:
    """Every text of a scenario that is written as a sentence: no ids, giveaways or topic words, no small answers."""
    plain = scenario.model_dump(mode="json", exclude={"particulars"})
    for fact in plain["facts"]:
        del fact["giveaways"], fact["gate"], fact["id"], fact["topic"]
    for topic in plain["topics"]:
        del topic["words"], topic["id"]
    for one in plain["suggestions"]:
        del one["topic"], one["codes"]
    for turn in plain["example"]:
        del turn["speaker"], turn["codes"]
    for key in ("id", "focus", "difficulty"):
        del plain[key]
    yield from _strings(plain)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)


def _found(scenario: Scenario, texts: list[str]) -> dict[str, int]:
    """Names with how often they stand there; parts of a longer name belong to it."""
    counted: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            kept = [word for word in run.split() if word not in _TITLES]
            if kept and not set(kept) & _SHARED and not (len(kept) == 1 and kept[0].isupper()):
                counted[" ".join(kept)] += 1
    lower = Counter(word for text in texts for word in _LOWER.findall(text))
    whole = Counter(word for text in texts for word in _ANY.findall(text))
    role_firm = _firm(scenario)
    counted = Counter({run: n for run, n in counted.items() if " " not in run or not _two(run, counted)})
    fixed = [scenario.persona.name, *([role_firm] if role_firm else [])]
    longer = sorted({*fixed, *(run for run in counted if " " in run)}, key=lambda run: -len(run.split()))
    parts: dict[str, str] = {}
    for run in longer:
        for word in run.split():
            parts.setdefault(word, run)
    found: dict[str, int] = {}
    for run in [*fixed, *counted]:
        home = run if " " in run or run in fixed else parts.get(run, run)
        if home in fixed or " " in home or 2 * lower[home.casefold()] < whole[home]:
            found[home] = sum(whole[word] for word in home.split())
    return found


def _two(run: str, counted: Mapping[str, int]) -> bool:
    """Whether a run is two names that happen to meet ("gave Inga Brent's number")."""
    return all(counted.get(word, 0) > counted[run] for word in run.split())


def _firm(scenario: Scenario) -> str:
    found = re.search(rf"\b(?:at|for) ({_CAP}(?: (?:& |and )?{_CAP})*)", scenario.persona.role)
    return found[1] if found else ""


def _kind(old: str, scenario: Scenario, texts: list[str]) -> Kind:
    if old == scenario.persona.name:
        return "rep"
    if old == _firm(scenario):
        return "firm"
    people = places = 0
    for word in old.split():
        for text in (text for text in texts if word in text):
            for match in re.finditer(rf"\b{re.escape(word)}\b", text):
                before, after = text[: match.start()], text[match.end() :]
                people += bool(_PERSON_BEFORE.search(before)) + bool(_PERSON_AFTER.search(after))
                places += bool(_PLACE_BEFORE.search(before))
    return "other" if places > people or set(old.split()) & _FIRMS else "person"


@dataclass(frozen=True)
class Pairs:
    """Names to put in the place of others, whole and part by part, in sentences and in search words."""

    table: tuple[tuple[re.Pattern[str], str], ...]
    low: tuple[tuple[re.Pattern[str], str], ...]
    ids: Mapping[str, str]

    @classmethod
    def of(cls, pairs: Mapping[str, str], kinds: Mapping[str, Kind], scenario: Scenario) -> Pairs:
        """Make them of old -> new; a longer name goes before its parts, and ordinary words are left alone."""
        small = Counter(word for text in sentences(scenario) for word in _LOWER.findall(text))
        every: dict[str, str] = {}
        for old, new in pairs.items():
            parts = _parts(old, new, kinds.get(old, "other"))
            every |= {old: new} | {part: to for part, to in parts.items() if small[part.casefold()] < ORDINARY}
        ordered = sorted(((old, new) for old, new in every.items() if old != new), key=lambda pair: -len(pair[0]))
        table = tuple(
            (re.compile(rf"(?:\b([Aa]n?) )?(?<!\w){re.escape(old)}(?:(['’])(?!\w)|(?!\w))"), new)
            for old, new in ordered
        )
        names = [(old.casefold(), new.casefold()) for old, new in ordered if small[old.casefold()] < ORDINARY]
        low = tuple((re.compile(rf"(?<!\w){re.escape(old)}(?!\w)"), new) for old, new in names)
        ids = {old.casefold(): re.sub(r"[^a-z0-9]+", "-", new.casefold()).strip("-") for old, new in ordered}
        return cls(table, low, ids)

    def text(self, text: str) -> str:
        """A sentence with the new names; genitives and articles follow them."""
        return self._once(text, self.table)

    def words(self, text: str) -> str:
        """Search words, which are written small."""
        return self._once(text, self.low)

    def id(self, name: str) -> str:
        """An id, if it is a name."""
        new = self.ids.get(name, name)
        return new if re.fullmatch(r"[a-z][a-z0-9_-]{1,39}", new) else name

    @staticmethod
    def _once(text: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str:
        """Replace everything in one pass, so that a new name is never replaced again."""
        done: list[str] = []

        def hold(new: str) -> Callable[[re.Match[str]], str]:
            def put(found: re.Match[str]) -> str:
                groups: tuple[Any, ...] = found.groups() or (None, None)
                article, mark = groups[0], groups[1]
                if article:
                    fitting = "an" if new[0].casefold() in "aeiou" else "a"
                    article = f"{fitting.capitalize() if article[0].isupper() else fitting} "
                done.append(f"{article or ''}{new}{f'{mark}s' if mark and not new.endswith('s') else mark or ''}")
                return f"\0{len(done) - 1}\1"

            return put

        for pattern, new in table:
            text = pattern.sub(hold(new), text)
        return re.sub("\x00(\\d+)\x01", lambda found: done[int(found[1])], text) if done else text


def _parts(old: str, new: str, kind: Kind) -> dict[str, str]:
    """First name for first name; of a firm or a place any part stands for the whole."""
    words, given = old.split(), new.split()
    if len(words) < 2 or not given:
        return {}
    if kind in ("rep", "person"):
        return {words[0]: given[0]} | {word: given[-1] for word in words[1:]}
    return {words[0]: new}
