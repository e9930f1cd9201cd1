"""Conversations being held: in practice with a person, or played from a script."""

from coach.session.message import clean
from coach.session.practice import Practice
from coach.session.script import Run, Script, play
from coach.session.stage import Stage

__all__ = ["Practice", "Run", "Script", "Stage", "clean", "play"]
