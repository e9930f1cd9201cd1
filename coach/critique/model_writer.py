"""Words for drafts by a model, checked twice: by code, and by a second look that asks what is borne out.

What happened and how well was decided before; the model only finds words. What the second look does
not support is dropped. If a call fails, the authored writer writes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from coach.content import Prompt
from coach.critique.drafts import Draft
from coach.critique.writer import Conversation, Words, Writer
from coach.domain import Behaviour, Code, Principle, PrincipleId, rep_before
from coach.errors import ModelError
from coach.models import Message, Structured

FROM_MODEL = "Suggested by the model for this moment"
SAME = 0.8  # from this likeness on, better words only repeat what the manager said
_LOG = logging.getLogger(__name__)

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Written(_Answer):
    number: int
    effect: Sentence
    advice: Sentence
    better_words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)] = ""


class WrittenFindings(_Answer):
    """What a model wrote for numbered observations."""

    findings: Annotated[tuple[_Written, ...], Field(max_length=50)]


class _Checked(_Answer):
    number: int
    supported: bool


class CheckedFindings(_Answer):
    """What the second look says of numbered findings."""

    findings: Annotated[tuple[_Checked, ...], Field(max_length=50)]


class ModelWriter:
    """Writes through a chat model."""

    def __init__(
        self,
        structured: Structured,
        write: Prompt,
        check: Prompt,
        floor: Writer,
        behaviours: Mapping[Code, Behaviour],
        principles: Mapping[PrincipleId, Principle],
        deadline: float,
    ) -> None:
        """Take the model, its two prompts and what to fall back to."""
        self._structured = structured
        self._write = write
        self._check = check
        self._floor = floor
        self._behaviours = behaviours
        self._principles = principles
        self._deadline = deadline
        self.id = f"{structured.name}/write-{write.hash}"

    def write(self, drafts: Sequence[Draft], conversation: Conversation) -> list[Words | None]:
        """Words for each draft; see ``Writer.write``."""
        authored = self._floor.write(drafts, conversation)
        if not drafts:
            return authored
        observed = [
            self._observation(n, draft, floor, conversation)
            for n, (draft, floor) in enumerate(zip(drafts, authored, strict=True), start=1)
        ]
        try:
            written = {w.number: w for w in self._ask_words(observed, conversation).findings}
            sound = self._supported(observed, written)
        except ModelError as error:
            _LOG.warning("%s", error)
            return authored
        made: list[Words | None] = []
        for n, (draft, floor) in enumerate(zip(drafts, authored, strict=True), start=1):
            words = None if n in written else floor
            if n in sound:
                words = self._words(draft, floor, conversation, written[n])
            said = {other.advice for other in made if other}
            made.append(floor if words and words.advice in said else words)  # a weak model repeats itself
        return made

    def _ask_words(self, observed: Sequence[Mapping[str, Any]], conversation: Conversation) -> WrittenFindings:
        talk = [[turn.speaker, turn.text] for turn in conversation.turns]
        values = {"talk": json.dumps(talk, ensure_ascii=False), "drafts": json.dumps(observed, ensure_ascii=False)}
        return self._structured.ask(_messages(self._write, values), WrittenFindings, self._deadline)

    def _supported(self, observed: Sequence[Mapping[str, Any]], written: Mapping[int, _Written]) -> set[int]:
        """Numbers of what a second look supports; what it does not mention is not supported."""
        shown = [{**o, "mentor": written[o["number"]].model_dump()} for o in observed if o["number"] in written]
        values = {"findings": json.dumps(shown, ensure_ascii=False)}
        answer = self._structured.ask(_messages(self._check, values), CheckedFindings, self._deadline)
        return {checked.number for checked in answer.findings if checked.supported} & set(written)

    def _words(self, draft: Draft, floor: Words | None, conversation: Conversation, written: _Written) -> Words:
        said = conversation.turns[draft.turns[0]].text
        better = written.better_words if draft.kind != "strength" else ""
        if SequenceMatcher(None, better.casefold(), said.casefold()).ratio() >= SAME:
            better = ""
        wanted = floor.asks_for if floor else None
        return Words(written.effect, written.advice, wanted, better, FROM_MODEL if better else "", self.id)

    def _observation(
        self, number: int, draft: Draft, floor: Words | None, conversation: Conversation
    ) -> dict[str, Any]:
        i = draft.turns[0]
        turn, turns = conversation.turns[i], conversation.turns
        quote = turn.reading.quotes.get(draft.code, "") if turn.reading and draft.code else ""
        before = next((t.state.trust for t in reversed(turns[:i]) if t.state), None)
        moved = round(turn.state.trust - before, 1) if turn.state and before is not None else None
        about = self._behaviours[draft.code].definition if draft.code else self._principles[draft.principle].call
        return {
            "number": number,
            "kind": draft.kind,
            "what": f"{self._principles[draft.principle].name}: {about}",
            "would_serve": self._behaviours[floor.asks_for].definition if floor and floor.asks_for else "",
            "manager_said": quote or turn.text,
            "rep_before": rep_before(turns, i),
            "rep_after": next((t.text for t in turns[i + 1 : i + 2] if t.speaker == "rep"), ""),
            "trust_moved": moved,
            "passage": draft.passages[0].quote if draft.passages else "",
        }


def _messages(prompt: Prompt, values: Mapping[str, str]) -> list[Message]:
    system, user = prompt.render(values)
    return [Message("system", system), Message("user", user)]
