"""The programme: what to practise next."""

from coach.programme.next_step import Next, next_step

__all__ = ["Next", "next_step"]
