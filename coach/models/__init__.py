"""Models: who speaks, codes and writes. The authored floor needs none."""

from coach.models.names import OFFLINE, PROVIDERS, check

__all__ = ["OFFLINE", "PROVIDERS", "check"]
