"""What a critique must not mind, must not be talked into and must not advise: ``python -m eval.bench.critique``.

Changes the labelled recordings of ``eval/suite`` in ways that are no change of how they were led, and in ways that
should not pay; then looks at the advice and the passages of their critiques. Exit code 1 when a bar is missed,
2 when the model cannot be used.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from coach.app import App
from coach.errors import CoachError
from coach.settings import read_settings
from eval.bench.critique import perturb
from eval.bench.critique.advice import Share, advised_what_was_done, cited, heard_rightly, judged, variety
from eval.bench.critique.material import Lines, Recording, Repair, Talk, lines, recordings, repairs
from eval.bench.critique.rating import OVERALL, Case, Invariance, Rater

SAME = 0.95
LINES = 3  # lines of a kind that each recording is given, one at a time
T = TypeVar("T")
Change = Callable[[Talk, str], Talk]
SMALL_TALK: dict[str, Callable[[Talk, tuple[str, str], str], Talk]] = {
    "small talk at the start": lambda talk, exchange, _: perturb.opened_with(talk, exchange),
    "small talk at the end": lambda talk, exchange, _: perturb.closed_with(talk, exchange),
}


def invariances(given: Lines) -> dict[str, Change]:
    """Changes that leave the leading as it was."""
    return {
        "filler words": lambda talk, key: perturb.fillers(talk, given.fillers, key),
        "no punctuation or capitals": lambda talk, _: perturb.bare(talk),
        "renamed people": lambda talk, _: perturb.renamed(talk, given.names),
        "rep paraphrased": lambda talk, _: perturb.paraphrased(talk, given.rep_rewrites),
        "lengthened, uncoded talk": lambda talk, key: perturb.everywhere(talk, given.plain, key, count=2, every=2),
    }


def volumes(given: Lines) -> dict[str, Change]:
    """Talking much and asking much, with nothing in it."""
    return {
        "long plain talk in every turn": lambda talk, key: perturb.everywhere(talk, given.plain, key, count=6),
        "closed questions in every turn": lambda talk, key: perturb.everywhere(
            talk, given.closed_questions, key, count=3
        ),
        "heaps of questions in every turn": lambda talk, key: perturb.everywhere(
            talk, given.stacked_questions, key, count=1
        ),
    }


def changed(rater: Rater, talks: Sequence[Recording], change: Change) -> list[Case]:
    """One case for each recording that the change touches."""
    pairs = [(one, change(one.talk, one.id)) for one in talks]
    return [Case(one.id, rater.rate(one.talk), rater.rate(new)) for one, new in pairs if new != one.talk]


def dealt(
    rater: Rater, talks: Sequence[Recording], options: Sequence[T], place: Callable[[Talk, T, str], Talk], each: int
) -> list[Case]:
    """One case for each option that falls to a recording; going round, so that all options are used alike."""
    rounds = ((one, options[(n * each + k) % len(options)]) for n, one in enumerate(talks) for k in range(each))
    return [
        Case(f"{one.id}: {option}", rater.rate(one.talk), rater.rate(place(one.talk, option, one.id)))
        for one, option in rounds
    ]


def mended(rater: Rater, talks: Sequence[Recording], pairs: Sequence[Repair]) -> dict[str, list[Case]]:
    """One case for each slip of a labelled turn, replaced by its repair; turns of that one slip, and of several."""
    known = {one.id: one for one in talks}
    found: dict[str, list[Case]] = {"repair, turn of this slip only": [], "repair, turn of more behaviours": []}
    for pair in pairs:
        if one := known.get(pair.id):
            after = perturb.repaired(one.talk, pair.turn, pair.slip, pair.repair)
            only = one.codes[pair.turn] == (pair.code,)
            what = f"{pair.id}.{pair.turn} {pair.code}: {pair.repair}"
            found[list(found)[not only]].append(Case(what, rater.rate(one.talk), rater.rate(after)))
    return found


def show_invariances(found: dict[str, list[Case]]) -> bool:
    """Print how many levels stayed, of those rated before or after; ``newly`` and ``no more`` came or went."""
    titles = ("cases", "levels", "same", ">1 off", "up", "down", "newly", "no more", "overall", "bar")
    print(f"{'should change nothing':<34}" + "".join(f"{title:>9}" for title in titles))
    met = True
    for name, cases in found.items():
        one = Invariance.of(cases)
        shares = (one.unchanged, one.far, one.up, one.down, one.appeared, one.vanished, one.overall)
        met = met and one.unchanged >= SAME
        bar = "met" if one.unchanged >= SAME else "MISSED"
        print(f"{name:<34}{one.cases:>9}{one.levels:>9}" + "".join(f"{share:>9.3f}" for share in shares) + f"{bar:>9}")
    return met


def show_moves(
    title: str, found: dict[str, list[Case]], moved: Callable[[Case], list[str]], back: Callable[[Case], list[str]]
) -> bool:
    """Print in how many cases any level moved the way it never should.

    ``graded`` counts those in which a level rated on both sides moved, ``levels`` and ``overall`` what moved, ``back``
    the cases in which some level moved the other way, which is allowed.
    """
    titles = ("cases", "any", "share", "graded", "levels", "overall", "back", "bar")
    print(f"\n{title:<34}" + "".join(f"{one:>9}" for one in titles))
    for name, cases in found.items():
        misses = [case for case in cases if moved(case)]
        graded = sum(case.on_both_sides(moved(case)) for case in misses)
        levels = sum(len(moved(case)) for case in cases)
        whole = sum(OVERALL in moved(case) for case in cases)
        other = sum(bool(back(case)) for case in cases)
        share = len(misses) / max(1, len(cases))
        bar = "MISSED" if misses else "met"
        counts = f"{graded:>9}{levels:>9}{whole:>9}{other:>9}{bar:>9}"
        print(f"{name:<34}{len(cases):>9}{len(misses):>9}{share:>9.3f}{counts}")
    return not any(moved(case) for cases in found.values() for case in cases)


def show_shares(title: str, found: Sequence[Share]) -> bool:
    """Print shares and their bars."""
    print(f"\n{title:<44}{'n':>8}{'of':>8}{'share':>9}{'bar':>10}")
    for one in found:
        bar = "" if one.met is None else f"{one.bar}{'' if one.met else '  MISSED'}"
        print(f"{one.name:<44}{one.part:>8}{one.whole:>8}{one.value:>9.3f}  {bar}".rstrip())
    return all(one.met is not False for one in found)


def show_misses(found: dict[str, list[Case]], moved: Callable[[Case], list[str]], most: int) -> None:
    """Print some of the cases in which a level moved, and which levels move most."""
    for name, cases in found.items():
        misses = [case for case in cases if moved(case)]
        if not misses or not most:
            continue
        often = Counter(p for case in misses for p in moved(case)).most_common(5)
        print(f"\n{name}: {', '.join(f'{p} {n}' for p, n in often)}")
        for case in misses[:most]:
            steps = ", ".join(f"{p} {case.before[p]}>{case.after[p]}" for p in moved(case))
            print(f"  {case.what[:100]}\n    {steps}")


def placed(rater: Rater, talks: Sequence[Recording], given: Lines) -> Iterator[tuple[str, list[Case]]]:
    """Self-praise, recited phrases and injections, each within a turn and alone."""
    kinds = {"self-praise": given.self_praise, "recited phrase": given.recited, "injection": given.injections}
    for kind, said in kinds.items():
        yield f"{kind}, within a turn", dealt(rater, talks, said, perturb.within, LINES)
        yield f"{kind}, as a turn of its own", dealt(rater, talks, said, perturb.alone, LINES)


def run(model: str, limit: int | None, shown: int) -> int:
    """Do all of it; see ``main``.

    Raises:
        CoachError: if the model cannot be used.
    """
    given, talks = lines(), recordings(limit)
    with tempfile.TemporaryDirectory() as home:
        app = App(read_settings(model=model, home=Path(home)))
        rater = Rater(app.coder, app.critic.rubric)
        print(f"{len(talks)} recordings; coder {app.coder.id}, rubric {app.critic.rubric.version}\n")
        same = {name: changed(rater, talks, change) for name, change in invariances(given).items()}
        for name, place in SMALL_TALK.items():
            same[name] = dealt(rater, talks, given.small_talk, place, 1)
        more = dict(placed(rater, talks, given))
        more |= {name: changed(rater, talks, change) for name, change in volumes(given).items()}
        less = mended(rater, talks, repairs())
        found = judged(app, talks)
        findings = [one.finding for one in found]
        instead, turns = rater.stand_ins()
        if instead:
            print(f"{instead} of {turns} turns were read by the local coder in the model's place\n")
        met = [
            show_invariances(same),
            show_moves("should raise nothing", more, Case.raised, Case.lowered),
            show_moves("should lower nothing", less, Case.lowered, Case.raised),
            show_shares("should not advise what was done", advised_what_was_done(found)),
            show_shares("suggestions (share x 100: per 100 findings)", variety(findings)),
            show_shares("should cite what it is about", cited(app, findings)),
            show_shares("for information", heard_rightly(found)),
        ]
        app.knowledge.close()
    show_misses(more, Case.raised, shown)
    show_misses(less, Case.lowered, shown)
    return 0 if all(met) else 1


def main(arguments: Sequence[str]) -> int:
    """Change, rate, print, and tell by the exit code whether every bar is met."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.critique")
    parser.add_argument("--model", default="offline", help="who codes and writes [default: offline]")
    parser.add_argument("--limit", type=int, help="only the first so many recordings [default: all]")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses of each kind [default: 0]")
    options = parser.parse_args(arguments)
    try:
        return run(options.model, options.limit, options.misses)
    except CoachError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
