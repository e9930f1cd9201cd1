"""The debrief of a practice session."""

from coach.debrief.debrief import Debrief, Secret, Step, debrief, in_words

__all__ = ["Debrief", "Secret", "Step", "debrief", "in_words"]
