"""How well search finds what people ask for: ``python -m eval.bench.retrieval [QUERIES.json]``.

The folder that ``COACH_ARTICLES`` names holds articles as ``*.txt`` and ``queries.json``, a list of
``{"query": "...", "expect": ["substring", ...]}``. The articles are added to a temporary home, and a passage is a hit
when its text contains any of the substrings, upper and lower case alike.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from coach.domain import Passage
from coach.knowledge import KnowledgeBase
from coach.knowledge.search import Ranking

RANKINGS: dict[Ranking, str] = {"words": "full text only", "vectors": "vectors only", "fusion": "fusion"}
DEPTH = 10


@dataclass(frozen=True)
class Case:
    """A query and the words by which a right passage is known."""

    query: str
    expect: tuple[str, ...]

    def rank(self, found: Sequence[Passage]) -> int | None:
        """Return the place of the first hit, from 1; None when there is none."""
        wanted = [text.casefold() for text in self.expect]
        hits = (i for i, p in enumerate(found, 1) if any(text in p.text.casefold() for text in wanted))
        return next(hits, None)


def load_cases(path: Path) -> list[Case]:
    """Read the queries."""
    return [Case(c["query"], tuple(c["expect"])) for c in json.loads(path.read_text(encoding="utf-8"))]


def measure(base: KnowledgeBase, cases: Sequence[Case], ranking: Ranking) -> tuple[str, list[int | None]]:
    """Run every query; return a line of the table and the places of the first hits."""
    start = time.perf_counter()
    places = [case.rank(base.search(case.query, DEPTH, sources="added", ranking=ranking)) for case in cases]
    each = (time.perf_counter() - start) / len(cases) * 1000
    hit1, hit3 = (mean(place is not None and place <= k for place in places) for k in (1, 3))
    mrr = mean(1 / place if place else 0.0 for place in places)
    return f"{RANKINGS[ranking]:<16}{hit1:>7.2f}{hit3:>7.2f}{mrr:>7.3f}{each:>9.1f}", places


def main(arguments: Sequence[str]) -> int:
    """Print the table and the queries that fusion does not answer within three passages."""
    folder = os.environ.get("COACH_ARTICLES")
    if not folder:
        print("skipped: COACH_ARTICLES names no folder with articles and queries.json")
        return 0
    cases = load_cases(Path(arguments[0]) if arguments else Path(folder) / "queries.json")
    with tempfile.TemporaryDirectory() as home, KnowledgeBase(Path(home), ()) as base:
        report = base.added.add(sorted(Path(folder).glob("*.txt")))
        for failure in report.failures:
            print(failure)
        base.search("warm up", sources="added")
        print(f"{len(cases)} queries, {len(report.added)} documents, {report.passages} passages")
        print(f"{'':<16}{'hit@1':>7}{'hit@3':>7}{'MRR':>7}{'ms':>9}")
        for ranking in RANKINGS:
            line, places = measure(base, cases, ranking)
            print(line)
        for case, place in zip(cases, places, strict=True):
            if place is None or place > 3:
                print(f"missed ({place or 'not in ' + str(DEPTH)}): {case.query}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
