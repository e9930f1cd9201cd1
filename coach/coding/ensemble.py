"""The local coder's two readers together: words and cues on one side, a small transformer on the other.

Their scores are mixed, and one threshold for strengths and one for slips were chosen on conversations that neither had
seen; a threshold for each code was worse on other conversations. They make different errors: together they agree
better with the reference labels than either alone (``eval.coder``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError

from coach.coding.classifier import Classifier, Floats, sigmoid
from coach.coding.features import Pair
from coach.coding.fluency import careful
from coach.domain import CODES, SLIPS, Code, Frozen
from coach.encoder import Transformer
from coach.errors import ConfigError

CALIBRATION = Path(__file__).with_name("ensemble.json")
_EDGE = 1e-4
_SEEN = "careful, said to the rep, strengths unheaped"
"""What the readers are given; part of the version, since it changes what they hear."""


class Calibration(Frozen):
    """What ``eval.train_transformer`` chose; readable, so that no rule is hidden."""

    mix: float = Field(description="share of the transformer's score")
    strength: float = Field(description="from this probability on a strength is heard")
    slip: float = Field(description="from this probability on a slip is heard")


@dataclass(frozen=True)
class Ensemble:
    """Gives the probability of every behaviour code in a manager's turn."""

    classifier: Classifier
    transformer: Transformer
    calibration: Calibration

    @classmethod
    def load(cls, calibration: Path = CALIBRATION) -> Ensemble:
        """Read the artefacts shipped with the package."""
        try:
            fitted = Calibration.model_validate_json(calibration.read_bytes())
        except (OSError, ValidationError) as error:
            raise ConfigError(f"The coder's data file {calibration} is missing or damaged: {error}") from error
        return cls(Classifier.load(), Transformer.load(), fitted)

    @cached_property
    def version(self) -> str:
        """Names what the probabilities come from."""
        parts = f"{self.classifier.version} {self.transformer.version} {self.calibration.model_dump_json()} {_SEEN}"
        return hashlib.sha256(parts.encode()).hexdigest()[:12]

    @cached_property
    def thresholds(self) -> dict[Code, float]:
        """From which probability on each code is heard."""
        return {code: self.calibration.slip if code in SLIPS else self.calibration.strength for code in CODES}

    def probabilities(self, pairs: Sequence[Pair]) -> Floats:
        """Calibrated probabilities, one row for each (rep's preceding turn or "", manager's turn).

        Columns are in the order of ``CODES``.
        """
        if not pairs:
            return np.zeros((0, len(CODES)))
        pairs = [(careful(rep), careful(said)) for rep, said in pairs]
        mixed = mixture(self.classifier.probabilities(pairs), self.transformer.logits(pairs), self.calibration.mix)
        result = sigmoid(mixed)
        result[[i for i, (_, said) in enumerate(pairs) if not any(c.isalnum() for c in said)]] = 0.0
        return result


def mixture(words: Floats, transformer: Floats, mix: float) -> Floats:
    """The classifier's probabilities, as scores, mixed with the transformer's scores."""
    held = np.clip(words, _EDGE, 1 - _EDGE)
    mixed: Floats = mix * transformer + (1 - mix) * np.log(held / (1 - held))
    return mixed
