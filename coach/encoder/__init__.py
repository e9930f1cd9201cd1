"""The two small transformers that ship: one hears codes and voice, the other likens what words mean."""

from coach.encoder.transformer import FILES, FOLDER, TOKENS, Pair, Transformer, meaning, meanings

__all__ = ["FILES", "FOLDER", "TOKENS", "Pair", "Transformer", "meaning", "meanings"]
