"""The programme: what was practised, what it shows, and what to practise next."""

from coach.programme.export import Export, export
from coach.programme.next_step import Next, choices, next_step
from coach.programme.progress import Course, Engine, Progress, Returning, Talk, progress, same_judge
from coach.programme.reasons import reasons

__all__ = [
    "Course",
    "Engine",
    "Export",
    "Next",
    "Progress",
    "Returning",
    "Talk",
    "choices",
    "export",
    "next_step",
    "progress",
    "reasons",
    "same_judge",
]
