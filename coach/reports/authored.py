"""What reports need of the authored content; the caller hands over the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from coach.domain import Behaviour, Code, Principle, PrincipleId


class Authored(Protocol):
    """Names and words of behaviours and principles, as ``coach.content.Library`` has them."""

    @property
    def behaviours(self) -> Mapping[Code, Behaviour]:
        """Every behaviour by its code."""
        ...

    @property
    def principles(self) -> Mapping[PrincipleId, Principle]:
        """Every principle by its id."""
        ...

    @property
    def acts(self) -> Mapping[Code | PrincipleId, str]:
        """What managers read in the place of the names of behaviours and principles."""
        ...
