"""CRITIQUE: levels by published rules, findings with two quotes, a profile and a plan."""

from coach.critique.critic import Critic
from coach.critique.examples import Examples, read_exchanges
from coach.critique.reliability import Measured
from coach.critique.rubric import Rubric
from coach.critique.writer import AuthoredWriter, Writer

__all__ = ["AuthoredWriter", "Critic", "Examples", "Measured", "Rubric", "Writer", "read_exchanges"]
