"""Prompts: Markdown with front matter that declares version and variables, rendered in one pass.

One pass, so that words put into a prompt are never read as placeholders themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

import yaml
from pydantic import TypeAdapter, ValidationError

from coach.content.yaml_forms import read_text
from coach.domain import Frozen
from coach.errors import ContentError, Problem

_WHOLE = re.compile(r"\A---\n(?P<matter>.*?)\n---\n\s*# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.DOTALL)


class Matter(Frozen):
    """A prompt's front matter."""

    version: int
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Prompt:
    """A system and a user message with placeholders; the system part is the stable, cacheable prefix."""

    name: str
    version: int
    variables: frozenset[str]
    system: str
    user: str
    hash: str

    def render(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Fill in every variable, once.

        Returns:
            The system and the user message.

        Raises:
            ValueError: if the values are not just the declared variables.
        """
        if set(values) != self.variables:
            odd = ", ".join(sorted(set(values) ^ self.variables))
            raise ValueError(f"the prompt {self.name} was given other variables than it declares: {odd}")
        return Template(self.system).substitute(values), Template(self.user).substitute(values)


def read_prompt(path: Path) -> Prompt:
    """Read a prompt file.

    Raises:
        ContentError: if its form is wrong or its placeholders are not the declared variables.
    """
    text = read_text(path)
    whole = _WHOLE.match(text)
    if whole is None:
        message = "a prompt has front matter between --- lines, then '# system' and '# user'"
        raise ContentError([Problem(path, 1, "", message)])
    try:
        matter = TypeAdapter(Matter).validate_python(yaml.safe_load(whole["matter"]))
    except (yaml.YAMLError, ValidationError) as error:
        raise ContentError([Problem(path, 2, "", f"the front matter is wrong: {str(error).splitlines()[0]}")]) from None
    used = {name for part in ("system", "user") for name in Template(whole[part]).get_identifiers()}
    if used != set(matter.variables):
        odd = ", ".join(sorted(used ^ set(matter.variables)))
        raise ContentError([Problem(path, 2, "variables", f"declared and used variables differ: {odd}")])
    lone = next((part for part in ("system", "user") if not Template(whole[part]).is_valid()), "")
    if lone:
        raise ContentError([Problem(path, 2, lone, "a dollar sign that begins no variable is written $$")])
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Prompt(
        path.stem, matter.version, frozenset(matter.variables), whole["system"].strip(), whole["user"].strip(), digest
    )
