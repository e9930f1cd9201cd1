"""Recorded conversations, scored offline, and how far the scores agree with reference labels."""

from coach.evaluation.agreement import agreement
from coach.evaluation.score import Scorer, read_labels, write_json, write_lines

__all__ = ["Scorer", "agreement", "read_labels", "write_json", "write_lines"]
