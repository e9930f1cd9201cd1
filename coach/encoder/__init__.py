"""The two small transformers that ship in one file: one hears codes and voice, the other likens what words mean."""

from coach.encoder.transformer import TOKENS, WEIGHTS, Pair, Transformer, meaning, meanings

__all__ = ["TOKENS", "WEIGHTS", "Pair", "Transformer", "meaning", "meanings"]
