"""Two quotes under every judgement, checked in code: what does not check is dropped, not softened."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from coach.domain import Citation, Evidence, Finding, Passage, Turn
from coach.knowledge import Embedding, KnowledgeBase

SHORTLIST = 3  # sentences that may be quoted for one behaviour
MAX_QUOTE = 280  # characters; a longer quote is cut at a word
_SENTENCE = re.compile(r"[^.!?]+[.!?]+[\"'”’)]*")
# A sentence that begins like this leans on the one before it.
_LEANS = re.compile(
    r"(it|they|them|that|this|these|those|he|she|his|her|their|such|so|then|but|and|or|both|there)\b", re.I
)
_WORD = re.compile(r"[a-z]{4,}")


def quoted(text: str, words: str) -> str:
    """The words if they stand in the text, else the whole text; cut so that it stays verbatim."""
    quote = words if words and words in text else text.strip()
    return quote if len(quote) <= MAX_QUOTE else quote[:MAX_QUOTE].rsplit(" ", 1)[0]


def quotable(passages: Sequence[Passage], about: str, embedding: Embedding) -> list[Citation]:
    """The few sentences of these passages that are nearest in meaning to ``about``, best first.

    Sentences of 6 to 45 words that stand alone: shorter ones say too little, longer ones are not read.
    """
    found = [
        Citation(source=passage.source, section=passage.section, quote=sentence, title=passage.title)
        for passage in passages
        for sentence in (match.group().strip() for match in _SENTENCE.finditer(passage.text))
        if 6 <= len(sentence.split()) <= 45 and _stands_alone(sentence)
    ]
    if not found:
        return []
    nearness = np.asarray(embedding.embed_documents([c.quote for c in found])) @ embedding.embed_query(about)
    best = np.argsort(-nearness, kind="stable")[:SHORTLIST]
    return [found[int(i)] for i in best]


def cited(shortlist: Sequence[Citation], situation: str) -> Citation | None:
    """The sentence of a shortlist that shares most words with the situation; the nearest in meaning wins ties."""
    wanted = set(_WORD.findall(situation.lower()))

    def shared(citation: Citation) -> float:
        words = set(_WORD.findall(citation.quote.lower()))
        return len(wanted & words) / (8 + len(words))

    return max(shortlist, key=shared, default=None)


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence is neither torn out of a quotation nor leans on the one before."""
    return (
        not _LEANS.match(sentence)
        and sentence[0].isupper()
        and sentence.count('"') % 2 == 0
        and sentence.count("“") == sentence.count("”")
    )


def holds(finding: Finding, turns: Sequence[Turn], knowledge: KnowledgeBase) -> bool:
    """Whether every quote of a finding stands where it says: a manager's turn, a section of the knowledge base."""
    said = all(_said(evidence, turns) for evidence in finding.evidence)
    return said and all(knowledge.verbatim(c.source, c.section, c.quote) for c in finding.passages)


def _said(evidence: Evidence, turns: Sequence[Turn]) -> bool:
    if not (0 <= evidence.turn < len(turns) and evidence.quote.strip()):
        return False
    turn = turns[evidence.turn]
    return turn.speaker == "manager" and evidence.quote in turn.text
