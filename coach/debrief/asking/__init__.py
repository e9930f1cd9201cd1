"""Ask the coach: questions about one talk, answered with the words and passages that the answer rests on."""

from coach.debrief.asking.answer import Answer, Example, Kind, Said
from coach.debrief.asking.casebook import Casebook
from coach.debrief.asking.intent import Intent, understand
from coach.debrief.asking.model import ModelAnswerer
from coach.debrief.asking.offline import answer, suggestions, tidy

__all__ = [
    "Answer",
    "Casebook",
    "Example",
    "Intent",
    "Kind",
    "ModelAnswerer",
    "Said",
    "answer",
    "suggestions",
    "tidy",
    "understand",
]
