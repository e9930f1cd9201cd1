"""How the knowledge base bears many passages: ``python -m eval.bench.scale [N...]``.

Each N is a number of passages, 10000 when none is given; 100000 take half an hour or more and some 2 GB of disk. The
documents are made of the sentences of the shipped articles and exchanges, in which words are exchanged for others of
the same texts: natural length, frequent and rare words, and the same documents in every run. They are added to a
temporary home in one go, as ``coach knowledge add FOLDER`` does, and then searched beside the shipped articles.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from coach.content import Places
from coach.knowledge import KnowledgeBase, load_articles
from coach.knowledge.splitting import sentences
from coach.knowledge.words import terms

SEED = 20
PER_DOCUMENT = 50
PER_SECTION = 5
SWAPPED = 0.3
"""So many of a sentence's telling words are exchanged."""
WORDS = (35, 90)
"""How many words a passage has, about: more than the splitter joins, fewer than it cuts."""
QUERIES = 200
_WORD = re.compile(r"[A-Za-z]{4,}")


class Texts:
    """Sentences and words of what ships, and passages made of them."""

    def __init__(self) -> None:
        """Read what ships."""
        places = Places.of(None)
        texts = [p.text for a in load_articles(places.folders("knowledge/articles")) for p in a.passages]
        for line in places.file("knowledge/exchanges/train.jsonl").read_text(encoding="utf-8").splitlines():
            texts += [text for text in json.loads(line).values() if isinstance(text, str)]
        self.sentences = sorted({s for text in texts for s in sentences(text) if len(s.split()) >= 5})
        self.words = [word for text in self.sentences for word in _WORD.findall(text.lower())]

    def sentence(self, chance: random.Random) -> str:
        """A sentence in which some words are exchanged for others, frequent ones more often."""

        def other(found: re.Match[str]) -> str:
            return chance.choice(self.words) if chance.random() < SWAPPED else found[0]

        return _WORD.sub(other, chance.choice(self.sentences))

    def passage(self, chance: random.Random) -> str:
        """A paragraph."""
        wanted = chance.randint(*WORDS)
        said: list[str] = []
        while sum(len(sentence.split()) for sentence in said) < wanted:
            said.append(self.sentence(chance))
        return " ".join(said)

    def write(self, folder: Path, passages: int) -> None:
        """Write documents with so many passages."""
        chance = random.Random(SEED)  # noqa: S311 - nothing secret
        for number in range(-(-passages // PER_DOCUMENT)):
            lines = [f"# Handbook {number + 1}"]
            for i in range(min(PER_DOCUMENT, passages - number * PER_DOCUMENT)):
                if i % PER_SECTION == 0:
                    lines.append(f"## {' '.join(chance.sample(self.words, 3)).capitalize()}")
                lines.append(self.passage(chance))
            (folder / f"handbook-{number + 1:05}.md").write_text("\n\n".join(lines), encoding="utf-8")

    def queries(self) -> list[str]:
        """What people may type: a few words, a question, a sentence."""
        chance = random.Random(SEED + 1)  # noqa: S311 - nothing secret
        forms = ("{}", "how do I {}", "my rep says: {}", "what to do when {}", "{}")
        made = []
        for i in range(QUERIES):
            said = self.sentence(chance)
            few = " ".join(terms(said)[: chance.randint(2, 6)])
            made.append(forms[i % len(forms)].format(said if i % 5 in (2, 4) else few))
        return made


def measure(texts: Texts, passages: int, folder: Path) -> str:
    """Add so many passages, search them, and return a line of the table."""
    notes = folder / "notes"
    notes.mkdir()
    texts.write(notes, passages)
    with KnowledgeBase(folder / "home", Places.of(None).folders("knowledge/articles")) as base:
        base.open()
        start, busy = time.perf_counter(), time.process_time()
        report = base.added.add([notes])
        adding, worked = time.perf_counter() - start, time.process_time() - busy
    with KnowledgeBase(folder / "home", Places.of(None).folders("knowledge/articles")) as base:
        start = time.perf_counter()
        base.search("warm up")
        first = (time.perf_counter() - start) * 1000
        took, used = [], []
        for query in texts.queries():
            start, busy = time.perf_counter(), time.process_time()
            if not base.search(query, 5, sources="all"):
                raise SystemExit(f"nothing found for {query!r}")
            took.append((time.perf_counter() - start) * 1000)
            used.append((time.process_time() - busy) * 1000)
    disk = sum(path.stat().st_size for path in (folder / "home" / "knowledge").rglob("*") if path.is_file()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    cells = [adding, worked, report.passages / adding, first, *_spread(took), *_spread(used), disk, memory]
    return f"{report.passages:>9}" + "".join(f"{cell:>9.1f}" for cell in cells)


def _spread(times: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def main(arguments: Sequence[str]) -> int:
    """Print the table, a line for each number of passages."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.scale")
    parser.add_argument("passages", nargs="*", type=int, default=[10_000])
    texts = Texts()
    print(f"{len(set(texts.words))} different words; {QUERIES} queries, each once, for 5 passages of all sources")
    print("passages   add s  add cpu      n/s 1st  ms   p50 ms   p95 ms  p50 cpu  p95 cpu  disk MB   mem MB")
    for passages in parser.parse_args(arguments).passages:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(texts, passages, Path(folder)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
