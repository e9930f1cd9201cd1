"""A small transformer that reads the rep's words and the manager's turn together.

MiniLM (all-MiniLM-L6-v2, Apache 2.0) fine-tuned on the project's own coded exchanges and
conversations, weights in eight bits, run by ONNX Runtime on the CPU. ``python -m eval.train_transformer`` makes it.
Every turn is read alone: in a batch the eight-bit scales, and so the scores, would hang on its neighbours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.coding.features import LIMIT, Pair
from coach.domain import CODES
from coach.errors import ConfigError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("transformer.onnx")
TOKENS = Path(__file__).with_name("tokenizer.json")
REP_TOKENS, MANAGER_TOKENS = 48, 140
"""What is read of the end of the rep's words and of the beginning of the manager's."""
CLS, SEP = 101, 102


class Transformer:
    """Scores every behaviour code in a manager's turn; loads its weights when first asked."""

    def __init__(self, weights: Path = WEIGHTS, tokens: Path = TOKENS) -> None:
        """Take where the weights and the tokenizer lie."""
        self._weights = weights
        self._tokens = tokens

    @cached_property
    def version(self) -> str:
        """Hash of the weights."""
        try:
            return hashlib.sha256(self._weights.read_bytes()).hexdigest()[:12]
        except OSError as error:
            raise ConfigError(f"The coder's data file {self._weights} is missing: {error}") from error

    @cached_property
    def _loaded(self) -> tuple[InferenceSession, Tokenizer]:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # many talks at once share the cores
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(str(self._weights), options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(self._tokens))
        except Exception as error:  # both libraries raise classes of their own that are not exported
            raise ConfigError(f"The coder's data file {self._weights} is missing or damaged: {error}") from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return session, tokenizer

    def logits(self, pairs: Sequence[Pair]) -> NDArray[np.float64]:
        """Scores of pairs (rep's preceding words or "", manager's turn), one row each, in the order of ``CODES``."""
        rows = [self._row(*pair) for pair in pairs]
        return np.array(rows, dtype=np.float64).reshape(len(pairs), len(CODES))

    def _row(self, rep: str, said: str) -> NDArray[np.float32]:
        session, _ = self._loaded
        before, turn = self._encoded(rep)[-REP_TOKENS:], self._encoded(said)[:MANAGER_TOKENS]
        ids = np.array([[CLS, *before, SEP, *turn, SEP]], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, len(before) + 2 :] = 1
        scores: NDArray[np.float32] = session.run(None, {"ids": ids, "att": np.ones_like(ids), "typ": types})[0][0]
        return scores

    def _encoded(self, text: str) -> list[int]:
        plain = text[:LIMIT].encode("utf-8", "replace").decode("utf-8")
        tokens: list[int] = self._loaded[1].encode(plain, add_special_tokens=False).ids
        return tokens
