"""The one transformer that ships: codes of a manager's turn, voice of a draft, meaning of a question."""

from coach.encoder.transformer import TOKENS, WEIGHTS, Pair, Transformer

__all__ = ["TOKENS", "WEIGHTS", "Pair", "Transformer"]
