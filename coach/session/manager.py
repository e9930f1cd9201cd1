"""Who speaks for the manager when no person does: written lines, or a model that plays a profile."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from typing import Protocol

from coach.content import Prompt
from coach.domain import Scenario, Turn
from coach.errors import InputError, ModelError
from coach.models import ChatModel, Message
from coach.session.message import clean

ATTEMPTS = 2
END = "END"
_NAMED = re.compile(r"^\s*\**(?:the )?manager\**\s*:\**\s*", re.IGNORECASE)
_ENDED = re.compile(rf"(?:^|\n)\W*{END}\W*$")
_QUOTED = re.compile(r'^"([^"]*)"$|^“([^“”]*)”$')


class Manager(Protocol):
    """Plays a manager through one conversation."""

    @property
    def id(self) -> str:
        """Engine and version, for the result line."""

    def next_line(self, path: Sequence[Turn]) -> str | None:
        """What the manager says after ``path``, which ends with the rep; None when the manager ends the talk.

        Raises:
            ModelError: if a model plays the manager and has nothing to say.
        """


class WrittenManager:
    """Says the lines of a script, one after the other, whatever the rep answers."""

    id = "script"

    def __init__(self, lines: Sequence[str]) -> None:
        """Begin with the first line."""
        self._rest = iter(lines)

    def next_line(self, path: Sequence[Turn]) -> str | None:
        """The next line; see ``Manager.next_line``."""
        return next(self._rest, None)


class ModelManager:
    """A model that plays the manager a trainer described; knows what a manager would know, and no secret."""

    def __init__(
        self, model: ChatModel, prompt: Prompt, profile: str, scenario: Scenario, turns: int, deadline: float
    ) -> None:
        """Take the model, its prompt, whom to play with whom, the most lines to say and the seconds for each."""
        self._model = model
        self._prompt = prompt
        self._profile = profile
        self._scenario = scenario
        self._turns = turns
        self._deadline = deadline
        self.id = f"{model.name}/manager-{prompt.hash}"

    def next_line(self, path: Sequence[Turn]) -> str | None:
        """Ask the model; see ``Manager.next_line``."""
        left = self._turns - sum(turn.speaker == "manager" for turn in path)
        if left < 1:
            return None
        end = time.monotonic() + self._deadline
        for _ in range(ATTEMPTS):
            answer = self._model.ask(self._messages(path, left), max(0.1, end - time.monotonic()))
            ended = _ENDED.search(answer)
            spoken = _spoken(answer[: ended.start()] if ended else answer)
            if ended and not spoken:
                return None
            try:
                return clean(spoken)
            except InputError:
                continue
        raise ModelError(f"The model {self._model.name} gave the manager no words that can be said.", "answer")

    def _messages(self, path: Sequence[Turn], left: int) -> list[Message]:
        persona = self._scenario.persona
        system, user = self._prompt.render(
            {
                "profile": self._profile,
                "name": persona.name,
                "role": persona.role,
                "brief": self._scenario.brief.strip(),
                "goal": self._scenario.goal,
                "left": str(left),
                "talk": json.dumps([[turn.speaker, turn.text] for turn in path], ensure_ascii=False),
            }
        )
        return [Message("system", system), Message("user", user)]


def _spoken(answer: str) -> str:
    """The words alone, without a name in front or quotation marks around them."""
    text = _NAMED.sub("", answer.strip()).strip()
    quoted = _QUOTED.match(text)
    return (quoted[1] or quoted[2] or "").strip() if quoted else text
