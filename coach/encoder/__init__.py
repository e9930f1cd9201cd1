"""Texts as numbers: two small transformers that ship (codes and voice; what words mean), and likeness of wording."""

from coach.encoder.transformer import (
    FILES,
    FOLDER,
    READERS,
    TOKENS,
    Pair,
    Transformer,
    meaning,
    meanings,
    understood,
)
from coach.encoder.wording import Wording

__all__ = [
    "FILES",
    "FOLDER",
    "READERS",
    "TOKENS",
    "Pair",
    "Transformer",
    "Wording",
    "meaning",
    "meanings",
    "understood",
]
