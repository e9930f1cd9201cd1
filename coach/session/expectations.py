"""Which expectations of a script hold. Levels that are not measured well enough are told, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coach.critique import Critic
from coach.domain import Code, Critique, PrincipleId, RepState, Scenario, Turn
from coach.session.script import Expectation, Moment, Range


@dataclass(frozen=True)
class Checked:
    """What came of the expectations: one sentence with the value found for each that is told."""

    failures: tuple[str, ...]
    unscored: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """A conversation that was played: ``said`` maps a manager line to its turn."""

    path: Sequence[Turn]
    said: Mapping[int, int]
    scenario: Scenario

    def state(self, end: int) -> RepState:
        """Where the rep stood after so many turns."""
        state = self.path[end - 1].state
        if state is None:
            raise ValueError("a played path always ends with a state")
        return state

    def codes(self, line: int) -> tuple[Code, ...]:
        """What a manager line was read as; nothing if it was not said."""
        turn = self.path[self.said[line]] if line in self.said else None
        return turn.reading.codes if turn and turn.reading else ()


def check(expect: Expectation, played: Played, critique: Critique, critic: Critic) -> Checked:
    """Compare a conversation with what was expected of it."""
    doubt, whole_doubt = critic.doubt(critique.provenance), critic.doubt(critique.provenance, "overall")
    failures, unscored = [*_facts(expect, played)], []
    for moment, end, where in _moments(expect, played):
        if end is None:
            failures.append(f"{where}was not said, so nothing can be checked there")
            continue
        failures += [where + unmet for unmet in _state(moment, played.state(end))]
        if moment.levels:
            whole = end == len(played.path)
            levels = critique.levels if whole else critic.levels(played.path[:end])
            if doubt:
                unscored += [f"{where}{found} (not scored: {doubt})" for found, _ in _levels(moment, levels)]
            else:
                failures += [where + found for found, holds in _levels(moment, levels) if not holds]
    for line, codes in [*expect.codes.items(), *((at.line, at.codes) for at in expect.at if at.line in played.said)]:
        heard = played.codes(line)
        if missing := [code for code in codes if code not in heard]:
            read = f"read as {', '.join(heard) or 'nothing'}"
            failures.append(f"manager[{line}] was not read as {', '.join(missing)} ({read})")
    if expect.overall and whole_doubt:
        unscored.append(f"{_unmet('overall', critique.overall, expect.overall)} (not scored: {whole_doubt})")
    elif expect.overall and not expect.overall.holds(critique.overall):
        failures.append(_unmet("overall", critique.overall, expect.overall))
    return Checked(tuple(failures), tuple(unscored))


def _moments(expect: Expectation, played: Played) -> Iterator[tuple[Moment, int | None, str]]:
    """Each moment with the number of turns until then (None if it never came) and the words for where it is."""
    for at in sorted(expect.at, key=lambda at: at.line):
        turn = played.said.get(at.line)
        yield at, None if turn is None else turn + 2, f"manager[{at.line}]{':' if turn is not None else ''} "
    yield expect, len(played.path), ""


def _facts(expect: Expectation, played: Played) -> Iterator[str]:
    """Facts that the scenario does not have: that one of them stayed closed would say nothing."""
    named = [fact for moment in (expect, *expect.at) for fact in (*moment.opened, *moment.closed)]
    known = [fact.id for fact in played.scenario.facts]
    for fact in dict.fromkeys(named):
        if fact not in known:
            yield f"there is no fact {fact!r} in {played.scenario.id}; its facts are {', '.join(known)}"


def _state(moment: Moment, state: RepState) -> Iterator[str]:
    known = len(state.open_facts)
    for name, bounds, value in (("trust", moment.trust, state.trust), ("strain", moment.strain, state.strain)):
        if bounds and not bounds.holds(value):
            yield _unmet(name, value, bounds)
    if moment.opened_count and not moment.opened_count.holds(known):
        yield _unmet("the number of opened facts", known, moment.opened_count)
    yield from (f"the fact {fact!r} did not open" for fact in moment.opened if fact not in state.open_facts)
    yield from (f"the fact {fact!r} opened" for fact in moment.closed if fact in state.open_facts)


def _levels(moment: Moment, levels: Mapping[PrincipleId, int | None]) -> Iterator[tuple[str, bool]]:
    """For each expected level a sentence, and whether it holds."""
    for principle, bounds in moment.levels.items():
        level = levels.get(principle)
        holds = level is not None and bounds.holds(level)
        yield f"the level of {principle} is {level}, expected {bounds}", holds


def _unmet(name: str, value: float, bounds: Range) -> str:
    return f"{name} is {value:g}, expected {bounds}"
