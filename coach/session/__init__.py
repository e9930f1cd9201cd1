"""Conversations being held: in practice with a person, or played from a script."""

from coach.session.manager import Manager, ModelManager, WrittenManager
from coach.session.message import clean
from coach.session.practice import Practice
from coach.session.script import Script
from coach.session.scripted import Run, Talk, Told, play, talk, untold
from coach.session.stage import Stage

__all__ = [
    "Manager",
    "ModelManager",
    "Practice",
    "Run",
    "Script",
    "Stage",
    "Talk",
    "Told",
    "WrittenManager",
    "clean",
    "play",
    "talk",
    "untold",
]
