"""The database: what was said in practice, turn by turn, and its critiques."""

from coach.store.store import Store

__all__ = ["Store"]
