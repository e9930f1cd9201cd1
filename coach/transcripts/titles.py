"""What job titles tell about who leads."""

from __future__ import annotations

import re

_LED = re.compile(
    r"\b(?:(?:key |senior |junior )?account (?:manager|executive)|sales (?:rep|representative|person|associate)|"
    r"rep|representative|ae|sdr|bdr|seller|salesperson)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"\b(?:manager|mgr|director|head|lead|leader|team ?lead|supervisor|vp|vice president|president|boss|coach|cro)\b",
    re.IGNORECASE,
)


def leads(title: str) -> bool:
    """Whether a title is one of somebody who leads people; an account manager does not."""
    return _LEADS.search(_LED.sub(" ", title)) is not None
