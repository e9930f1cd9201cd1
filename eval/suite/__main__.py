"""``python -m eval.suite``: measure the engine that ships and write ``knowledge/reliability.yaml``.

Reference labels are consistent readings by language models of one family, not truth.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from coach.app import App
from coach.content import Places
from coach.critique.reliability import Figure, Measured
from coach.evaluation import agreement, read_labels
from coach.settings import read_settings
from coach.transcripts import read_transcripts

HERE = Path(__file__).parent


def main() -> None:
    """Score the suite, print the figures and write them where the product reads them."""
    app = App(read_settings(model="offline"))
    lines = list(app.scorer.score(read_transcripts([HERE / "transcripts.jsonl"])))
    figures = agreement(lines, read_labels(HERE / "labels.jsonl"))

    def figure(group: str, name: str) -> Figure:
        low, high = figures["intervals"][f"{group}.{name}"]
        return Figure(value=round(figures[group][name], 3), low=round(low, 3), high=round(high, 3))

    measured = Measured(
        coder=app.coder.id,
        rubric=app.critic.rubric.version,
        conversations=figures["n"],
        code_kappa=figure("codes", "kappa"),
        level_weighted_kappa=figure("levels", "weighted_kappa"),
        overall_spearman=figure("overall", "spearman"),
    )
    target = Places.of(None).file("knowledge/reliability.yaml")
    target.write_text(yaml.safe_dump([measured.model_dump(mode="json")], sort_keys=False), encoding="utf-8")
    print(yaml.safe_dump(measured.model_dump(mode="json"), sort_keys=False), end="")


main()
