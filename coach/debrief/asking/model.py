"""Answers by a model that looks things up. What it says is checked by code; what does not check is not shown.

The model chooses which turns and passages to cite; their words are put in from the talk and the knowledge base, so a
citation cannot be made up. A quotation in its own sentences that stands nowhere, a number that no look-up returned, or
no citation at all, and the answer without a model takes its place.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from coach.content import Prompt
from coach.critique.evidence import quoted
from coach.debrief.asking.answer import Answer, Example, Said
from coach.debrief.asking.casebook import Casebook
from coach.debrief.asking.offline import answer as offline
from coach.domain import Citation, Turn
from coach.errors import ModelError
from coach.models import Agent
from coach.reports.replies import nth, own, where, your_reply

FROM_MODEL = "Suggested by the model for this moment"
SAME = 0.8  # from this likeness on, other words only repeat what the manager said
READ = 40  # turns that one look into the transcript returns at most
CITED = 4  # turns and passages shown under one answer
_LOG = logging.getLogger(__name__)
_QUOTATION = re.compile(r"“([^”]{2,})”|\"([^\"]{2,})\"|«([^»]{2,})»")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_TURNS = re.compile(r"\b(?:your )?turns? \d+(?:(?:, | and | or |, and )\d+)*", re.I)
_WORD = re.compile(r"[\w']+")


class Reply(BaseModel):
    """Your answer to the manager, with what it rests on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)] = Field(
        description="two to six short sentences to the manager"
    )
    turns: tuple[int, ...] = Field((), max_length=20, description="turns of the talk that the answer rests on")
    passages: tuple[str, ...] = Field((), max_length=20, description="ids of passages that the answer rests on")
    wording: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = Field(
        "", description="only if other words were asked for: what the manager could say"
    )


@dataclass
class Desk:
    """The four tools over one talk, and what they handed out."""

    book: Casebook
    passages: dict[str, Citation] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    def search_knowledge(self, query: str) -> str:
        """Search the knowledge base for passages on a subject; each has an id to cite it by."""
        found = []
        for citation in self.book.passages(query[:500]):
            key = next((k for k, known in self.passages.items() if known == citation), f"K{len(self.passages) + 1}")
            self.passages[key] = citation
            found.append({"id": key, "source": citation.title or citation.source, "section": citation.section,
                          "quote": citation.quote})  # fmt: skip
        return self._show(found)

    def read_transcript(self, first: int = 0, last: int = READ) -> str:
        """Read the turns of the talk from first to last, with what was heard in the manager's and how trust moved."""
        turns = [turn for turn in self.book.debrief.turns if first <= turn.i <= last][:READ]
        return self._show([self._turn(turn) for turn in turns])

    def explain(self, name: str) -> str:
        """Explain by its rule why a principle or a behaviour, called by its name, was judged as it was."""
        library, wanted = self.book.library, name.strip().casefold()
        principle = next(
            (p.id for p in library.principles.values() if wanted in (p.id, p.name.casefold(), library.acts[p.id])), None
        )
        if principle:
            return self._show(self.book.level(principle).model_dump(include={"text", "said"}))
        behaviours = library.behaviours.values()
        code = next(
            (b.code for b in behaviours if wanted in (b.code.casefold(), b.name.casefold(), library.acts[b.code])), None
        )
        if code:
            return self._show(self.book.behaviour(code).model_dump(include={"text", "said"}))
        names = {
            "principles": [p.name for p in library.principles.values()],
            "behaviours": [b.name for b in behaviours],
        }
        return self._show({"unknown name; these are known": names})

    def suggest_wording(self, turn: int) -> str:
        """Give examples of what could have been said at one of the manager's turns, and advice for that moment."""
        if all(step.turn != turn for step in self.book.debrief.steps):
            return self._show({"no such turn": turn, "manager's turns": [s.turn for s in self.book.debrief.steps]})
        return self._show(self.book.words(turn).model_dump(include={"text", "examples", "said"}))

    def _turn(self, turn: Turn) -> dict[str, object]:
        told: dict[str, object] = {"turn": turn.i, "speaker": turn.speaker, "text": turn.text}
        if turn.speaker == "manager" and turn.reading:
            told["reply"] = nth(own(self.book.debrief.turns), turn.i)
            told["heard"] = [self.book.library.acts[code] for code in turn.reading.codes]
            told["trust moved by"] = round(self.book.step(turn.i).change) if turn.state else None
        return told

    def _show(self, found: object) -> str:
        text = json.dumps(found, ensure_ascii=False)
        self.shown.append(text)
        return text


@dataclass(frozen=True)
class ModelAnswerer:
    """Answers through an agent, and without a model where that fails."""

    agent: Agent
    prompt: Prompt
    deadline: float

    @property
    def id(self) -> str:
        """Model and prompt, for provenance."""
        return f"{self.agent.name}/ask-{self.prompt.hash}"

    def answer(self, question: str, book: Casebook) -> Answer:
        """An answer whose citations check, else the one without a model."""
        floor, desk = offline(question, book), Desk(book)
        debrief, asked = book.debrief, json.dumps(question, ensure_ascii=False)
        system, user = self.prompt.render({"question": asked, "rep": debrief.rep, "title": debrief.scenario.title})
        tools = (desk.search_knowledge, desk.read_transcript, desk.explain, desk.suggest_wording)
        try:
            reply = self.agent.ask(system, user, tools, Reply, self.deadline)
        except ModelError as error:
            _LOG.warning("%s", error)
            return floor
        if wrong := unsound(reply, question, desk):
            _LOG.warning("The answer of %s is not shown: %s.", self.agent.name, wrong)
            return floor
        passages = [desk.passages[key] for key in dict.fromkeys(reply.passages) if key in desk.passages]
        return floor.model_copy(
            update={
                "text": tuple(counted(line, debrief.turns) for line in reply.answer.splitlines() if line.strip()),
                "said": _cited(reply.turns, debrief.turns),
                "passages": tuple(passages[:CITED]),
                "examples": _wording(reply, debrief.turns) or (floor.examples if floor.kind == "words" else ()),
                "by": self.id,
            }
        )


def unsound(reply: Reply, question: str, desk: Desk) -> str:
    """Why an answer may not be shown; empty if it may."""
    turns = desk.book.debrief.turns
    known = [*desk.shown, *(turn.text for turn in turns), *(c.quote for c in desk.passages.values()), question]
    if not any(0 <= i < len(turns) for i in reply.turns) and not any(key in desk.passages for key in reply.passages):
        return "it cites nothing that there is"
    text = " ".join(_words("\n".join(known)))
    for found in _QUOTATION.finditer(reply.answer):
        if f" {' '.join(_words(found[1] or found[2] or found[3]))} " not in f" {text} ":
            return "it quotes words that stand nowhere"
    there = {str(turn.i) for turn in turns}
    named = {number for found in _TURNS.finditer(reply.answer) for number in _NUMBER.findall(found[0])} - there
    told = _NUMBER.findall(f"{_TURNS.sub(' ', reply.answer)} {reply.wording}")
    if strange := named | set(told) - set(_NUMBER.findall("\n".join(known))):
        return f"it names numbers that no look-up returned ({', '.join(sorted(strange)[:3])})"
    return ""


def counted(text: str, turns: Sequence[Turn]) -> str:
    """A model's sentences with the manager's own count in the place of turn numbers: it looks things up by those."""

    def called(found: re.Match[str]) -> str:
        at = [int(number) for number in _NUMBER.findall(found[0])]
        theirs = any(turns[i].speaker == "rep" for i in at)
        name = f"what was said {where(turns, at[0])}" if theirs else your_reply(turns, *at)
        return name[0].upper() + name[1:] if found[0][0].isupper() else name

    return _TURNS.sub(called, text)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


def _cited(wanted: Sequence[int], turns: Sequence[Turn]) -> tuple[Said, ...]:
    found = [turns[i] for i in sorted(set(wanted)) if 0 <= i < len(turns)][:CITED]
    return tuple(Said(turn=turn.i, speaker=turn.speaker, quote=quoted(turn.text, "")) for turn in found)


def _wording(reply: Reply, turns: Sequence[Turn]) -> tuple[Example, ...]:
    """The model's own words for the manager, unless they only say again what the manager said."""
    wording = reply.wording.casefold()
    again = any(SequenceMatcher(None, wording, turn.text.casefold()).ratio() >= SAME for turn in turns)
    return (Example(words=reply.wording, origin=FROM_MODEL),) if wording and not again else ()
