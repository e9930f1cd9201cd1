"""What there is to look up about one talk. The answers without a model are these, and a model's tools give the same.

Nothing in here goes beyond what the debrief shows: the talk, its readings, the critique, and what came out or not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

import numpy as np

from coach.content import Library
from coach.critique import AuthoredWriter, Rubric
from coach.critique.drafts import Draft
from coach.critique.evidence import quotable, quoted
from coach.critique.levels import evidence
from coach.critique.writer import Conversation
from coach.debrief.asking.answer import Answer, Example, Said
from coach.debrief.debrief import Debrief, in_words
from coach.debrief.hidden import kept
from coach.debrief.path import Step
from coach.domain import SLIPS, Citation, Code, Finding, PrincipleId, Turn
from coach.knowledge import KnowledgeBase
from coach.reports.render import upfirst
from coach.reports.replies import your_reply

QUOTES = 3  # quotes under one answer; more are not read
NEAR: tuple[Code, ...] = ("STANDARD", "SUPPORT")  # what is nearest to an agreement where no day was named
SEARCHED = 4  # passages looked at for one question
MEANT = 0.28  # likeness of a question and a sentence from which the sentence says something on it
# Words with which a question begins and which say nothing of its subject.
FRAME = re.compile(
    r"what|which|does|do|the|is|are|there|any|anything|something|got|some|in|your|our|about|on|you|know|says?|tell|me"
    r"|knowledge|base|articles?|handbook|sources?|read|reading|worth|to|tips|advice|find|search|for"
)
CALLED = 0.15  # points of an opening from which the rep's words are said to have called for a principle


@dataclass(frozen=True)
class Casebook:
    """One debrief and what it rests on."""

    debrief: Debrief
    library: Library
    rubric: Rubric
    knowledge: KnowledgeBase
    writer: AuthoredWriter

    # --- (a) why this level

    def level(self, principle: PrincipleId) -> Answer:
        """Why a principle has its level: the anchor, what counted for and against it, and the rule."""
        act, level = upfirst(self.library.acts[principle]), self.debrief.critique.levels[principle]
        rules = self.rubric.principles[principle]
        heard = evidence(self.debrief.turns, self.rubric.hearing)
        helped = self._counted(rules.scale.support, heard)
        harmed = self._counted(rules.scale.against, heard)
        if level is None:
            text = [
                f"“{act}” was not judged: neither {self.debrief.rep}'s words nor yours called for it clearly enough.",
                f"It is called for when this happens: {self.library.principles[principle].call}",
            ]
        else:
            text = [
                f"“{act}”: {in_words(level)}. {self.library.principles[principle].levels[level]}",
                f"What counted for it: {self._listed(helped) or 'nothing that was heard'}. "
                f"What counted against it: {self._listed(harmed) or 'nothing that was heard'}.",
                "The rule is the same for everybody: it adds what was heard for a principle, takes off what was heard "
                "against it, and cuts the result into levels.",
            ]
            if level < 5:
                text.append(f"Better would have been: {self.library.principles[principle].levels[level + 1]}")
        cited = next((f.passages for f in self.debrief.critique.findings if f.principle == principle), ())
        ordered = [*harmed, *helped] if level is not None and level <= 3 else [*helped, *harmed]
        return Answer(
            kind="level",
            text=tuple(text),
            said=tuple(self._heard(code) for code in ordered[:QUOTES]),
            passages=cited[:1] or tuple(self.passages(f"{act}. {text[-1]}", {principle}))[:1],
        )

    def behaviour(self, code: Code) -> Answer:
        """Where a behaviour was heard, what it is and what it does."""
        behaviour, act = self.library.behaviours[code], upfirst(self.library.acts[code])
        where = [turn for turn in self._manager() if turn.reading and code in turn.reading.codes]
        if not where:
            text = [
                f"“{act}” was not heard in this talk, so it counted for nothing.",
                f"It would be this: {behaviour.definition}",
            ]
            return Answer(kind="level", text=tuple(text))
        sure = max(turn.reading.sure(code) for turn in where if turn.reading)
        doubt = "" if sure >= 0.7 else " It was not heard clearly, so it counted less; you may be right to doubt it."
        text = [
            f"“{act}” was heard in {self._replies(self._where(code))}. It means: {behaviour.definition}",
            f"What it tends to do: {behaviour.effect}{doubt}",
            f"It would not be this: “{behaviour.not_this[0]}”",
        ]
        cited = next((f.passages for f in self.debrief.critique.findings if f.code == code), ())
        said = tuple(self._said(turn, code) for turn in where[:QUOTES])
        return Answer(kind="level", text=tuple(text), said=said, passages=cited[:1])

    # --- (b) what happened

    def turn(self, i: int) -> Answer:
        """What was said at a manager's turn, what was heard in it, what it did to the rep, and the answer."""
        step, turn = self.step(i), self.debrief.turns[i]
        codes = turn.reading.codes if turn.reading else ()
        names = [f"“{self.library.acts[code]}”" for code in codes]
        heard = f"What was heard in it: {_and(names)}." if names else "Nothing in it was clear enough to count."
        text = [f"{heard} {self.debrief.effect_of(i)}"]
        slips = [code for code in codes if code in SLIPS]
        text += [f"“{upfirst(self.library.acts[c])}”: {self.library.behaviours[c].effect}" for c in slips[:1]]
        finding = self._finding(i)
        if finding and not slips:
            text.append(finding.effect)
        said = [Said(turn=i, speaker="manager", quote=quoted(turn.text, ""))]
        if step.answered:
            said.append(Said(turn=i + 1, speaker="rep", quote=quoted(step.answered, "")))
        passages = finding.passages[:1] if finding else ()
        return Answer(kind="turn", text=tuple(text), said=tuple(said), passages=passages)

    def change(self, sign: int) -> Answer:
        """Where trust fell (-1) or rose (1) most, and why, as far as the readings tell."""
        steps = self.debrief.steps
        moved = sorted((s for s in steps if s.moved and s.change * sign > 0), key=lambda s: -abs(s.change))
        word = "rose" if sign > 0 else "fell"
        if not moved:
            small = f"Trust never {word} by more than a little in this talk"
            return Answer(kind="turn", text=(f"{small}: no single thing you said moved it much.",))
        most = self.turn(moved[0].turn)
        others = [s.turn for s in moved[1:3]]
        also = f" It also {word} at {self._replies(sorted(others))}." if others else ""
        first = f"Trust {word} most at {self._replies([moved[0].turn])}.{also}"
        return most.model_copy(update={"text": (first, *most.text)})

    def best(self, sign: int) -> Answer:
        """The turn that helped most (1) or cost most (-1), by the published points."""
        critique = self.debrief.critique
        i = critique.best if sign > 0 else critique.worst
        if i is None:
            none = "helped clearly more than the others" if sign > 0 else "clearly cost you something"
            return Answer(kind="turn", text=(f"No single turn {none}.",))
        told = self.turn(i)
        word = "helped most" if sign > 0 else "cost you most"
        return told.model_copy(update={"text": (f"{self._replies([i]).capitalize()} {word}.", *told.text)})

    # --- (c) other words

    def words(self, i: int) -> Answer:
        """Examples of what could have been said at a manager's turn; called examples, because that is what they are."""
        draft, talk = self._draft(i), Conversation(self.debrief.id, self.debrief.turns, self.debrief.scenario)
        found = self.writer.write([draft], talk)[0]
        before = next((turn for turn in reversed(self.debrief.turns[:i]) if turn.speaker == "rep"), None)
        said = [Said(turn=before.i, speaker="rep", quote=quoted(before.text, ""))] if before else []
        said.append(Said(turn=i, speaker="manager", quote=quoted(self.debrief.turns[i].text, "")))
        examples = (
            (Example(words=found.better_words, origin=found.better_words_from),) if found and found.better_words else ()
        )
        text = [found.advice] if found else []
        if examples:
            text.append("An example, not the one right answer: say it in your own way, or practise the moment again.")
        else:
            text.append("There is no example near enough to this moment.")
        finding = self._finding(i)
        passages = finding.passages[:1] if finding else ()
        return Answer(kind="words", text=tuple(text), said=tuple(said), passages=passages, examples=examples)

    # --- what stayed hidden

    def hidden(self) -> Answer:
        """What came out, what did not, and what was missing for it; just what the debrief shows."""
        rep, text, said = self.debrief.rep, [], []
        for secret in self.debrief.secrets:
            if secret.opened_at is not None:
                answered = self.debrief.reply_to(secret.opened_at)
                said += [Said(turn=secret.opened_at + 1, speaker="rep", quote=quoted(answered, ""))] if answered else []
        back = kept(self.debrief.secrets)
        told = len(back) < len(self.debrief.secrets)
        if not back:
            everything = f"Nothing: {rep} told you everything there was to tell."
            return Answer(kind="hidden", text=(everything,), said=tuple(said[:QUOTES]))
        share = "some" if told else "nothing"
        text.append(f"{rep} told you {share} of what had to be earned. What stayed back:")
        text += [f"{s.way} It is this: {s.text}" for s in back[:QUOTES]]
        if len(back) > QUOTES:
            text.append(f"The rest stands above, under what {rep} was carrying.")
        return Answer(kind="hidden", text=tuple(text), said=tuple(said[:QUOTES]))

    # --- what was agreed

    def agreed(self) -> Answer:
        """What the manager said they would do by a day; without that, what came nearest to an agreement."""
        if dated := self.debrief.agreed:
            text = [
                "This is what I heard you say with a day or a time in it.",
                f"Whether {self.debrief.rep} agreed to it stands in the answer that followed.",
            ]
            said = [Said(turn=one.turn, speaker="manager", quote=one.quote) for one in dated]
            return Answer(kind="agreed", text=tuple(text), said=tuple(said[-QUOTES:]))
        text, near = ["I heard nothing with a day or a name on it."], [c for c in NEAR if self._where(c)]
        if near:
            names = [f"“{self.library.acts[code]}”" for code in near]
            text.append(f"What came nearest was heard as {_and(names)}, without a day.")
        text.append("An agreement holds better when both of you know who does what, and by when.")
        return Answer(kind="agreed", text=tuple(text), said=tuple(self._heard(code) for code in near))

    # --- (d) the knowledge base

    def passages(self, words: str, principles: Collection[PrincipleId] | None = None) -> list[Citation]:
        """Sentences of the knowledge base on some words, the nearest first, one a passage; none that is far off."""
        embedding = self.knowledge.embedding
        found = [p for p in self.knowledge.search(words, SEARCHED, principles) if p.kind != "reference"]
        each = [citation for passage in found for citation in quotable([passage], words, embedding)[:1]]
        if not each:
            return []
        near = np.asarray(embedding.embed_documents([c.quote for c in each])) @ np.asarray(embedding.embed_query(words))
        chosen = [each[n] for n in np.argsort(-near, kind="stable") if near[n] >= MEANT]
        return [c for c in chosen if self.knowledge.verbatim(c.source, c.section, c.quote)][:QUOTES]

    def lookup(self, words: str, principle: PrincipleId | None = None) -> Answer | None:
        """What the knowledge base says on something; None if nothing in it comes near."""
        asked = (
            " ".join(dropwhile(lambda word: FRAME.fullmatch(word.strip("?:,“”\"'").casefold()), words.split())) or words
        )
        found = self.passages(asked, {principle}) if principle else []
        found = found or self.passages(asked)
        text = "The knowledge base says this. Open a passage to read what stands around it."
        return Answer(kind="knowledge", text=(text,), passages=tuple(found)) if found else None

    # --- parts

    def step(self, i: int) -> Step:
        """The step of a manager's turn."""
        return next(step for step in self.debrief.steps if step.turn == i)

    def _manager(self) -> Iterator[Turn]:
        return (turn for turn in self.debrief.turns if turn.speaker == "manager")

    def _finding(self, i: int) -> Finding | None:
        """The finding that cites a turn, if one does."""
        findings = self.debrief.critique.findings
        return next((f for f in findings if any(e.turn == i for e in f.evidence)), None)

    def _counted(self, weights: Mapping[Any, float], heard: Mapping[Code, float]) -> list[Code]:
        """Heard behaviours that a scale counts, the weightiest first."""
        counted = {code: weights[code] * heard[code] for code in heard if weights.get(code)}
        return sorted(counted, key=lambda code: -counted[code])

    def _listed(self, codes: list[Code]) -> str:
        names = {code: self.library.acts[code] for code in codes[:4]}
        return _and([f"“{name}” ({self._replies(self._where(code))})" for code, name in names.items()])

    def _replies(self, turns: list[int]) -> str:
        return your_reply(self.debrief.turns, *turns)

    def _where(self, code: Code) -> list[int]:
        return [turn.i for turn in self._manager() if turn.reading and code in turn.reading.codes]

    def _heard(self, code: Code) -> Said:
        """The turn in which a behaviour was heard most surely."""
        return self._said(max((self.debrief.turns[i] for i in self._where(code)), key=lambda t: _sure(t, code)), code)

    def _said(self, turn: Turn, code: Code) -> Said:
        words = turn.reading.quotes.get(code, "") if turn.reading else ""
        return Said(turn=turn.i, speaker="manager", quote=quoted(turn.text, words))

    def _draft(self, i: int) -> Draft:
        """What example words for a turn should show: what its slip lacked, or what the rep's words called for."""
        turn, finding = self.debrief.turns[i], self._finding(i)
        slip = next((code for code in turn.reading.codes if code in SLIPS), None) if turn.reading else None
        if slip:
            return Draft(self.library.behaviours[slip].principles[0], "slip", slip, 2, (i,), 1.0)
        before = next((t.reading for t in reversed(self.debrief.turns[:i]) if t.speaker == "rep" and t.reading), None)
        openings = before.openings if before else {}
        called = max(openings, key=lambda p: openings[p], default=None)
        if called is None or openings[called] < CALLED:
            called = finding.principle if finding else "coaching"
        return Draft(called, "missed", None, 2, (i,), 1.0)


def _sure(turn: Turn, code: Code) -> float:
    return turn.reading.sure(code) if turn.reading else 0.0


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
