"""Run by the tests as another process: ``knowledge_worker.py ACTION HOME PATH MARKER``."""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

from coach.knowledge import AddedDocuments, KnowledgeBase

ARTICLES = {
    "pressure.md": """---
id: pressure
title: Pressure: what it does
---
## Managing pressure
Principles: wellbeing, trust

Sales is a high-pressure profession. Leaders who see fatigue and burnout early can lighten the load before it breaks
somebody.

A rep who is "fine" for the third week in a row is rarely fine. Ask once more, and wait for the answer.

## Keeping promises
Principles: integrity

A promise that was kept is remembered for a month. A promise that was broken is remembered for years.
""",
    "figures.md": """---
id: figures
title: "Figures as light"
---
## Reading the pipeline
Principles: data

Pipeline figures show where to look together. They do not show whom to blame.
""",
}


class HashEmbedding:
    """Vectors of the words in a text, the same in every process, without a model."""

    name = "hash-1"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.001] * 32
        for word in text.lower().split():
            vector[hashlib.sha256(word.encode()).digest()[0] % 32] += 1.0
        return vector


class SlowEmbedding(HashEmbedding):
    """Says that it has begun and then takes for ever."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.marker.touch()
        time.sleep(60)
        return super().embed_documents(texts)


def main(action: str, home: Path, path: Path, marker: Path) -> None:
    slow = SlowEmbedding(marker)
    if action == "build":
        with KnowledgeBase(home, path, HashEmbedding()) as base:
            marker.with_name(f"{marker.name}-{sys.argv[5]}").touch()
            while not marker.exists():
                time.sleep(0.01)
            base.open()
            sys.stdout.write(f"{base.hash} {len(base.search('pressure', 3))}")
    elif action == "build-slowly":
        KnowledgeBase(home, path, slow).open()
    elif action == "add-slowly":
        AddedDocuments(home, slow).add([path])
    elif action == "add-one-by-one":
        added = AddedDocuments(home, HashEmbedding())
        for file in sorted(path.iterdir()):
            added.add([file])
            marker.touch()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
