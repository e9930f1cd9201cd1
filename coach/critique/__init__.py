"""CRITIQUE: levels by published rules, findings with two quotes, a profile and a plan."""

from coach.critique.critic import Critic
from coach.critique.examples import Examples
from coach.critique.model_writer import ModelWriter
from coach.critique.reliability import Measured, Reliability
from coach.critique.rubric import Rubric
from coach.critique.writer import AuthoredWriter, Writer

__all__ = ["AuthoredWriter", "Critic", "Examples", "Measured", "ModelWriter", "Reliability", "Rubric", "Writer"]
