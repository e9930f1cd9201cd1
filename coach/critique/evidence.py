"""Two quotes under every judgement, checked in code: what does not check is dropped, not softened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain import Citation, Evidence, Finding, Passage, Turn
from coach.knowledge import KnowledgeBase

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


def cited(passages: Sequence[Passage], about: str) -> Citation | None:
    """The sentence of these passages that says most about ``about``; earlier passages win ties.

    Sentences of 6 to 45 words only: shorter ones do not stand alone, longer ones are not read.
    """
    wanted = set(_WORD.findall(about.lower()))
    best: tuple[float, Citation] | None = None
    for rank, passage in enumerate(passages):
        for match in _SENTENCE.finditer(passage.text):
            sentence = match.group().strip()
            if not 6 <= len(sentence.split()) <= 45 or not _stands_alone(sentence):
                continue
            overlap = len(wanted & set(_WORD.findall(sentence.lower()))) / (8 + len(sentence.split()))
            score = overlap + 0.1 / (1 + rank) - (0.15 if _LEANS.match(sentence) else 0.0)
            if best is None or score > best[0]:
                citation = Citation(source=passage.source, section=passage.section, quote=sentence, title=passage.title)
                best = (score, citation)
    return best[1] if best else None


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence is neither torn out of a quotation nor left hanging on the one before."""
    return sentence[0].isupper() and sentence.count('"') % 2 == 0 and sentence.count("“") == sentence.count("”")


def holds(finding: Finding, turns: Sequence[Turn], knowledge: KnowledgeBase) -> bool:
    """Whether every quote of a finding stands where it says: a manager's turn, a section of the knowledge base."""
    said = all(_said(evidence, turns) for evidence in finding.evidence)
    return said and all(knowledge.verbatim(c.source, c.section, c.quote) for c in finding.passages)


def _said(evidence: Evidence, turns: Sequence[Turn]) -> bool:
    if not (0 <= evidence.turn < len(turns) and evidence.quote.strip()):
        return False
    turn = turns[evidence.turn]
    return turn.speaker == "manager" and evidence.quote in turn.text
