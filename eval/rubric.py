"""Measure the published rubric on the 42 labelled conversations: ``python -m eval.rubric``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import coach.coding
from coach.coding.openings import Openings
from coach.critique.levels import levels
from coach.critique.moments import moments
from coach.critique.overall import lean, overall
from coach.critique.rubric import Rubric
from coach.domain import PrincipleId, Reading, Turn
from coach.evaluation.agreement import agreement

SUITE = Path(__file__).parent / "suite"


def turns_of(
    line: Mapping[str, Any],
    codes: Mapping[str, Sequence[str]] | Mapping[int, Reading],
    calls: Mapping[int, Mapping[PrincipleId, float]],
) -> tuple[Turn, ...]:
    """Turns of a labelled conversation with readings from codes (sure) or as given, and openings."""
    found = []
    for i, turn in enumerate(line["turns"]):
        if turn["speaker"] == "rep":
            reading = Reading(openings=dict(calls.get(i, {})))
        else:
            given = {str(k): v for k, v in codes.items()}.get(str(i), ())
            reading = given if isinstance(given, Reading) else Reading.model_validate({"codes": tuple(given)})
        found.append(Turn(i=i, speaker=turn["speaker"], text=turn["text"], reading=reading))
    return tuple(found)


def rate(name: str, turns: Sequence[Turn], rubric: Rubric) -> dict[str, Any]:
    """One line of the plain result form, computed by the rubric."""
    best, worst = moments(turns, rubric)
    return {
        "id": name,
        "codes": {str(t.i): list(t.reading.codes) for t in turns if t.speaker == "manager" and t.reading},
        "levels": levels(turns, rubric),
        "overall": overall(turns, rubric),
        "lean": lean(turns, rubric),
        "best": best,
        "worst": worst,
        "status": "scored",
    }


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def measure(by_classifier: bool = False) -> dict[str, Any]:
    """Agreement on the suite, from reference codes or from what the shipped classifier hears."""
    transcripts, labels = lines_of(SUITE / "transcripts.jsonl"), lines_of(SUITE / "labels.jsonl")
    reference = {line["id"]: line["codes"] for line in labels}
    rubric, reader = Rubric.load(), Openings.load()
    results = []
    for transcript in transcripts:
        if by_classifier:
            turns = _read_locally(transcript)
        else:
            spots = [i for i, turn in enumerate(transcript["turns"]) if turn["speaker"] == "rep"]
            calls = dict(zip(spots, reader.read([transcript["turns"][i]["text"] for i in spots]), strict=True))
            turns = turns_of(transcript, reference[transcript["id"]], calls)
        results.append(rate(transcript["id"], turns, rubric))
    return agreement(results, labels)


def _read_locally(transcript: Mapping[str, Any]) -> tuple[Turn, ...]:
    from coach.coding.coder import LocalCoder

    coder = LocalCoder.load()
    plain = turns_of(transcript, {}, {})
    read = coder.read(plain, range(len(plain)))
    return tuple(turn.model_copy(update={"reading": read[n]}) for n, turn in enumerate(plain))


def show(title: str, figures: Mapping[str, Any]) -> str:
    """The main figures as a few lines of text."""
    level, whole, side, spans = figures["levels"], figures["overall"], figures["lean"], figures["intervals"]
    code, moment = figures["codes"], figures["moments"]
    return "\n".join(
        [
            f"== {title}: {figures['n']} conversations, {figures['failed']} failed",
            f"codes    kappa {code['kappa']} {spans['codes.kappa']}  macro-F1 {code['macro_f1']}",
            f"levels   weighted kappa {level['weighted_kappa']} {spans['levels.weighted_kappa']}",
            f"         exact {level['exact']}  within one {level['within_one']}  bias {level['bias']}  "
            f"null agreement {level['null_agreement']} (kappa {level['null_kappa']})",
            f"overall  weighted kappa {whole['weighted_kappa']} {spans['overall.weighted_kappa']}  "
            f"Spearman {whole['spearman']} {spans['overall.spearman']}",
            f"         exact {whole['exact']}  within one {whole['within_one']}  bias {whole['bias']}",
            f"pairs    {whole['pairs_ordered']} of {whole['pairs_two_apart']} ordered, {whole['pairs_tied']} tied",
            f"lean     weighted kappa {side['weighted_kappa']}  exact {side['exact']}  "
            f"within one {side['within_one']}  bias {side['bias']}",
            f"moments  best {moment['best']} of {moment['best_named']}  worst {moment['worst']} of "
            f"{moment['worst_named']}  (or none: {moment['best_or_none']}, {moment['worst_or_none']})",
        ]
    )


def constants(figures: Mapping[str, Any]) -> str:
    """What always answering one level would reach."""
    rows = ["always   levels exact / within one   overall exact / within one   (kappa 0 by definition)"]
    for level, found in figures["constants"].items():
        a, b = found["levels"], found["overall"]
        rows.append(f"{level:>6}   {a['exact']} / {a['within_one']}                {b['exact']} / {b['within_one']}")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, or all of them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    options = parser.parse_args(arguments)
    measured = {"reference codes": measure()}
    if (Path(coach.coding.__path__[0]) / "classifier.npz").is_file():
        measured["the shipped classifier's readings"] = measure(by_classifier=True)
    if options.json:
        print(json.dumps(measured, indent=1))
        return 0
    for name, figures in measured.items():
        print(show(f"from {name}", figures))
    print(constants(measured["reference codes"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
