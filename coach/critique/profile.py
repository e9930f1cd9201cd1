"""Managing or leading, on the six aspects of the second article (chapter 4, Key Differences)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.domain import Aspect, AspectLean, Code, Turn


def profile(turns: Sequence[Turn], aspects: Iterable[Aspect]) -> tuple[AspectLean, ...]:
    """For each aspect where the coded behaviours lean, weighted by certainty.

    Returns:
        A lean of -2 (all managing) to +2 (all leading), None where nothing was shown.
    """
    sums: dict[Code, float] = {}
    for turn in turns:
        if turn.speaker == "manager" and turn.reading:
            for code in turn.reading.codes:
                sums[code] = sums.get(code, 0.0) + turn.reading.sure(code)
    return tuple(_lean(aspect, sums) for aspect in aspects)


def _lean(aspect: Aspect, sums: dict[Code, float]) -> AspectLean:
    managing = sum(sums.get(code, 0.0) for code in aspect.manager_codes)
    leading = sum(sums.get(code, 0.0) for code in aspect.leader_codes)
    shown = sum(code in sums for code in (*aspect.manager_codes, *aspect.leader_codes))
    lean = round(2 * (leading - managing) / (leading + managing), 1) if managing + leading else None
    return AspectLean(aspect=aspect.id, lean=lean, evidence=shown)
