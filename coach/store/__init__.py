"""The database: what was said in practice, turn by turn, its critiques, and what people say of those."""

from coach.store.erasing import erase
from coach.store.marks import Mark, Marks
from coach.store.remarks import Remarks
from coach.store.store import Store

__all__ = ["Mark", "Marks", "Remarks", "Store", "erase"]
