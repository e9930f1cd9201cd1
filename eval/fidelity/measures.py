"""What is measured of played conversations: each measure counts its cases and names its misses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.domain import Fact, Scenario
from coach.rep import touched
from coach.rep.giveaways import Leaks, plain, secrets, words
from eval.fidelity.plays import HOLLOW, LEADING, REPAIR, Played, state_of

RUN = 5  # words in a row that a line shares with a secret,
LONG = 4  # of which so many letters make a telling word,
TELLING = 3  # and so many are telling
MIDDLE = 50.0
MARGIN = 15.0


@dataclass(frozen=True)
class Count:
    """So many cases, and the misses among them, each in words."""

    cases: int
    misses: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of cases without a miss."""
        return 1 - len(self.misses) / self.cases if self.cases else 1.0


Measure = Callable[[Played], tuple[int, list[str]]]


def count(plays: Sequence[Played], measure: Measure) -> Count:
    """Add a measure up over conversations."""
    counted = [measure(played) for played in plays]
    return Count(sum(n for n, _ in counted), tuple(miss for _, misses in counted for miss in misses))


def told_secrets(played: Played) -> tuple[int, list[str]]:
    """Rep turns, and those that tell a fact which is not open yet."""
    turns = [turn for turn in played.path if turn.speaker == "rep"]
    misses = []
    for turn in turns:
        if fact := _told(_Scene(played.scenario), frozenset(state_of(turn).open_facts), turn.lines, turn.text):
            misses.append(f"{played.where}, turn {turn.i}: {fact}: {turn.text}")
    return len(turns), misses


def suspects(played: Played) -> tuple[int, list[str]]:
    """Rep turns, and those that hold a giveaway of a closed fact which nobody has said yet.

    The trainers' giveaways are wide nets for what a model may draft, so this is a list to read, not a count of leaks.
    """
    turns = [turn for turn in played.path if turn.speaker == "rep"]
    misses = []
    for turn in turns:
        known = _flat(" \n ".join(other.text for other in played.path[: turn.i]))
        open_facts = state_of(turn).open_facts
        for secret in secrets(played.scenario.facts, briefing(played.scenario)):
            if secret.id not in open_facts and any(g.found(_flat(turn.text), known) for g in secret.giveaways):
                misses.append(f"{played.scenario.id}: {secret.id}? {turn.text}")
    return len(turns), misses


def hollow_gates(played: Played) -> tuple[int, list[str]]:
    """Gates that a manager without substance could have opened, and those that opened."""
    if played.script not in HOLLOW:
        return 0, []
    return len(played.scenario.facts), [f"{played.where}: {fact}" for fact in played.end.open_facts]


def gates_followed(played: Played) -> tuple[int, list[str]]:
    """Opened facts, and those that opened without what their gate asks for on their topic, or before their time."""
    facts = {fact.id: fact for fact in played.scenario.facts}
    shown: dict[str, set[str]] = {}
    open_facts: list[str] = []
    misses = []
    for turn in played.path:
        if turn.speaker == "rep" or turn.reading is None:
            continue
        topics = touched(state_of(played.path[turn.i - 1]), turn.reading, played.scenario)
        for topic in topics:
            shown.setdefault(topic, set()).update(turn.reading.codes)
        for name in turn.opened:
            fact = facts[name]
            if fact.topic not in topics or not _followed(fact, shown.get(fact.topic, set()), open_facts):
                misses.append(f"{played.where}, turn {turn.i}: {name}")
            open_facts.append(name)
    return len(open_facts), misses


def _followed(fact: Fact, shown: set[str], open_facts: Sequence[str]) -> bool:
    gate = fact.gate
    return (
        set(gate.all_of) <= shown
        and (not gate.any_of or bool(shown & set(gate.any_of)))
        and (set(gate.after) <= set(open_facts))
    )


def repeated(played: Played) -> tuple[int, list[str]]:
    """Authored lines spoken, and those spoken before; short refusals may come again and are left out."""
    keys = [(turn.i, key) for turn in played.path for key in turn.lines if not key.startswith("asides.refusals.")]
    seen: set[str] = set()
    misses = []
    for i, key in keys:
        if key in seen:
            misses.append(f"{played.where}, turn {i}: {key}")
        seen.add(key)
    return len(keys), misses


def refusals(played: Played) -> tuple[int, list[str]]:
    """Rep turns, and those that are short refusals said before."""
    keys = [key for turn in played.path for key in turn.lines if key.startswith("asides.refusals.")]
    return sum(turn.speaker == "rep" for turn in played.path), [
        f"{played.where}: {key}" for key in keys[len(set(keys)) :]
    ]


def same(plays: Sequence[Played], again: Sequence[Played]) -> Count:
    """Conversations, and those that went otherwise when they were played again."""
    pairs = zip(plays, again, strict=True)
    return Count(len(plays), tuple(one.where for one, other in pairs if one.path != other.path))


def repair(plays: Sequence[Played]) -> Count:
    """Conversations with a manager who makes up for a bad start, and those that end at no more than middling trust."""
    ends = [played for played in plays if played.script == REPAIR]
    low = [f"{p.where}: {p.end.trust:.0f}" for p in ends if p.end.trust <= MIDDLE]
    return Count(len(ends), tuple(low))


@dataclass(frozen=True)
class Contest:
    """One scenario at one difficulty: the worst leading manager against the best other."""

    where: str
    worst: str
    low: float
    best: str
    high: float

    @property
    def margin(self) -> float:
        """How far the leading managers stand above the others."""
        return self.low - self.high


def contests(plays: Sequence[Played], others: Sequence[str]) -> Iterator[Contest]:
    """The contest of every scenario at every difficulty, against these other managers."""
    for where in dict.fromkeys((played.scenario.id, played.difficulty) for played in plays):
        here = {p.script: p.end.trust for p in plays if (p.scenario.id, p.difficulty) == where}
        worst = min((name for name in here if name in LEADING), key=lambda name: here[name])
        best = max((name for name in here if name in others), key=lambda name: here[name], default="")
        if best:
            yield Contest(f"{where[0]} ({where[1].value})", worst, here[worst], best, here[best])


def won(found: Sequence[Contest]) -> Count:
    """Contests, and those with less than the wanted margin."""
    close = (c for c in found if c.margin < MARGIN)
    return Count(
        len(found),
        tuple(f"{c.where}: {c.worst} {c.low:.0f}, {c.best} {c.high:.0f}, margin {c.margin:.0f}" for c in close),
    )


def briefing(scenario: Scenario) -> str:
    """What the manager knows before the talk, and so no secret: one piece a line."""
    persona = scenario.persona
    topics = [topic.name for topic in scenario.topics]
    return "\n".join([scenario.title, scenario.brief, scenario.goal, persona.name, persona.role, *topics])


class _Scene:
    """A scenario as a key of caches: scenarios hold dictionaries."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return hash(self.scenario.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Scene) and other.scenario is self.scenario


@lru_cache(maxsize=100_000)
def _told(scene: _Scene, open_facts: frozenset[str], lines: tuple[str, ...], text: str) -> str:
    """The closed fact that authored words tell: by being its lines, by its words in a row, by the guard's rules."""
    for fact in scene.scenario.facts:
        if fact.id in open_facts:
            continue
        if any(line.startswith(f"facts.{fact.id}.") for line in lines) or _runs(text) & _secret_runs(scene, fact.id):
            return fact.id
    return Leaks(scene.scenario, open_facts, (), "").find(plain(text), "", turned_away=False, confirmed=False) or ""


@lru_cache(maxsize=1_000)
def _secret_runs(scene: _Scene, fact_id: str) -> frozenset[tuple[str, ...]]:
    fact = next(fact for fact in scene.scenario.facts if fact.id == fact_id)
    told = frozenset().union(*(_runs(line) for line in (fact.text, *fact.lines)))
    return told - _runs(briefing(scene.scenario))


@lru_cache(maxsize=20_000)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    tokens = words(plain(text))
    every = (tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1))
    return frozenset(run for run in every if sum(len(word) >= LONG for word in run) >= TELLING)


@lru_cache(maxsize=200_000)
def _flat(text: str) -> str:
    return " " + " ".join(words(plain(text))) + " "
