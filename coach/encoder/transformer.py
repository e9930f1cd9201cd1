"""Two small transformers that read words in the light of the words before them.

Both are MiniLM (all-MiniLM-L6-v2, Apache 2.0) fine-tuned on the project's own texts, over the same embeddings: one for
hearing, which scores behaviour codes and voice and learned from coded exchanges, conversations and drafts; one for
likening, which gives meanings and learned from small answers and from drafts that tell secrets. Weights are in eight
bits, run by ONNX Runtime on the CPU; ``python -m eval.train_transformer`` makes them. Each network has a file of its
own, for ONNX Runtime runs all that is in a file, whatever is asked of it. Whatever is scored is read alone: in a batch
the eight-bit scales, and so the scores, would hang on its neighbours.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.domain import CODES
from coach.errors import ConfigError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent
HEARING, LIKENING, WORDS, TOKENS = "hearing.onnx", "likening.onnx", "words.bin", "tokenizer.json"
FILES = (HEARING, LIKENING, WORDS, TOKENS)
HEARS, LIKENS = "logits", "meaning"
"""What each of the two networks gives."""
BEFORE_TOKENS, TOLD_TOKENS = 48, 140
"""What is read of the end of the words before and of the beginning of the words told."""
MAX_CHARS = 4000
CLS, SEP = 101, 102
BATCH = 64
SIZE = 384
"""Numbers in a meaning."""

Pair = tuple[str, str]
"""The words before, or "", and the words told."""
Floats = NDArray[np.float64]


class Transformer:
    """The two networks: behaviour codes and voice as scores, meaning as a vector; weights are loaded when asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Take where the ``FILES`` lie."""
        self._folder = folder

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Transformer:
        """The two that ship; whoever reads with them shares their weights in memory."""
        return cls()

    @cached_property
    def version(self) -> str:
        """Hash of the weights."""
        digest = hashlib.sha256()
        try:
            for name in (HEARING, LIKENING, WORDS):
                digest.update((self._folder / name).read_bytes())
        except OSError as error:
            raise ConfigError(f"The data file {self._folder / name} is missing: {error}") from error
        return digest.hexdigest()[:12]

    @cached_property
    def _networks(self) -> dict[str, InferenceSession]:
        """By what they give."""
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read at import; without it usage is recorded and sent
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # many talks at once share the cores
        options.log_severity_level = 3
        opened = {}
        for output, path in ((HEARS, self._folder / HEARING), (LIKENS, self._folder / LIKENING)):
            try:
                opened[output] = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            except Exception as error:  # raises classes of its own that are not exported
                raise _damaged(path, error) from error
        return opened

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        path = self._folder / TOKENS
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # raises nothing narrower
            raise _damaged(path, error) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def logits(self, pairs: Sequence[Pair]) -> Floats:
        """Scores of manager's turns after the rep's words, one row each, in the order of ``CODES``."""
        rows = [self._run(HEARS, *pair)[: len(CODES)] for pair in pairs]
        return np.array(rows, dtype=np.float64).reshape(len(pairs), len(CODES))

    def strangeness(self, pairs: Sequence[Pair]) -> Floats:
        """How surely drafts after the manager's words are no rep's, as a logit for each."""
        return np.array([self._run(HEARS, *pair)[len(CODES)] for pair in pairs], dtype=np.float64)

    def meaning(self, texts: Sequence[str], *, before: str = "", together: bool = False) -> Floats:
        """A vector of length 1 for each text; near ones mean the same, or ask and answer.

        Args:
            texts: what is told.
            before: the words that all of them answer, if any.
            together: reads them in batches: many times faster, and right where the same texts always come together.
        """
        size = BATCH if together else 1
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # alike in length, so that little is padding
        found = np.zeros((len(texts), SIZE))
        for i in range(0, len(order), size):
            places = order[i : i + size]
            found[places] = self._batch(LIKENS, [(before, texts[place]) for place in places])
        return found

    def _run(self, wanted: str, before: str, told: str) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._batch(wanted, [(before, told)])[0]
        return found

    def _batch(self, wanted: str, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        read = [(self._encoded(before)[-BEFORE_TOKENS:], self._encoded(told)[:TOLD_TOKENS]) for before, told in pairs]
        ids = np.zeros((len(read), max(len(left) + len(right) + 3 for left, right in read)), dtype=np.int64)
        att, types = np.zeros_like(ids), np.zeros_like(ids)
        for row, (left, right) in enumerate(read):
            size = len(left) + len(right) + 3
            ids[row, :size] = [CLS, *left, SEP, *right, SEP]
            att[row, :size] = 1
            types[row, len(left) + 2 : size] = 1
        found: NDArray[np.float32] = self._networks[wanted].run([wanted], {"ids": ids, "att": att, "typ": types})[0]
        return found

    def _encoded(self, text: str) -> list[int]:
        plain = text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
        tokens: list[int] = self._tokenizer.encode(plain, add_special_tokens=False).ids
        return tokens


def _damaged(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"The data file {path} is missing or damaged: {error}")


READERS = ThreadPoolExecutor(os.cpu_count() or 1, "reader")
"""Read a text while whoever wants to know waits for something else; more of them than cores would be no faster."""


@lru_cache(maxsize=2_000)
def understood(text: str, before: str) -> Future[Floats]:
    """Begin to read what one text means; kept, since guard and rep ask for the same again."""
    return READERS.submit(lambda: Transformer.load().meaning([text], before=before)[0])


def meaning(text: str, before: str = "") -> Floats:
    """What one text means, as ``Transformer.meaning`` gives it."""
    return understood(text, before).result()
