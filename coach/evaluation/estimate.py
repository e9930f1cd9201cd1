"""What a run with a model would cost, from its own prompts: everything happens but the calls."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from coach.domain import Transcript
from coach.errors import InputError
from coach.evaluation.score import Scorer
from coach.models import Message, ModelName, Structured, approximate_tokens
from coach.models.structured import Form
from coach.models.usage import count

SAMPLE = 30
"""So many recordings are rehearsed; the others are taken to be like them."""
SEED = 5
CODED = 40
"""Tokens that a model answers for one manager turn, about: a code or two with its quote."""
_WRITTEN = {"effect": "word " * 30, "advice": "word " * 35, "better_words": "word " * 20, "supported": True}
"""An answer of ordinary length for one finding."""


class Rehearsal(Structured):
    """Counts what a model would be asked and answers with words of ordinary length; nothing is sent."""

    def __init__(self, name: ModelName) -> None:
        """Take the model's name only."""
        self.name = name

    def ask(self, messages: Sequence[Message], form: type[Form], deadline: float) -> Form:
        """Count the prompt; the answer says nothing of any turn, so that the local reading stands."""
        asked = messages[-1].text.count('"number": ')
        findings: list[dict[str, Any]] = [{"number": n, **_WRITTEN} for n in range(1, asked + 1)]
        answer = form.model_validate({"turns": [], "findings": findings})
        count(approximate_tokens([m.text for m in messages]), approximate_tokens([answer.model_dump_json()]))
        return answer


@dataclass(frozen=True)
class Estimate:
    """Calls and tokens of a run, about; ``rehearsed`` of its recordings were looked at."""

    recordings: int
    rehearsed: int
    calls: int
    input_tokens: int
    output_tokens: int

    def cost(self, price: tuple[float, float]) -> float:
        """In the currency of the price, which is for a million tokens in and out."""
        return (self.input_tokens * price[0] + self.output_tokens * price[1]) / 1e6


def estimate(recordings: Iterable[Transcript], scorer: Scorer, coded: bool) -> Estimate:
    """Rehearse a sample of the recordings.

    Args:
        recordings: what would be scored.
        scorer: asks through a ``Rehearsal``.
        coded: whether a model codes, whose answers grow with the manager's turns.
    """
    total, sample = _drawn(recordings)
    calls = tokens_in = tokens_out = 0
    for recording in sample:
        usage = scorer.outcome(recording).line["provenance"]["usage"]
        calls += usage["calls"]
        tokens_in += usage["input_tokens"]
        tokens_out += usage["output_tokens"]
        tokens_out += CODED * sum(turn.speaker == "manager" for turn in recording.turns) if coded else 0
    scale = total / len(sample) if sample else 0.0
    return Estimate(total, len(sample), *(round(scale * n) for n in (calls, tokens_in, tokens_out)))


def _drawn(recordings: Iterable[Transcript]) -> tuple[int, list[Transcript]]:
    """How many there are, and some of them, each as likely as any other (reservoir sampling, Vitter 1985)."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    sample: list[Transcript] = []
    total = 0
    for total, recording in enumerate(recordings, 1):
        if len(sample) < SAMPLE:
            sample.append(recording)
        elif (at := chance.randrange(total)) < SAMPLE:
            sample[at] = recording
    return total, sample


def read_price(price: str) -> tuple[float, float]:
    """Read ``IN,OUT``, what a million tokens cost.

    Raises:
        InputError: if it is not two amounts.
    """
    try:
        read, said = (float(part) for part in price.split(","))
    except ValueError:
        read = said = -1.0
    if not (0 <= read < float("inf") and 0 <= said < float("inf")):
        raise InputError(f"--price {price} is not IN,OUT, what a million tokens cost, such as 2.50,10.")
    return read, said
