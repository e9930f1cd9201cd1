"""Names of models: ``offline`` is the authored floor, ``openai:NAME`` any OpenAI-compatible endpoint.

Other LangChain providers go by their own prefix (``anthropic:NAME``) once their package is installed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.errors import ModelError

OFFLINE = "offline"
_NAME = re.compile(r"(?P<provider>[a-z][a-z0-9_-]*):(?P<model>\S+)")


@dataclass(frozen=True)
class ModelName:
    """A model by provider and name; ``str()`` gives back what was chosen."""

    provider: str
    model: str = ""

    @property
    def offline(self) -> bool:
        """Whether this is the authored floor."""
        return self.provider == OFFLINE

    def __str__(self) -> str:
        """``provider:model``, or ``offline``."""
        return f"{self.provider}:{self.model}" if self.model else self.provider


def parse(name: str) -> ModelName:
    """Read a model's name; whether the provider is installed shows when it is opened.

    Raises:
        ModelError: if it has not the form ``offline`` or ``provider:model``.
    """
    name = name.strip()
    if name == OFFLINE:
        return ModelName(OFFLINE)
    found = _NAME.fullmatch(name)
    if found is None:
        raise ModelError(
            f"The model {name[:60]!r} has no known form; choose offline or openai:NAME (--model or COACH_MODEL)."
        )
    return ModelName(found["provider"], found["model"])
