"""Reference labels: what somebody else found in the same conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.domain import Code, Level, PrincipleId
from coach.errors import InputError


class Label(BaseModel):
    """Reference codes and levels of one conversation."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    codes: dict[str, tuple[Code, ...]]
    levels: dict[PrincipleId, Level | None]
    overall: Level
    lean: Annotated[int, Field(ge=-2, le=2)]
    best: int | None = None
    worst: int | None = None


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Read reference labels; raises ``InputError`` naming the first line that is wrong."""
    labels: list[dict[str, Any]] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: JSON may hold U+2028
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The labels {path} cannot be read; check the path and that it is UTF-8 text.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            labels.append(Label.model_validate_json(line).model_dump(mode="json"))
        except ValidationError as error:
            details = error.errors()[0]
            field = ".".join(str(part) for part in details["loc"]) or "line"
            raise InputError(f"{path}:{number}: {field}: {details['msg']}; mend the label.") from None
    if not labels:
        raise InputError(f"The labels {path} are empty; give one JSON line for each conversation.")
    return labels
