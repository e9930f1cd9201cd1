"""The debrief of a practice session."""

from coach.debrief.debrief import Debrief, Secret, Step, debrief, in_words
from coach.debrief.follow_through import FollowThrough, advised, follow_through, mention

__all__ = [
    "Debrief",
    "FollowThrough",
    "Secret",
    "Step",
    "advised",
    "debrief",
    "follow_through",
    "in_words",
    "mention",
]
