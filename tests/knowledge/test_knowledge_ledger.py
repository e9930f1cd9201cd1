"""The ledger maps every fact of the two articles behind the knowledge base to the sentence of ours that states it."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import Annotated

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from coach.content.places import shipped
from coach.domain import PRINCIPLES, Passage
from coach.knowledge import load_articles
from coach.knowledge.articles import article_entries
from coach.knowledge.splitting import sentences

KNOWLEDGE = shipped() / "knowledge"
SECTIONS = [f"A1-{i:02}" for i in range(24)] + [f"A2-{i:02}" for i in range(13)]
LED_BY = [f"A1-{i:02}" for i in range(1, 22, 2)]  # a lead stands before every second section
RUN = 8  # so many words in a row are a quotation

Text = Annotated[str, Field(min_length=1)]


class Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^A[12]-\d\d-\d\d$")]
    lead: bool = False
    states: Text
    source: Text
    section: Text
    sentence: Text

    @property
    def place(self) -> str:
        return self.id[:5]


class Ledger(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sections: dict[str, Text]
    entries: tuple[Fact, ...]


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.model_validate(yaml.safe_load((KNOWLEDGE / "ledger.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    """The passages as they go into the index."""
    return [entry.passage for entry in article_entries(load_articles([KNOWLEDGE / "articles"]))]


def runs(parts: list[str]) -> set[str]:
    """Every run of whole sentences."""
    return {" ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}


def test_every_sentence_stands_verbatim_in_a_passage_of_its_section(ledger: Ledger, passages: list[Passage]) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for passage in passages:
        found.setdefault((passage.source, passage.section), set()).update(runs(sentences(passage.text)))
    lost = [fact.id for fact in ledger.entries if fact.sentence not in found.get((fact.source, fact.section), ())]
    assert not lost, "not a whole sentence of the named section: " + ", ".join(lost)


def test_ids_are_unique_in_order_and_without_gaps(ledger: Ledger) -> None:
    counts = Counter(fact.place for fact in ledger.entries)
    expected = [f"{place}-{n:02}" for place in SECTIONS for n in range(1, counts[place] + 1)]
    assert [fact.id for fact in ledger.entries] == expected


def test_every_section_of_both_articles_has_entries(ledger: Ledger) -> None:
    assert list(ledger.sections) == SECTIONS
    assert sorted({fact.place for fact in ledger.entries}) == SECTIONS
    assert sorted({fact.place for fact in ledger.entries if fact.lead}) == LED_BY


def test_the_table_has_both_cells_of_its_six_aspects(ledger: Ledger) -> None:
    cells = [fact.states.split(":")[0] for fact in ledger.entries if fact.place == "A2-04"]
    aspects = ("Focus", "Approach", "Time horizon", "Relationship with the team", "Decision making", "Motivation style")
    assert cells == [f"{aspect}, {who}" for aspect in aspects for who in ("manager", "leader")]


def test_no_fact_is_stated_twice(ledger: Ledger) -> None:
    counts = Counter((fact.id[:2], fact.states) for fact in ledger.entries)
    assert [states for (_, states), count in counts.items() if count > 1] == []


def word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", text.lower()))
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


@pytest.fixture(scope="module")
def originals() -> set[tuple[str, ...]]:
    folder = Path(os.environ.get("COACH_ARTICLES") or shipped().parent / "shared" / "articles")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    if not texts:
        pytest.skip(f"no original articles in {folder}")
    return word_runs("\n".join(texts))


def test_the_ledger_is_in_our_own_words(ledger: Ledger, originals: set[tuple[str, ...]]) -> None:
    assert [fact.id for fact in ledger.entries if word_runs(fact.states) & originals] == []


def test_the_articles_are_in_our_own_words(passages: list[Passage], originals: set[tuple[str, ...]]) -> None:
    assert [(p.source, p.section) for p in passages if word_runs(p.text) & originals] == []


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_every_principle_has_a_whole_page(principle: str, passages: list[Passage]) -> None:
    page: dict[str, list[str]] = {}
    for passage in passages:
        if passage.source == f"principle-{principle}":
            page.setdefault(passage.section, []).append(passage.text)
    lines = [line for text in page["Ten lines a manager could say"] for line in text.splitlines() if line[:3] == '- "']
    assert len(set(lines)) >= 10
    least = {
        "Why it matters": 3,
        "What it sounds like": 3,
        "What it does not sound like": 1,
        "What it is mistaken for": 2,
        "When it goes wrong": 2,
        "In the next one-on-one": 2,
        "Remote and in text chat": 2,
    }
    assert {name: min(count, len(page.get(name, ()))) for name, count in least.items()} == least


def test_every_slip_says_why_what_it_costs_and_how_it_is_repaired(passages: list[Passage]) -> None:
    slips = Counter(p.section for p in passages if p.source == "slips" and p.kind == "warning")
    assert len(slips) == 9
    assert set(slips.values()) == {3}


def test_passages_stay_short(passages: list[Passage]) -> None:
    assert [(p.source, p.section) for p in passages if len(p.text.split()) > 150] == []
