"""Conversations being held: in practice with a person, or played from a script."""

from coach.session.cast import Play, cast
from coach.session.demeanour import Demeanour, demeanour
from coach.session.manager import Manager, ModelManager, WrittenManager
from coach.session.message import clean
from coach.session.practice import Practice
from coach.session.script import Script
from coach.session.scripted import Run, Talk, Told, play, talk, untold
from coach.session.stage import Stage
from coach.session.whisper import hinted, whisper

__all__ = [
    "Demeanour",
    "Manager",
    "ModelManager",
    "Play",
    "Practice",
    "Run",
    "Script",
    "Stage",
    "Talk",
    "Told",
    "WrittenManager",
    "cast",
    "clean",
    "demeanour",
    "hinted",
    "play",
    "talk",
    "untold",
    "whisper",
]
