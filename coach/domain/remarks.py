"""What people say of a judgement. None of it changes a level: it stands beside what the engine said."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, StringConstraints

from coach.domain.vocabulary import Code, Frozen, Level, PrincipleId

Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Contest(Frozen):
    """A manager's "this is not what I said or meant", of one finding."""

    session: str = Field(description="id of the practice session")
    principle: PrincipleId
    code: Code | None = Field(None, description="None for an opening that was let pass")
    turn: int = Field(ge=0, description="the turn of the finding's first quote")
    reason: Remark = ""
    at: dt.datetime


class Override(Frozen):
    """A trainer's other level for a principle, given with the engine's level in sight: no blind label."""

    id: str = Field(min_length=1, max_length=300, description="id of the recording, or of the practice session")
    principle: PrincipleId
    level: Level | None = Field(description="null: nothing called for it")
    was: Level | None = Field(description="what the engine said, which stays what it is")
    reason: Annotated[Remark, Field(min_length=1)]
    by: Named
    at: dt.datetime
