"""Names of models: ``offline`` is the authored floor; other providers go by their prefix."""

from __future__ import annotations

from coach.errors import ModelError

OFFLINE = "offline"
PROVIDERS: tuple[str, ...] = (OFFLINE,)


def check(name: str) -> str:
    """Return the name if there is such a model here.

    Raises:
        ModelError: naming the models that can be chosen.
    """
    if name not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        raise ModelError(
            f"The model {name[:60]!r} cannot be used here; choose one of: {known} (--model or COACH_MODEL)."
        )
    return name
