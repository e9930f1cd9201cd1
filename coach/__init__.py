"""The sales leadership coach: practise hard one-on-ones with a simulated rep and get a critique."""

__version__ = "0.1.0"
