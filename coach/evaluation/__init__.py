"""Recorded conversations, scored offline, and how far the scores agree with reference labels."""

from coach.evaluation.agreement import agreement
from coach.evaluation.bars import Bar, Tally, read_bar
from coach.evaluation.baseline import Baseline, Change, changes, engine, read_baseline
from coach.evaluation.estimate import Estimate, Rehearsal, estimate, read_price
from coach.evaluation.journal import NAME as JOURNAL
from coach.evaluation.journal import Journal, fingerprint
from coach.evaluation.labels import read_labels
from coach.evaluation.running import left, processes, run, threads
from coach.evaluation.score import Line, Outcome, Recording, Scorer
from coach.evaluation.writing import write_json, write_lines

__all__ = [
    "JOURNAL",
    "Bar",
    "Baseline",
    "Change",
    "Estimate",
    "Journal",
    "Line",
    "Outcome",
    "Recording",
    "Rehearsal",
    "Scorer",
    "Tally",
    "agreement",
    "changes",
    "engine",
    "estimate",
    "fingerprint",
    "left",
    "processes",
    "read_bar",
    "read_baseline",
    "read_labels",
    "read_price",
    "run",
    "threads",
    "write_json",
    "write_lines",
]
