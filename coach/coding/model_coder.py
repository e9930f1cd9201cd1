"""CODE by a model, over the local coder: what the model says is checked, what fails stays local.

Every code needs words that stand in the turn; a code without them is dropped. If the call fails, the
local reading stands and says so.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from coach.coding.addressed import said_to_rep
from coach.coding.coder import LocalCoder, says_nothing
from coach.content import Exchange, Prompt
from coach.domain import Behaviour, Code, Probability, Reading, Topic, Turn, rep_before
from coach.errors import ModelError
from coach.knowledge import ExchangeIndex
from coach.models import Message, Structured

EXAMPLES = 6  # coded exchanges shown for one turn
MOST_EXAMPLES = 18  # and for a whole conversation
LEAST = 0.5  # a code the model gives less is not heard
_LOG = logging.getLogger(__name__)


class _Answer(BaseModel):
    """Base of what a model answers: further fields are ignored, not refused."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Heard(_Answer):
    code: Code
    quote: str
    probability: Probability = 0.9


class _Turn(_Answer):
    turn: int
    codes: tuple[_Heard, ...] = ()


class CodedTalk(_Answer):
    """What a model heard in the manager turns of a talk."""

    turns: Annotated[tuple[_Turn, ...], Field(max_length=2000)]


class ModelCoder:
    """Reads manager turns through a model; rep turns, topics and asides stay local."""

    def __init__(
        self,
        local: LocalCoder,
        structured: Structured,
        prompt: Prompt,
        behaviours: Mapping[Code, Behaviour],
        exchanges: Sequence[Exchange],
        index: ExchangeIndex,
        deadline: float,
    ) -> None:
        """Take the floor, the model and what its prompt is made of."""
        self._local = local
        self._structured = structured
        self._prompt = prompt
        self._codes = "\n".join(f"{b.code} ({b.kind}, {b.name}): {b.definition}" for b in behaviours.values())
        self._exchanges = exchanges
        self._index = index
        self._deadline = deadline
        self.id = f"{structured.name}/code-{prompt.hash}"

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        """Read all targets, the manager's in one call; see ``Coder.read``."""
        readings = self._local.notice(turns, targets, topics)
        # What says nothing to the rep, such as talk to the simulator or words recited again, is not asked about.
        manager = [t for t in targets if turns[t].speaker == "manager"]
        said = [said_to_rep(turn.text) if turn.speaker == "manager" else turn.text for turn in turns]
        asked = [t for t in manager if not says_nothing(turns, t, said[t], readings[t].aside)]
        heard: dict[int, Sequence[_Heard]] = {}
        note = "the model left this turn out"
        if asked:
            try:
                answer = self._structured.ask(self._messages(turns, said, asked), CodedTalk, self._deadline)
                heard = {turn.turn: turn.codes for turn in answer.turns if turn.turn in asked}
            except ModelError as error:
                _LOG.warning("%s", error)
                note = f"the model failed ({error.kind}), so the local coder read this"
        floor = self._local.read(turns, [t for t in asked if t not in heard], topics)
        missed = {t: reading.model_copy(update={"note": note}) for t, reading in floor.items()}
        checked = {t: self._checked(readings[t], turns[t].text, codes) for t, codes in heard.items()}
        return {**readings, **missed, **checked}

    def _checked(self, local: Reading, text: str, heard: Sequence[_Heard]) -> Reading:
        """The model's codes whose words stand in the turn."""
        worded = [h for h in heard if h.quote.strip() and h.quote in text]
        sound = {h.code: h for h in sorted(worded, key=lambda h: h.probability) if h.probability >= LEAST}
        lost = len(heard) - len(worded)
        return local.model_copy(
            update={
                "codes": tuple(sound),
                "probabilities": {code: h.probability for code, h in sound.items()},
                "quotes": {code: h.quote for code, h in sound.items()},
                "coder": self.id,
                "note": f"{lost} codes without words were dropped" if lost else "",
            }
        )

    def _messages(self, turns: Sequence[Turn], said: Sequence[str], targets: Sequence[int]) -> list[Message]:
        end = max(targets) + 1
        talk = [
            {"turn": i, "speaker": turn.speaker, "text": text}
            for i, (turn, text) in enumerate(zip(turns[:end], said[:end], strict=True))
        ]
        system, user = self._prompt.render(
            {
                "codes": self._codes,
                "examples": self._examples(turns, targets),
                "talk": json.dumps(talk, ensure_ascii=False),
                "targets": ", ".join(str(t) for t in targets),
            }
        )
        return [Message("system", system), Message("user", user)]

    def _examples(self, turns: Sequence[Turn], targets: Sequence[int]) -> str:
        share = max(1, min(EXAMPLES, MOST_EXAMPLES // len(targets)))
        near = self._index.nearest([(rep_before(turns, t), turns[t].text) for t in targets], share)
        chosen = [self._exchanges[n] for n in dict.fromkeys(chain.from_iterable(near))][:MOST_EXAMPLES]
        return "\n".join(json.dumps(exchange.model_dump(mode="json"), ensure_ascii=False) for exchange in chosen)
