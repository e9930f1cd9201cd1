"""The rep: how trust moves, when a secret opens, and what is said."""

from coach.rep.authored import AuthoredVoice
from coach.rep.dynamics import begin, touched, update
from coach.rep.gates import Lacking, lacking, opening, unreachable
from coach.rep.model_voice import ModelVoice
from coach.rep.voice import Reply, Scene, Shown, Voice, unseen

__all__ = [
    "AuthoredVoice",
    "Lacking",
    "ModelVoice",
    "Reply",
    "Scene",
    "Shown",
    "Voice",
    "begin",
    "lacking",
    "opening",
    "touched",
    "unreachable",
    "unseen",
    "update",
]
