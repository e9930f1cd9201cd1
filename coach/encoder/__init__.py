"""Texts as numbers: two small transformers that ship (codes and voice; what words mean), and likeness of wording."""

from coach.encoder.lines import forget_meanings, keep_meanings, meanings
from coach.encoder.transformer import (
    FILES,
    FOLDER,
    READERS,
    TOKENS,
    Pair,
    Transformer,
    meaning,
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
    "forget_meanings",
    "keep_meanings",
    "meaning",
    "meanings",
    "understood",
]
