"""The network, its three lessons, and how it is trained and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize
from transformers import AutoModel, AutoTokenizer

from coach.domain import CODES
from coach.encoder import Pair
from coach.encoder.transformer import BEFORE_TOKENS, CLS, SEP, SIZE, TOLD_TOKENS
from eval.train_transformer.batches import by_length, of_one_scenario
from eval.train_transformer.examples import Asked, Coded, Voiced

EPOCHS, RATE, HEAD_RATE, DECAY, WARM_UP = 3, 1.3e-4, 1e-3, 0.01, 0.06
CODE_BATCH, VOICE_BATCH, QUESTION_BATCH = 32, 48, 48
VOICE_SHARE, QUESTION_SHARE = 0.25, 0.05  # of their losses, beside 1 of the codes'
RARE, MOST = 0.4, 5.0  # rare codes count up to MOST times: (share without / share with) to the power of RARE
SHARPNESS = 20.0  # of the softmax over cosines
MANAGER_TOKENS, DRAFT_TOKENS = 32, 90  # what is read of a draft and the words before it while learning

Tokens = tuple[list[int], list[int]]
"""Ids of the words before and of the words told, each with the marks around them."""
Loss = Callable[["Network"], torch.Tensor]
"""How far a network is off on one batch."""


class Network(nn.Module):  # type: ignore[misc]
    """MiniLM; a linear head over mean and maximum of the tokens told, and their mean of length 1."""

    def __init__(self, folder: Path) -> None:
        """Load the pre-trained weights; the embeddings of the words stay as they are."""
        super().__init__()
        self.body = AutoModel.from_pretrained(folder, attn_implementation="sdpa")
        self.body.embeddings.requires_grad_(False)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(2 * SIZE, len(CODES) + 1)
        nn.init.constant_(self.head.bias, -2.0)

    def forward(self, ids: torch.Tensor, att: torch.Tensor, typ: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of the codes and, last, of a strange voice; and the meaning."""
        hidden = self.body(input_ids=ids, attention_mask=att, token_type_ids=typ).last_hidden_state
        told = (att * typ).unsqueeze(-1).float()
        mean = (hidden * told).sum(1) / told.sum(1).clamp(min=1)
        top = (hidden + (told - 1) * 1e4).max(1).values
        return self.head(self.drop(torch.cat([mean, top], 1))), normalize(mean, dim=1)


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
    ids = torch.zeros(len(items), max(map(_length, items)), dtype=torch.long)
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


class Codes:
    """The behaviour codes of a manager's turn."""

    def __init__(self, examples: Sequence[Coded], reader: Reader) -> None:
        """Tokenise, and weigh the codes by how rare they are."""
        self._items = [reader.tokens(one.before, one.said) for one in examples]
        self._wanted = torch.tensor([[float(code in one.codes) for code in CODES] for one in examples])
        share = np.clip(self._wanted.numpy().mean(axis=0), 1e-6, 1)
        self._weight = torch.tensor(np.clip(((1 - share) / share) ** RARE, 1, MOST), dtype=torch.float32)

    def losses(self, epoch: int) -> list[Loss]:
        """Every example once."""
        batches = by_length([_length(one) for one in self._items], CODE_BATCH, epoch)
        return [partial(self._loss, batch) for batch in batches]

    def _loss(self, batch: Sequence[int], network: Network) -> torch.Tensor:
        """Cross entropy of all codes."""
        logits = network(*tensors([self._items[i] for i in batch]))[0][:, : len(CODES)].float()
        return binary_cross_entropy_with_logits(logits, self._wanted[batch], pos_weight=self._weight)


class Voice:
    """Whether words are out of the rep's voice."""

    def __init__(self, examples: Sequence[Voiced], reader: Reader) -> None:
        """Tokenise."""
        self._items = [reader.tokens(one.before, one.told, (MANAGER_TOKENS, DRAFT_TOKENS)) for one in examples]
        self._wanted = torch.tensor([float(one.strange) for one in examples])
        self._weight = torch.tensor([one.weight for one in examples])

    def losses(self, epoch: int) -> list[Loss]:
        """Every example once."""
        batches = by_length([_length(one) for one in self._items], VOICE_BATCH, epoch + 100)
        return [partial(self._loss, batch) for batch in batches]

    def _loss(self, batch: Sequence[int], network: Network) -> torch.Tensor:
        """Cross entropy, each example by its weight."""
        logits = network(*tensors([self._items[i] for i in batch]))[0][:, len(CODES)].float()
        off = binary_cross_entropy_with_logits(logits, self._wanted[batch], reduction="none")
        return VOICE_SHARE * (off * self._weight[batch]).mean()


class Questions:
    """Which questions ask the same, and which lines answer them."""

    def __init__(self, examples: Mapping[str, Sequence[Asked]], reader: Reader) -> None:
        """Take the questions of each scenario."""
        self._examples = examples
        self._reader = reader

    def losses(self, epoch: int) -> list[Loss]:
        """Every question twice, each time among others to the same rep."""
        batches = of_one_scenario(self._examples, QUESTION_BATCH, epoch)
        return [partial(self._loss, batch) for batch in batches]

    def _loss(self, batch: Sequence[Pair], network: Network) -> torch.Tensor:
        """How far each is from being nearest to its own, both ways round."""
        left, right = (network(*tensors([self._reader.tokens("", one) for one in side]))[1].float()
                       for side in zip(*batch, strict=True))  # fmt: skip
        likeness, own = SHARPNESS * left @ right.T, torch.arange(len(batch))
        return QUESTION_SHARE * (cross_entropy(likeness, own) + cross_entropy(likeness.T, own)) / 2


def train(lessons: Sequence[Lesson], folder: Path, epochs: int = EPOCHS) -> Network:
    """Fine-tune MiniLM on all lessons at once, their batches in turn by chance; prints each lesson's mean loss."""
    torch.manual_seed(0)
    network = Network(folder)
    network.train()
    body = [weights for weights in network.body.parameters() if weights.requires_grad]
    groups = [{"params": body, "lr": RATE}, {"params": network.head.parameters(), "lr": HEAD_RATE}]
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
            with torch.autocast("cpu", dtype=torch.bfloat16):
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


def export(network: Network, target: Path) -> None:
    """Write the weights in eight bits for ONNX Runtime, with the outputs ``logits`` and ``meaning``."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.body.set_attn_implementation("eager")  # written as plain operators
    whole = target.with_suffix(".f32")
    sample = tuple(torch.ones(2, 16, dtype=torch.long) for _ in range(3))
    inputs, outputs = ["ids", "att", "typ"], ["logits", "meaning"]
    axes = {name: {0: "b", 1: "n"} for name in inputs} | {name: {0: "b"} for name in outputs}
    torch.onnx.export(
        network, sample, str(whole), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17,
        dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()


def _length(item: Tokens) -> int:
    return len(item[0]) + len(item[1])
