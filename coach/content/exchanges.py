"""Coded exchanges: a rep's line, a manager's answer and the behaviours it shows."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from coach.domain import Code, Frozen
from coach.errors import ContentError, Problem


class Exchange(Frozen):
    """A rep's line, what a manager said to it and the behaviours it shows."""

    rep: str
    manager: str
    codes: tuple[Code, ...]


def read_exchanges(path: Path) -> list[Exchange]:
    """Read one JSONL file of exchanges; raises ``ContentError`` naming the first line that is wrong."""
    form, exchanges = TypeAdapter(Exchange), []
    for number, line in enumerate(path.read_text(encoding="utf-8").strip().split("\n"), start=1):
        try:
            exchanges.append(form.validate_python(json.loads(line)))
        except (ValidationError, ValueError) as error:
            raise ContentError(
                [Problem(path, number, "", f"not a coded exchange: {str(error).splitlines()[0]}")]
            ) from None
    return exchanges
