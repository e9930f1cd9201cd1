"""How well the guard tells bad drafts from clean ones: ``python -m eval.bench.guard [DRAFTS.jsonl]``.

Each line of the file is ``{"id", "scenario", "opened", "said", "manager", "draft", "bad": kind or null, "half"}``. The
half ``tune`` may be read while the guard is worked on, and the judge learns from it; of ``frozen`` (the first scenario,
every kind of fault) only these counts are known; ``fresh`` are drafts for all reps, faults of voice alone, by one more
writer.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pydantic import TypeAdapter

from coach.content import load_library
from coach.content.places import Places
from coach.domain import Difficulty, Reading, Scenario, Turn
from coach.rep import AuthoredVoice, Scene, begin
from coach.rep.guard import Guard, sentences

DRAFTS = Path(__file__).parents[1] / "guard" / "drafts.jsonl"
SCENARIO = "burnout"
REASONS = {"leak_paraphrase": "leak", "empty_or_broken": "broken"}
REPEATS = 5


@dataclass(frozen=True)
class Draft:
    """One draft, what is known when it is written, and the kind of fault it has."""

    id: str
    opened: tuple[str, ...]
    said: tuple[str, ...]
    manager: str
    draft: str
    bad: str | None
    half: str
    scenario: str = SCENARIO

    def guard(self, scenarios: Mapping[str, Scenario]) -> Guard:
        """The guard of its turn."""
        return Guard(scenarios[self.scenario], self.opened, self.said, self.manager)


def load(path: Path) -> list[Draft]:
    """Read the drafts."""
    return TypeAdapter(list[Draft]).validate_python(
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    )


def report(half: str, drafts: Sequence[Draft], reasons: Sequence[str | None]) -> None:
    """Print what was stopped, by kind, and what was stopped wrongly."""
    bad = [(draft.bad, reason) for draft, reason in zip(drafts, reasons, strict=True) if draft.bad]
    clean = [reason for draft, reason in zip(drafts, reasons, strict=True) if not draft.bad]
    alarms = sum(reason is not None for reason in clean)
    stopped = sum(reason is not None for _, reason in bad)
    print(f"\n{half}: {len(bad)} bad, {len(clean)} clean")
    print(f"recall        {stopped}/{len(bad)} = {stopped / max(1, len(bad)):.3f}")
    print(f"false alarms  {alarms}/{len(clean)} = {alarms / max(1, len(clean)):.3f}")
    print("  as", *(f"{reason} {n}" for reason, n in Counter(reason for reason in clean if reason).most_common()))
    print(f"{'kind':<20}{'bad':>5}{'stopped':>9}{'right reason':>14}  other reasons")
    for kind in sorted({kind for kind, _ in bad if kind}):
        found = [reason for name, reason in bad if name == kind]
        other = Counter(reason for reason in found if reason and reason != REASONS.get(kind, kind))
        total = sum(reason is not None for reason in found)
        others = ", ".join(f"{reason} {n}" for reason, n in other.most_common())
        print(f"{kind:<20}{len(found):>5}{total:>9}{total - other.total():>14}  {others}".rstrip())


def microseconds(work: Callable[[], int]) -> float:
    """Median time of one of the things that ``work`` does and counts."""
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        done = work()
        times.append((time.perf_counter() - begun) / max(1, done) * 1e6)
    return median(times)


def speed(scenarios: Mapping[str, Scenario], drafts: Sequence[Draft]) -> None:
    """Print what a turn's guard and a sentence cost, beside a reply of the authored voice."""
    scenario = scenarios[SCENARIO]
    state = begin(scenario, Difficulty.STANDARD)
    reading = Reading(codes=("ASK",), topics=("hours",))
    path = (Turn(i=0, speaker="manager", text="How are your days?", reading=reading, state=state),)
    scene = Scene(scenario, path, reading, ("hours",), state, None, Difficulty.STANDARD, 1)
    voice = AuthoredVoice()
    clean = [(draft.guard(scenarios), sentences(draft.draft)) for draft in drafts if not draft.bad]

    def replies() -> int:
        return sum(bool(voice.speak(scene).text) for _ in range(200))

    def guards() -> int:
        return sum(draft.guard(scenarios) is not None for draft in drafts)

    def checks() -> int:
        for guard, found in clean:
            for i, sentence in enumerate(found):
                guard.check(sentence, " ".join(found[:i]))
        return sum(len(found) for _, found in clean)

    reply, made, checked = microseconds(replies), microseconds(guards), microseconds(checks)
    print(f"\nmodel-free reply {reply:8.0f} microseconds")
    print(f"guard of a turn  {made:8.0f}  {made / reply:6.1f} x reply")
    print(f"a sentence       {checked:8.0f}  {checked / reply:6.1f} x reply")


def main(arguments: Sequence[str]) -> int:
    """Judge every draft and print the figures of each half."""
    path = Path(arguments[0]) if arguments else DRAFTS
    if not path.exists():
        print(f"skipped: there is no {path}")
        return 0
    scenarios = load_library(Places.of(None)).scenarios
    drafts = load(path)
    for half in sorted({draft.half for draft in drafts}, reverse=True):
        of_half = [draft for draft in drafts if draft.half == half]
        report(half, of_half, [draft.guard(scenarios).check_all(draft.draft) for draft in of_half])
    speed(scenarios, drafts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
