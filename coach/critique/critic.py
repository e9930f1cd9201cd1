"""CRITIQUE: from a read conversation to levels and findings, each with its two checked quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.content import Library
from coach.critique.drafts import Draft, drafts
from coach.critique.evidence import cited, holds, quotable, quoted
from coach.critique.levels import levels
from coach.critique.moments import moments
from coach.critique.overall import lean, overall
from coach.critique.plan import plan
from coach.critique.profile import profile
from coach.critique.reliability import Judged, Reliability
from coach.critique.rubric import Rubric
from coach.critique.writer import Conversation, Words, Writer
from coach.domain import (
    Citation,
    Code,
    Critique,
    Evidence,
    Finding,
    Level,
    PrincipleId,
    Provenance,
    Scenario,
    Transcript,
    Turn,
    rep_before,
)
from coach.errors import InputError
from coach.knowledge import KnowledgeBase, Sources
from coach.models import metering, usage_of

_Subject = tuple[PrincipleId, Code | None, Sources, str]
MAX_FINDINGS = 12
CANDIDATES = 8  # passages looked at for one finding


class Critic:
    """Judges read conversations; the same readings always give the same levels."""

    def __init__(
        self,
        library: Library,
        rubric: Rubric,
        knowledge: KnowledgeBase,
        writer: Writer,
        reliability: Reliability,
    ) -> None:
        """Take what the judgement rests on, and what is known of how far it can be trusted."""
        self._library = library
        self.rubric = rubric
        self.reliability = reliability
        self._knowledge = knowledge
        self._writer = writer
        self._found: dict[_Subject, list[Citation]] = {}

    def critique(self, transcript: Transcript, scenario: Scenario | None = None) -> Critique:
        """Judge a transcript whose turns carry readings.

        Raises:
            InputError: if one of the two speakers says nothing.
        """
        turns = transcript.turns
        for speaker in ("manager", "rep"):
            if not any(turn.speaker == speaker for turn in turns):
                raise InputError(f"The {speaker} says nothing in {transcript.id!r}, so there is nothing to judge.")
        rated = levels(turns, self.rubric)
        best, worst = moments(turns, self.rubric)
        conversation = Conversation(transcript.id, turns, scenario)
        with metering() as meter:
            found = drafts(turns, rated, self._library.behaviours, self.rubric)
            findings, dropped = self._findings(found, conversation)
        used = transcript.provenance.usage.plus(usage_of(meter))
        change = _first(findings, "slip", "missed")
        first = findings[change].principle if change is not None else None
        return Critique(
            levels=rated,
            overall=overall(turns, self.rubric),
            lean=lean(turns, self.rubric),
            best=best,
            worst=worst,
            findings=tuple(findings),
            keep=_first(findings, "strength"),
            change=change,
            profile=profile(turns, self._library.aspects),
            plan=plan(rated, self._library.principles, first),
            dropped=dropped,
            reliability=self.reliability.describe(transcript.provenance),
            provenance=transcript.provenance.model_copy(update={"usage": used}),
        )

    def levels(self, turns: Sequence[Turn]) -> dict[PrincipleId, Level | None]:
        """The levels of the conversation so far."""
        return levels(turns, self.rubric)

    def doubt(self, made: Provenance, judged: Judged = "levels") -> str:
        """Why what was judged of this engine's readings cannot decide anything; empty if it can."""
        return self.reliability.doubt(made, judged)

    def _findings(self, found: Sequence[Draft], conversation: Conversation) -> tuple[list[Finding], int]:
        """Findings whose quotes check, and how many were dropped because theirs did not."""
        house: set[str] = set()
        chosen = [self._with_passages(draft, conversation, house) for draft in found[:MAX_FINDINGS]]
        written = self._writer.write(chosen, conversation)
        made = [_finding(draft, words, conversation) for draft, words in zip(chosen, written, strict=True)]
        findings = [f for f in made if f and holds(f, conversation.turns, self._knowledge)]
        return findings, len(chosen) - len(findings)

    def _with_passages(self, draft: Draft, conversation: Conversation, house: set[str]) -> Draft:
        """The draft with a passage of ours and, if their own documents speak of it, one of the user's.

        ``house`` collects the user's sentences that this critique cites; none is cited twice.
        """
        i = draft.turns[0]
        situation = f"{rep_before(conversation.turns, i)} {conversation.turns[i].text}"
        ours = cited(self._shortlist(draft, "built-in"), situation)
        theirs = cited([c for c in self._shortlist(draft, "added") if c.quote not in house], situation)
        if ours and theirs:
            house.add(theirs.quote)
        return replace(draft, passages=tuple(c for c in (ours, theirs) if c) if ours else ())

    def _shortlist(self, draft: Draft, sources: Sources) -> list[Citation]:
        """Sentences of the knowledge base on the draft's behaviour; what never changes is searched once."""
        key = (draft.principle, draft.code, sources, self._knowledge.version(sources))
        if key not in self._found:
            principle = self._library.principles[draft.principle]
            behaviour = self._library.behaviours[draft.code] if draft.code else None
            about = f"{behaviour.name}. {behaviour.definition} {behaviour.effect}" if behaviour else principle.call
            found = self._knowledge.search(f"{principle.name}. {about}", 3 * CANDIDATES, {draft.principle}, sources)
            # What goes wrong is no reason to keep doing something.
            kinds = ("guidance",) if draft.kind == "strength" else ("guidance", "warning")
            fitting = [p for p in found if p.kind in kinds and p.principles[:1] == (draft.principle,)]
            self._found[key] = quotable(fitting[:CANDIDATES], about, self._knowledge.embedding)
        return self._found[key]


def _finding(draft: Draft, words: Words | None, conversation: Conversation) -> Finding | None:
    """A finding of its parts, None if its words or its passage are missing."""
    if words is None or not draft.passages:
        return None
    evidence = []
    for i in draft.turns:
        turn = conversation.turns[i]
        said = turn.reading.quotes.get(draft.code, "") if turn.reading and draft.code else ""
        evidence.append(Evidence(turn=i, quote=quoted(turn.text, said)))
    return Finding(
        principle=draft.principle,
        kind=draft.kind,
        code=draft.code,
        level=draft.level,
        evidence=tuple(evidence),
        passages=draft.passages,
        effect=words.effect,
        advice=words.advice,
        asks_for=words.asks_for,
        better_words=words.better_words,
        better_words_from=words.better_words_from,
        worded_by=words.by,
    )


def _first(findings: Sequence[Finding], *kinds: str) -> int | None:
    """Index of the weightiest finding of these kinds, the first kind that occurs winning."""
    for kind in kinds:
        for i, finding in enumerate(findings):
            if finding.kind == kind:
                return i
    return None
