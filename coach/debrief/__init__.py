"""The debrief of a practice session."""

from coach.debrief.compare import Comparison, compare
from coach.debrief.debrief import Debrief, debrief, in_words
from coach.debrief.follow_through import FollowThrough, advised, follow_through, mention
from coach.debrief.hidden import Secret
from coach.debrief.path import Step

__all__ = [
    "Comparison",
    "Debrief",
    "FollowThrough",
    "Secret",
    "Step",
    "advised",
    "compare",
    "debrief",
    "follow_through",
    "in_words",
    "mention",
]
