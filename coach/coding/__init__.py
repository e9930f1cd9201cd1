"""CODE: what was heard in a turn."""

from coach.coding.coder import Coder, LocalCoder

__all__ = ["Coder", "LocalCoder"]
