"""CODE: what was heard in a turn."""

from coach.coding.coder import Coder, LocalCoder
from coach.coding.model_coder import ModelCoder

__all__ = ["Coder", "LocalCoder", "ModelCoder"]
