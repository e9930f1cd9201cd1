"""The rep: how trust moves, when a secret opens, and what is said."""

from coach.rep.again import Memory, begin_again, promised, remember
from coach.rep.answering import listen
from coach.rep.authored import AuthoredVoice
from coach.rep.dynamics import begin, touched, update
from coach.rep.gates import Lacking, gate_trust, ideal, lacking, opening, unreachable
from coach.rep.model_voice import ModelVoice
from coach.rep.soundness import advice, answers, faults
from coach.rep.voice import Reply, Scene, Shown, Voice, unseen

__all__ = [
    "AuthoredVoice",
    "Lacking",
    "Memory",
    "ModelVoice",
    "Reply",
    "Scene",
    "Shown",
    "Voice",
    "advice",
    "answers",
    "begin",
    "begin_again",
    "faults",
    "gate_trust",
    "ideal",
    "lacking",
    "listen",
    "opening",
    "promised",
    "remember",
    "touched",
    "unreachable",
    "unseen",
    "update",
]
