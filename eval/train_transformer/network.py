"""The network, and how it is trained and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
import torch
from onnx import ModelProto, load_model
from onnx.external_data_helper import set_external_data
from onnx.numpy_helper import from_array, to_array
from onnx.utils import extract_model
from torch import nn
from torch.nn.functional import normalize
from transformers import AutoModel, AutoTokenizer

from coach.domain import CODES
from coach.encoder.transformer import (
    BEFORE_TOKENS,
    CLS,
    HEARING,
    HEARS,
    LIKENING,
    LIKENS,
    SEP,
    SIZE,
    TOLD_TOKENS,
    WORDS,
)

EPOCHS, DECAY, WARM_UP = 3, 0.01, 0.06
HEARING_RATE, LIKENING_RATE, HEAD_RATE = 1.3e-4, 8e-5, 1e-3

Tokens = tuple[list[int], list[int]]
"""Ids of the words before and of the words told, each with the marks around them."""
Loss = Callable[["Network"], torch.Tensor]
"""How far a network is off on one batch."""


class Network(nn.Module):  # type: ignore[misc]
    """Two MiniLMs over the same embeddings of words, which stay as they are: what serves one task spoils the other.

    The one hears: a linear head over mean and maximum of the tokens told. The other likens: their mean, of length 1.
    """

    def __init__(self, folder: Path) -> None:
        """Load the pre-trained weights twice."""
        super().__init__()
        self.hearing, self.likening = (AutoModel.from_pretrained(folder, attn_implementation="sdpa") for _ in range(2))
        self.likening.embeddings = self.hearing.embeddings.requires_grad_(False)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(2 * SIZE, len(CODES) + 1)
        nn.init.constant_(self.head.bias, -2.0)

    def heard(self, ids: torch.Tensor, att: torch.Tensor, typ: torch.Tensor) -> torch.Tensor:
        """Logits of the codes and, last, of a strange voice."""
        hidden = self.hearing(input_ids=ids, attention_mask=att, token_type_ids=typ).last_hidden_state
        told = (att * typ).unsqueeze(-1).float()
        mean = (hidden * told).sum(1) / told.sum(1).clamp(min=1)
        top = (hidden + (told - 1) * 1e4).max(1).values
        return self.head(self.drop(torch.cat([mean, top], 1)))

    def meant(self, ids: torch.Tensor, att: torch.Tensor, typ: torch.Tensor) -> torch.Tensor:
        """The meaning of the words told."""
        hidden = self.likening(input_ids=ids, attention_mask=att, token_type_ids=typ).last_hidden_state
        told = (att * typ).unsqueeze(-1).float()
        return normalize((hidden * told).sum(1) / told.sum(1).clamp(min=1), dim=1)

    def forward(self, ids: torch.Tensor, att: torch.Tensor, typ: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Both, for what is written to files."""
        return self.heard(ids, att, typ), self.meant(ids, att, typ)


class Reader:
    """Turns words into tensors as ``coach.encoder`` does."""

    def __init__(self, folder: Path) -> None:
        """Load the tokenizer."""
        self._tokenizer = AutoTokenizer.from_pretrained(folder)

    def tokens(self, before: str, told: str, most: tuple[int, int] = (BEFORE_TOKENS, TOLD_TOKENS)) -> Tokens:
        """The end of the words before and the beginning of the words told."""
        return [CLS, *self._ids(before)[-most[0] :], SEP], [*self._ids(told)[: most[1]], SEP]

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found


def tensors(items: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Padded ids, attention and types, as (items, tokens)."""
    ids = torch.zeros(len(items), max(len(before) + len(told) for before, told in items), dtype=torch.long)
    att, typ = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (before, told) in enumerate(items):
        size = len(before) + len(told)
        ids[row, :size] = torch.tensor([*before, *told])
        att[row, :size] = 1
        typ[row, len(before) : size] = 1
    return ids, att, typ


class Lesson(Protocol):
    """One of the things that the network learns."""

    def losses(self, epoch: int) -> list[Loss]:
        """How far a network is off on each batch of an epoch."""


def train(lessons: Sequence[Lesson], folder: Path, epochs: int = EPOCHS) -> Network:
    """Fine-tune MiniLM on all lessons at once, their batches in turn by chance; prints each lesson's mean loss."""
    torch.manual_seed(0)
    network = Network(folder)
    network.train()
    parts = ((network.hearing, HEARING_RATE), (network.likening, LIKENING_RATE), (network.head, HEAD_RATE))
    groups = [{"params": [w for w in part.parameters() if w.requires_grad], "lr": rate} for part, rate in parts]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY)
    plans = [[(lesson, loss) for lesson in lessons for loss in lesson.losses(epoch)] for epoch in range(epochs)]
    steps = sum(map(len, plans))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, (k + 1) / (WARM_UP * steps)) * max(0.0, 1 - k / steps)
    )
    for epoch, plan in enumerate(plans):
        Random(epoch).shuffle(plan)  # noqa: S311
        seen: dict[str, list[float]] = defaultdict(list)
        for lesson, loss in plan:
            off = loss(network)
            optimizer.zero_grad()
            off.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            seen[type(lesson).__name__.lower()].append(off.item())
        told = ", ".join(f"{name} {np.mean(values):.4f}" for name, values in seen.items())
        print(f"epoch {epoch + 1} of {epochs}: loss of {told}", flush=True)
    network.eval()
    return network


def export(network: Network, folder: Path) -> None:
    """Write the weights in eight bits for ONNX Runtime: ``HEARING``, ``LIKENING`` and ``WORDS``, which both share."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    for body in (network.hearing, network.likening):
        body.set_attn_implementation("eager")  # written as plain operators
    sample = tuple(torch.ones(2, 16, dtype=torch.long) for _ in range(3))
    inputs, outputs = ["ids", "att", "typ"], [HEARS, LIKENS]
    axes = {name: {0: "b", 1: "n"} for name in inputs} | {name: {0: "b"} for name in outputs}
    with TemporaryDirectory() as made:
        full, eight = Path(made, "f32.onnx"), Path(made, "int8.onnx")
        torch.onnx.export(
            network, sample, str(full), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17,
            dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, eight, weight_type=QuantType.QInt8, per_channel=True)
        divide(eight, folder)


def divide(whole: Path, folder: Path) -> None:
    """Write a file for each of the two networks, so that who asks for one does not run the other as well.

    Args:
        whole: a graph with the outputs ``HEARS`` and ``LIKENS``.
        folder: where the two and the embeddings of words, which are only there once, are written.
    """
    for output, name in ((HEARS, HEARING), (LIKENS, LIKENING)):
        extract_model(whole, folder / name, ["ids", "att", "typ"], [output])
        model = load_model(folder / name)
        unsign(model)
        words = max(model.graph.initializer, key=lambda one: len(one.raw_data))
        (folder / WORDS).write_bytes(words.raw_data)
        set_external_data(words, WORDS)
        words.ClearField("raw_data")
        (folder / name).write_bytes(model.SerializeToString())


def unsign(model: ModelProto) -> None:
    """Write the weights that are multiplied as unsigned numbers around 128: the same to the last bit, on any processor.

    Unsigned times signed, ONNX Runtime adds up in 16 bits where a processor has no instruction of its own for it
    (AVX2 without VNNI), which is too few: scores would hang on the machine that they were made on.
    """
    known = {one.name: one for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            for name in (node.input[1], node.input[3]):  # weights, zero points
                signed = to_array(known[name])
                if signed.dtype == np.int8:
                    known[name].CopyFrom(from_array((signed.astype(np.int16) + 128).astype(np.uint8), name))
