"""Whether words sound like the rep at all: a learned judge beside the guard's patterns.

Patterns find what somebody thought of. The judge was trained on drafts for all reps, good and bad, by writers who had
not seen the guard, and on what managers and reps say to each other (``python -m eval.train_transformer``): a manager's
tone, a coach's, a helpful assistant's, a narrator's weigh against a draft, a rep's own turns of phrase for it.
"""

from __future__ import annotations

import re
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property, lru_cache

from coach.encoder import READERS, Transformer

MAX_CHARS = 1_000
_MARK = "repsname"


@dataclass(frozen=True)
class Names:
    """Replaces a rep's names by one mark, so that what is learned of one rep holds for all."""

    name: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b({'|'.join(map(re.escape, self.name.split()))})\b", re.IGNORECASE)

    def masked(self, text: str) -> str:
        """The text with the mark in place of the names."""
        return self._pattern.sub(_MARK, text[:MAX_CHARS])


@lru_cache(maxsize=2_000)
def judged(manager: str, draft: str) -> Future[float]:
    """Begin to read how surely a draft, names masked, is no rep's answer to the manager."""
    return READERS.submit(lambda: float(Transformer.load().strangeness([(manager[-MAX_CHARS:], draft)])[0]))


def strangeness(manager: str, draft: str) -> float:
    """How surely a draft, names masked, is no rep's answer to the manager, as a logit."""
    return judged(manager, draft).result()
