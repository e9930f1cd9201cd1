"""Whether advice asks for what was done, how much of it there is, and whether passages fit what they are cited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.app import EXCHANGES, App
from coach.coding import LocalCoder
from coach.content import read_exchanges
from coach.domain import Code, Finding, PrincipleId, Transcript, Turn
from eval.bench.critique.material import Recording

CALLED = ("An example", "Suggested by the model")
NEAREST = 3  # a quote is about one of the principles nearest to it in meaning


@dataclass(frozen=True)
class Share:
    """A part of a whole, and the bar it should keep to."""

    name: str
    part: int
    whole: int
    bar: str = ""
    met: bool | None = None

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Judged:
    """A finding, the recording it is about, and the behaviours that its better words show."""

    recording: Recording
    finding: Finding
    example: tuple[Code, ...]

    @property
    def shows(self) -> Code | None:
        """The behaviour for which its better words are given: the one asked for, else the first that they show."""
        asked = self.finding.asks_for
        return asked if asked in self.example or not self.example else self.example[0]

    def in_turn(self) -> frozenset[Code]:
        """What the manager did in the turns the finding cites, by the reference labels."""
        return frozenset(c for e in self.finding.evidence for c in self.recording.codes.get(e.turn, ()))

    def in_talk(self) -> frozenset[Code]:
        """What the manager did anywhere, by the reference labels."""
        return frozenset(c for codes in self.recording.codes.values() for c in codes)


def judged(app: App, recordings: Sequence[Recording]) -> list[Judged]:
    """Every finding of the critiques of these recordings."""
    known = {e.manager: e.codes for e in read_exchanges(app.places.file(EXCHANGES))}
    local, found = LocalCoder.load(), []
    for recording in recordings:
        turns = tuple(Turn(i=i, speaker=said.speaker, text=said.text) for i, said in enumerate(recording.talk))
        read = app.coder.read(turns, range(len(turns)))
        turns = tuple(turn.model_copy(update={"reading": read[turn.i]}) for turn in turns)
        made = app.critic.critique(Transcript(id=recording.id, turns=turns, provenance=app.provenance(None)))
        for finding in made.findings:
            shown = known.get(finding.better_words)
            if shown is None and finding.better_words:
                shown = _heard(local, turns[: finding.evidence[0].turn], finding.better_words)
            found.append(Judged(recording, finding, tuple(shown or ())))
    return found


def _heard(coder: LocalCoder, before: Sequence[Turn], words: str) -> tuple[Code, ...]:
    turns = (*before, Turn(i=len(before), speaker="manager", text=words))
    return coder.read(turns, [len(before)])[len(before)].codes


def advised_what_was_done(found: Sequence[Judged], most: float = 0.1) -> list[Share]:
    """Of the suggestions for what went wrong, those that ask for a behaviour which the manager had shown."""
    wrong = [one for one in found if one.finding.asks_for]
    worded = [one for one in wrong if one.finding.better_words]

    def share(name: str, done: Sequence[bool]) -> Share:
        return Share(name, sum(done), len(done), f"<= {most}", sum(done) <= most * len(done))

    return [
        share("advice: done in the cited turn", [one.finding.asks_for in one.in_turn() for one in wrong]),
        share("advice: done anywhere in the talk", [one.finding.asks_for in one.in_talk() for one in wrong]),
        share("better words: done in the cited turn", [one.shows in one.in_turn() for one in worded]),
        share("better words: done anywhere in the talk", [one.shows in one.in_talk() for one in worded]),
    ]


def variety(findings: Sequence[Finding]) -> list[Share]:
    """Distinct suggestions, and whether example words are called so."""
    worded = [finding for finding in findings if finding.better_words]
    called = sum(finding.better_words_from.startswith(CALLED) for finding in worded)
    both = {(finding.advice, finding.better_words) for finding in findings}
    return [
        Share("distinct suggestions (advice and words)", len(both), len(findings)),
        Share("distinct advice", len({finding.advice for finding in findings}), len(findings)),
        Share("distinct better words, of those given", len({f.better_words for f in worded}), len(worded)),
        Share("better words called an example", called, len(worded), "= 1", called == len(worded)),
    ]


def cited(app: App, findings: Sequence[Finding], least: float = 0.95) -> list[Share]:
    """Findings whose first passage belongs to their principle, by the article and by meaning."""
    by_article = sum(finding.principle in _about(app, finding) for finding in findings)
    nearest = _nearest(app, [finding.passages[0].quote for finding in findings])
    first = sum(order[0] == f.principle for order, f in zip(nearest, findings, strict=True))
    near = sum(f.principle in order[:NEAREST] for order, f in zip(nearest, findings, strict=True))
    whole = len(findings)
    return [
        Share("passage of a section on the principle", by_article, whole, f">= {least}", by_article >= least * whole),
        Share("quote nearest in meaning to the principle", first, whole),
        Share(f"principle among the quote's {NEAREST} nearest", near, whole),
    ]


def heard_rightly(found: Sequence[Judged]) -> list[Share]:
    """Findings of a behaviour that the reference labels hear in one of the turns they cite."""
    shares = []
    for kind in ("strength", "slip"):
        of_kind = [one for one in found if one.finding.kind == kind]
        right = sum(one.finding.code in one.in_turn() for one in of_kind)
        shares.append(Share(f"{kind} findings that the labels bear out", right, len(of_kind)))
    return shares


def _about(app: App, finding: Finding) -> set[PrincipleId]:
    cited = finding.passages[0]
    passages = app.knowledge.reading(cited.source, cited.section)
    return {p for passage in passages if cited.quote in passage.text for p in passage.principles}


def _nearest(app: App, quotes: Sequence[str]) -> list[list[PrincipleId]]:
    """For each quote the principles, the nearest in meaning first."""
    if not quotes:
        return []
    embedding, principles = app.knowledge.embedding, list(app.library.principles.values())
    about = np.asarray([embedding.embed_query(f"{p.name}. {p.statement}") for p in principles])
    likeness = np.asarray(embedding.embed_documents(list(quotes))) @ about.T
    return [[principles[int(j)].id for j in row] for row in np.argsort(-likeness, axis=1, kind="stable")]
