"""The four lessons of the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from random import Random

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from coach.domain import CODES
from coach.encoder import Pair
from eval.train_transformer.batches import bare, beside_secrets, by_length, of_one_scenario
from eval.train_transformer.examples import Asked, Coded, Guarded, Told, Voiced
from eval.train_transformer.network import Loss, Network, Reader, Tokens, tensors

CODE_BATCH, VOICE_BATCH, QUESTION_BATCH, DRAFT_BATCH = 32, 48, 64, 40
VOICE_SHARE = 0.25  # of its loss, beside 1 of the others'
BARE = 0.2  # share of the turns that come without punctuation
RARE, MOST = 0.4, 5.0  # rare codes count up to MOST times: (share without / share with) to the power of RARE
SHARPNESS = 20.0  # of the softmax over cosines of questions
SLOPE, SHIFT, TELLING = 10.0, -6.0, 3.0  # from a cosine to the logit of a secret told; what a telling one counts
BRIEFLY = (32, 90)  # tokens that are read of a draft and of the words before it while learning


class Codes:
    """The behaviour codes of a manager's turn."""

    def __init__(self, examples: Sequence[Coded], reader: Reader) -> None:
        """Tokenise, and weigh the codes by how rare they are."""
        self._items = [reader.tokens(one.before, one.said) for one in examples]
        self._bare = [reader.tokens(bare(one.before), bare(one.said)) for one in examples]
        self._wanted = torch.tensor([[float(code in one.codes) for code in CODES] for one in examples])
        share = np.clip(self._wanted.numpy().mean(axis=0), 1e-6, 1)
        self._weight = torch.tensor(np.clip(((1 - share) / share) ** RARE, 1, MOST), dtype=torch.float32)

    def losses(self, epoch: int) -> list[Loss]:
        """Every example once, some as speech recognition would write it."""
        random = Random(epoch)  # noqa: S311
        items = [bare if random.random() < BARE else one for one, bare in zip(self._items, self._bare, strict=True)]
        batches = by_length([_length(one) for one in items], CODE_BATCH, epoch)
        return [partial(self._loss, batch, [items[i] for i in batch]) for batch in batches]

    def _loss(self, batch: Sequence[int], items: Sequence[Tokens], network: Network) -> torch.Tensor:
        """Cross entropy of all codes."""
        logits = network.heard(*tensors(items))[:, : len(CODES)]
        return binary_cross_entropy_with_logits(logits, self._wanted[batch], pos_weight=self._weight)


class Voice:
    """Whether words are out of the rep's voice."""

    def __init__(self, examples: Sequence[Voiced], reader: Reader) -> None:
        """Tokenise."""
        self._items = [reader.tokens(one.before, one.told, BRIEFLY) for one in examples]
        self._wanted = torch.tensor([float(one.strange) for one in examples])
        self._weight = torch.tensor([one.weight for one in examples])

    def losses(self, epoch: int) -> list[Loss]:
        """Every example once."""
        batches = by_length([_length(one) for one in self._items], VOICE_BATCH, epoch + 100)
        return [partial(self._loss, batch) for batch in batches]

    def _loss(self, batch: Sequence[int], network: Network) -> torch.Tensor:
        """Cross entropy, each example by its weight."""
        logits = network.heard(*tensors([self._items[i] for i in batch]))[:, len(CODES)]
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
        return [partial(self._loss, batch) for batch in of_one_scenario(self._examples, QUESTION_BATCH, epoch)]

    def _loss(self, batch: Sequence[Pair], network: Network) -> torch.Tensor:
        """How far each is from being nearest to its own, both ways round."""
        left, right = (network.meant(*tensors([self._reader.tokens("", one) for one in side]))
                       for side in zip(*batch, strict=True))  # fmt: skip
        likeness, own = SHARPNESS * left @ right.T, torch.arange(len(batch))
        return (cross_entropy(likeness, own) + cross_entropy(likeness.T, own)) / 2


class Secrets:
    """Which words tell a secret, be it by allusion: those near the words in which the rep would tell it."""

    def __init__(self, examples: Sequence[Guarded], reader: Reader) -> None:
        """Take the secrets and the drafts of each scenario."""
        self._examples = examples
        self._reader = reader

    def losses(self, epoch: int) -> list[Loss]:
        """Every draft beside one telling of each secret, among lines that tell none."""
        return [partial(self._loss, *batch) for batch in beside_secrets(self._examples, DRAFT_BATCH, epoch)]

    def _loss(self, drafts: Sequence[Told], tellings: Sequence[str], network: Network) -> torch.Tensor:
        """Cross entropy of telling each secret."""
        told = network.meant(*tensors([self._reader.tokens(one.before, one.draft, BRIEFLY) for one in drafts]))
        kept = network.meant(*tensors([self._reader.tokens("", one) for one in tellings]))
        wanted = torch.tensor([[float(one.secret == i) for i in range(len(tellings))] for one in drafts])
        score, weight = SLOPE * told @ kept.T + SHIFT, torch.tensor(TELLING)
        return binary_cross_entropy_with_logits(score, wanted, pos_weight=weight, reduction="none").sum(1).mean()


def _length(item: Tokens) -> int:
    return len(item[0]) + len(item[1])
