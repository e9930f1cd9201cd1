"""A recording that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unreadable:
    """Which recording and why; it is counted as failed, never scored."""

    id: str
    reason: str
