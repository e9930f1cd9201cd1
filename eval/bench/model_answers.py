"""What a plain but well-behaved model answers to the prompts of this product: for the benchmarks and the tests."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

Json = dict[str, Any]
VOICE, CODE, WRITE, CHECK = "You help a playwright", "You code", "You are an experienced mentor", "You check"
MANAGER = "You play a sales manager"
_TALK = re.compile(r"oldest first:\n(.*)\n\nCode these manager turns: (.*)", re.DOTALL)
LINES = (
    "Busy, that's all. I'd rather talk about the sheets.",
    "I keep my own diary. It's just a thick one.",
    "Stable, as we used to put on the chart.",
    "They're a good bunch. No complaints.",
    "Depends what you count. If it's selling, I'm practically part-time.",
    "I can handle Merrin. I've been handling them six years.",
    "Would I sign up for it today, seeing what I see? Ask me an easier one.",
)
MANAGED = (
    "How are you really doing with all of this?",
    "That sounds like a lot to carry. What has been the hardest part?",
    "What would help you most right now?",
    "END",
)


def asks(request: Json) -> str:
    """Which prompt a request is made of: voice, code, write, check or manager."""
    system = str(request["messages"][0]["content"])
    names = {VOICE: "voice", CODE: "code", WRITE: "write", CHECK: "check", MANAGER: "manager"}
    return next((name for begins, name in names.items() if system.startswith(begins)), "other")


@dataclass
class Player:
    """Answers as an obedient model would; the fields make it lie or object.

    Attributes:
        lines: what the rep says, in turn.
        codes: heard in every manager turn, each with the whole turn as its quote.
        invented: heard too, with words that nobody said.
        rejected: numbers of findings that the second look does not support.
        manager: what a manager played by profile says, in turn.
    """

    lines: Sequence[str] = LINES
    codes: Sequence[str] = ("ASK", "EMPATHY")
    invented: Sequence[str] = ()
    rejected: Collection[int] = ()
    manager: Sequence[str] = MANAGED
    _said: Iterator[str] = field(init=False, repr=False)
    _managed: Iterator[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin with the first line."""
        self._said, self._managed = cycle(self.lines), cycle(self.manager)

    def __call__(self, messages: list[Json], request: Json) -> str:
        """The text of an answer."""
        asked, prompt = asks(request), str(messages[1]["content"])
        if asked == "voice":
            return next(self._said)
        if asked == "manager":
            return next(self._managed)
        if asked == "code":
            return json.dumps({"turns": self._coded(prompt)})
        if asked == "write":
            drafts = json.loads(prompt.split("rests on:\n")[1])
            return json.dumps({"findings": [self._written(draft["number"]) for draft in drafts]})
        shown = json.loads(prompt)
        return json.dumps(
            {"findings": [{"number": f["number"], "supported": f["number"] not in self.rejected} for f in shown]}
        )

    def _coded(self, prompt: str) -> list[Json]:
        found = _TALK.search(prompt)
        if found is None:
            raise ValueError("this is not the coder's prompt")
        talk, targets = json.loads(found[1]), [int(number) for number in found[2].split(",")]
        heard = [[(code, talk[t]["text"]) for code in self.codes] for t in targets]
        lies = [(code, "words that nobody said") for code in self.invented]
        return [
            {
                "turn": t,
                "codes": [{"code": code, "quote": quote, "probability": 0.9} for code, quote in (*codes, *lies)],
            }
            for t, codes in zip(targets, heard, strict=True)
        ]

    @staticmethod
    def _written(number: int) -> Json:
        return {
            "number": number,
            "effect": f"She paused before she went on, the {number}. time.",
            "advice": f"Wait a little longer before the next question, number {number}.",
            "better_words": f"What was the worst of it, and what was the {number}. worst?",
        }
