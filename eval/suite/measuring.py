"""Measure one engine: agreement with the reference labels, and what differs when it reads the same again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import coach
from coach.app import App
from coach.critique.reliability import Figure, Measured, Reliability, Retest
from coach.domain import PRINCIPLES
from coach.errors import InputError, ModelError, Unanswered
from coach.evaluation import Line, agreement, read_labels
from coach.models import Message, ModelName, Structured
from coach.models.structured import Form
from coach.settings import read_settings
from coach.transcripts import read_transcripts

HERE = Path(__file__).parent
LABELS = HERE / "labels.jsonl"
TRANSCRIPTS = HERE / "transcripts.jsonl"
LEFT_OUT = "the model left this turn out"


class Strict(Structured):
    """Asks a model; where it fails nothing stands in for it, since that would be measured in its name."""

    def ask(self, messages: Sequence[Message], form: type[Form], deadline: float) -> Form:
        """An answer that fits the form; raises ``Unanswered`` if there is none."""
        try:
            return super().ask(messages, form, deadline)
        except ModelError as error:
            raise Unanswered(str(error)) from error


class Measuring(App):
    """The product with one coder under measurement; the words of its critiques are authored."""

    @classmethod
    def with_coder(cls, name: str) -> Measuring:
        """The product with this coder."""
        return cls(read_settings(model="offline", coder=name))

    def asking(self, name: ModelName) -> Structured:
        """Who asks the model anew every time."""
        return Strict(self._open(name))

    def runs(self, repeat: int, first: int | None = None) -> list[list[Line]]:
        """Result lines of the suite, so many times.

        Raises:
            InputError: if a conversation was left unscored.
        """
        recordings = list(read_transcripts([TRANSCRIPTS]))[:first]
        runs = [list(self.scorer.score(recordings)) for _ in range(repeat)]
        failed = [line for run in runs for line in run if line["status"] == "failed"]
        if failed:
            told = f"{len(failed)} of {repeat * len(recordings)} readings failed; the first: {failed[0]['reason']}"
            raise InputError(f"{told} Nothing was written; run it again.")
        return runs


def measure(app: Measuring, runs: Sequence[Sequence[Line]]) -> Measured:
    """The figures of an engine: agreement from its first run, spread from all of them."""
    labels = read_labels(LABELS)
    figures = agreement(runs[0], labels)

    def figure(group: str, name: str) -> Figure:
        low, high = figures["intervals"][f"{group}.{name}"]
        return Figure(value=figures[group][name], low=low, high=high)

    made = app.provenance(None)
    return Measured(
        coder=made.coder,
        basis=made.basis,
        rubric=app.critic.rubric.version,
        prompts=made.prompts,
        version=coach.__version__,
        conversations=figures["n"],
        left_out=sum(line["reason"].count(LEFT_OUT) for line in runs[0]),
        code_kappa=figure("codes", "kappa"),
        level_weighted_kappa=figure("levels", "weighted_kappa"),
        overall_spearman=figure("overall", "spearman"),
        level_error=_level_error(runs[0], labels),
        retest=retest(runs),
    )


def retest(runs: Sequence[Sequence[Line]]) -> Retest:
    """How far several runs over the same conversations, in the same order, differ."""
    levels = [[line["levels"][p] for line in run for p in PRINCIPLES] for run in runs]
    overall = [[line["overall"] for line in run] for run in runs]
    return Retest(
        runs=len(runs),
        levels_same=_same(levels),
        level_sd=_spread(levels),
        overall_same=_same(overall),
        overall_sd=_spread(overall),
    )


def kept(known: Reliability, measured: Measured) -> Reliability:
    """All measurements, this one in the place of an older one of the same engine on the same basis."""
    key = (measured.coder, measured.basis)
    others = [one for one in known.engines if (one.coder, one.basis) != key and not _replaced(one, measured)]
    return known.model_copy(update={"engines": tuple(sorted([*others, measured], key=lambda one: one.coder))})


def write(known: Reliability, path: Path) -> None:
    """Write the file that the product reads."""
    data = known.model_dump(mode="json", exclude_defaults=True)
    path.write_text(yaml.safe_dump(data, sort_keys=False, width=120), encoding="utf-8")


def table(measurements: Iterable[Measured]) -> str:
    """The measurements as a Markdown table, one column an engine."""
    engines = list(measurements)

    def show(figure: Figure) -> str:
        return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"

    def spread(one: Measured, field: str, sd: str) -> str:
        return f"{getattr(one.retest, field):.0%}, sd {getattr(one.retest, sd):.2f}" if one.retest else "not measured"

    rows = [
        ("", [f"`{one.coder}`" for one in engines]),
        ("---", ["---"] * len(engines)),
        ("rules, basis", [f"{one.rubric}, {one.basis}" for one in engines]),
        ("prompts", [", ".join(f"{name} {hash_}" for name, hash_ in one.prompts.items()) or "none" for one in engines]),
        ("version of the coach", [one.version for one in engines]),
        ("conversations", [str(one.conversations) for one in engines]),
        ("turns left to the local coder", [str(one.left_out) for one in engines]),
        ("codes: kappa", [show(one.code_kappa) for one in engines]),
        ("levels: weighted kappa", [show(one.level_weighted_kappa) for one in engines]),
        ("overall: Spearman", [show(one.overall_spearman) for one in engines]),
        (
            "levels: sd of the difference",
            ["-" if one.level_error is None else f"{one.level_error:.2f}" for one in engines],
        ),
        ("retest runs", [str(one.retest.runs) if one.retest else "none" for one in engines]),
        ("retest: levels the same", [spread(one, "levels_same", "level_sd") for one in engines]),
        ("retest: overall the same", [spread(one, "overall_same", "overall_sd") for one in engines]),
    ]
    return "\n".join(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)


def _replaced(old: Measured, new: Measured) -> bool:
    """Whether an older measurement is of the same engine before it changed."""
    return old.coder.split("/")[0].split("-")[0] == new.coder.split("/")[0].split("-")[0] == "local"


def _level_error(lines: Sequence[Line], labels: Sequence[Line]) -> float:
    """Standard deviation of level minus reference level, where both rate."""
    theirs = {label["id"]: label["levels"] for label in labels}
    off = [
        level - reference
        for line in lines
        for principle, level in line["levels"].items()
        if level is not None and (reference := theirs[line["id"]].get(principle)) is not None
    ]
    return round(float(np.std(off, ddof=1)), 3)


def _same(runs: Sequence[Sequence[Any]]) -> float:
    """Share of values that are equal, over all pairs of runs."""
    equal = [a == b for one, other in combinations(runs, 2) for a, b in zip(one, other, strict=True)]
    return round(float(np.mean(equal)), 3)


def _spread(runs: Sequence[Sequence[int | None]]) -> float:
    """Standard deviation between runs, pooled over the values that every run gives."""
    each = [values for values in zip(*runs, strict=True) if None not in values]
    return round(float(np.sqrt(np.mean([np.var(values, ddof=1) for values in each]))), 3) if each else 0.0
