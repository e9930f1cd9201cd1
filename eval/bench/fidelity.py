"""How faithful the rep is: ``python -m eval.bench.fidelity [--scripts FOLDER] [--scenario ID]... [--difficulty D]...``.

Plays every script of ``eval/scripts`` against every scenario at every difficulty and asks the questions of
``eval/fidelity/questions.yaml``. Prints a table for each measure; exit code 1 when one that allows no miss has one.
``frozen`` is the half of the scripts that nobody tunes to, chosen by the hash of their names.
The folders of ``eval/fidelity/registers`` hold the same sixteen managers by four other writers.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from coach.app import App
from coach.domain import Difficulty, Scenario
from coach.settings import Settings
from eval.fidelity import measures
from eval.fidelity.measures import Contest, Count, Measure, contests, count, repair, same, won
from eval.fidelity.plays import HOLLOW, LEADING, REPAIR, Played, RememberingCoder, frozen, load_scripts, perform_all
from eval.fidelity.questions import ask, load_questions

ANSWERED = 0.9
SHOWN = 12  # misses that are printed of each measure
STRICT: dict[str, Measure] = {
    "facts told before they opened": measures.told_secrets,
    f"gates opened by {', '.join(HOLLOW)}": measures.hollow_gates,
    "facts opened without their gate": measures.gates_followed,
    "repeated lines": measures.repeated,
}
WATCHED: dict[str, Measure] = {
    "rep turns with a giveaway (read them; most tell nothing)": measures.suspects,
    "short refusals that came again (allowed)": measures.refusals,
}


@dataclass(frozen=True)
class Result:
    """One measure: its name, its bar in words, the figures, and whether they meet it."""

    name: str
    bar: str
    all: Count
    frozen: Count | None
    met: bool
    strict: bool = True


def main(arguments: Sequence[str]) -> int:
    """Play, print, and tell by the exit code whether the strict bars are met."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.fidelity")
    parser.add_argument("--scripts", type=Path, metavar="FOLDER", help="scripts with the same ids [default: ours]")
    parser.add_argument("--scenario", action="append", help="a scenario's id [default: all]")
    parser.add_argument("--difficulty", action="append", choices=[level.value for level in Difficulty])
    given = parser.parse_args(arguments)
    levels = [Difficulty(name) for name in given.difficulty or list(Difficulty)]
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(home=Path(home), model="offline", voice=None, coder=None, writer=None))
        library = app.library.scenarios
        scenarios = [app.library.scenario(name) for name in given.scenario or library]
        scripts = list(load_scripts(given.scripts).values())
        coder = RememberingCoder(app.coder)
        plays = list(perform_all(app, coder, scripts, scenarios, levels))
        again = list(perform_all(app, RememberingCoder(app.coder), scripts, scenarios, levels))
        asked = questions(app, coder, scenarios, levels)
    half = frozen([script.id for script in scripts])
    print(f"{len(plays)} talks: {len(scripts)} scripts x {len(scenarios)} scenarios x {len(levels)} difficulties")
    print(f"coder: {coder.id}")
    print(f"leading: {', '.join(LEADING)}\nfrozen: {', '.join(half)}\n")
    found = [*strict(plays, again, half), *graded(plays, asked, half)]
    distribution(plays)
    margins(plays)
    by_scenario(plays, asked)
    for name, measure in WATCHED.items():
        misses(name, count(plays, measure).misses)
    for result in found:
        misses(result.name, result.all.misses)
    return summary(found)


def questions(
    app: App, coder: RememberingCoder, scenarios: Iterable[Scenario], levels: Sequence[Difficulty]
) -> dict[str, Count]:
    """The answers of each scenario that has questions, over all difficulties."""
    known = load_questions()
    asked: dict[str, Count] = {}
    for scenario in scenarios:
        if scenario.id in known:
            counts = [ask(app, coder, scenario, known[scenario.id], level) for level in levels]
            missed = tuple(dict.fromkeys(f"{scenario.id}: {miss}" for one in counts for miss in one.misses))
            lost = sum(len(one.misses) for one in counts)
            asked[scenario.id] = Count(sum(one.cases for one in counts), missed + ("",) * (lost - len(missed)))
    return asked


def strict(plays: Sequence[Played], again: Sequence[Played], half: Sequence[str]) -> list[Result]:
    """The measures that allow no miss."""
    results = []
    for name, measure in STRICT.items():
        whole = count(plays, measure)
        kept = count([played for played in plays if played.script in half], measure)
        results.append(Result(name, "0", whole, kept, not whole.misses))
    pairs = [(one, other) for one, other in zip(plays, again, strict=True) if one.script in half]
    whole, kept = same(plays, again), same([one for one, _ in pairs], [other for _, other in pairs])
    return [*results, Result("talks that the same seed did not repeat", "0", whole, kept, not whole.misses)]


def graded(plays: Sequence[Played], asked: dict[str, Count], half: Sequence[str]) -> list[Result]:
    """The measures with a bar that scenarios may miss."""
    answers = Count(sum(one.cases for one in asked.values()), tuple(m for one in asked.values() for m in one.misses))
    whole, kept = won(_contests(plays)), won(_contests(plays, half))
    mended = repair(plays)
    return [
        Result("a margin below 15 points", "0", whole, kept, not whole.misses, strict=False),
        Result("repair that ends at middling trust or below", "0", mended, mended, not mended.misses, strict=False),
        Result("questions not answered on their topic", "0.1", answers, None, answers.share >= ANSWERED, strict=False),
    ]


def _contests(plays: Sequence[Played], among: Sequence[str] | None = None) -> list[Contest]:
    names = {played.script for played in plays} - {*LEADING, REPAIR}  # who recovers has a bar of their own
    return list(contests(plays, [name for name in names if among is None or name in among]))


def distribution(plays: Sequence[Played]) -> None:
    """Print where each script's talks end."""
    ends = defaultdict(list)
    for played in plays:
        ends[played.script].append(played.end.trust)
    print("final trust by script           lowest  quarter  middle  3/4  highest  facts opened")
    for name, values in sorted(ends.items(), key=lambda item: -sum(item[1]) / len(item[1])):
        low, mid, high = quantiles(values, n=4) if len(values) > 1 else values * 3
        opened = sum(len(played.end.open_facts) for played in plays if played.script == name) / len(values)
        cells = f"{min(values):6.0f}{low:9.0f}{mid:8.0f}{high:5.0f}{max(values):9.0f}{opened:14.1f}"
        print(f"{name + (' *' if name in LEADING else ''):<32}{cells}")
    print()


def margins(plays: Sequence[Played]) -> None:
    """Print each contest, the closest first."""
    found = sorted(_contests(plays), key=lambda contest: contest.margin)
    print("scenario (difficulty)             worst leading         best other                   margin")
    for c in found:
        print(f"{c.where:<34}{c.worst:<16}{c.low:4.0f}  {c.best:<24}{c.high:4.0f}{c.margin:9.0f}")
    each = [c.margin for c in found]
    low, mid, high = quantiles(each, n=4) if len(each) > 1 else each * 3
    print(f"margins: lowest {min(each):.0f}, quarter {low:.0f}, middle {mid:.0f}, three quarters {high:.0f}")
    for level in dict.fromkeys(played.difficulty for played in plays):
        here = [played for played in plays if played.difficulty == level]
        close, ends = won(_contests(here)), repair(here)
        print(f"{level.value}: {len(close.misses)} of {close.cases} margins and {len(ends.misses)} repairs too low")
    print()


def by_scenario(plays: Sequence[Played], asked: dict[str, Count]) -> None:
    """Print the misses of every measure in each scenario."""
    print("scenario              talks   told  hollow  gates  repeated  margin<15  low repair  answered")
    for name in dict.fromkeys(played.scenario.id for played in plays):
        here = [played for played in plays if played.scenario.id == name]
        counts = [len(count(here, measure).misses) for measure in STRICT.values()]
        close, low = len(won(_contests(here)).misses), len(repair(here).misses)
        answered = f"{asked[name].share:10.2f}" if name in asked else "         -"
        cells = "{:6}{:8}{:7}{:10}".format(*counts)
        print(f"{name:<22}{len(here):5} {cells}{close:11}{low:12}{answered}")
    print()


def misses(name: str, found: Sequence[str]) -> None:
    """Print the first misses of a measure."""
    named = list(dict.fromkeys(miss for miss in found if miss))
    if named:
        print(f"{name}: {len(found)}")
        print(
            "".join(f"  {miss}\n" for miss in named[:SHOWN]) + (f"  ... {len(named)} in all\n" if named[SHOWN:] else "")
        )


def summary(found: Sequence[Result]) -> int:
    """Print one line for each measure; the exit code."""
    print(f"{'measure':<68}{'bar':>5}{'misses':>9}{'of':>7}{'share':>8}{'frozen':>9}")
    for result in found:
        share = len(result.all.misses) / result.all.cases if result.all.cases else 0.0
        kept = f"{len(result.frozen.misses)}/{result.frozen.cases}" if result.frozen else "-"
        cells = f"{result.bar:>5}{len(result.all.misses):9}{result.all.cases:7}{share:8.3f}{kept:>9}"
        print(f"{result.name:<68}{cells}  {'met' if result.met else 'MISSED'}")
    return int(any(result.strict and not result.met for result in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
