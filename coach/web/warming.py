"""What a first turn with a rep would wait for, made while nobody waits: indexes, patterns and the local coder."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from itertools import islice

from coach.app import App
from coach.coding import LocalCoder
from coach.domain import MOODS, Scenario, Turn
from coach.errors import CoachError
from coach.rep import AuthoredVoice
from coach.rep.aptness import answers
from coach.rep.giveaways import MAX_SCENARIOS
from coach.rep.guard import Guard
from coach.session import Stage

ASKED = "How are you really doing, and what weighs most on you at the moment?"


def warm(app: App, stopped: Callable[[], bool]) -> None:
    """Hold one exchange with every rep, in memory and without any model: what it needs is made once and kept.

    Args:
        app: the product; of its scenarios as many as the rep's caches hold.
        stopped: asked before each rep; the server that warms up may be stopped any time.
    """
    with suppress(CoachError):  # what is wrong, the first talk says to whoever can mend it
        coder = LocalCoder.load()
        for scenario in islice(app.library.scenarios.values(), MAX_SCENARIOS):
            if stopped():
                return
            _meet(scenario, coder, guarded=app.voice.id != AuthoredVoice.id)
    gc.collect()
    gc.freeze()  # going through all that is kept makes everybody wait for 0.3 s, every half minute under load


def _meet(scenario: Scenario, coder: LocalCoder, *, guarded: bool) -> None:
    stage = Stage(scenario, scenario.difficulty, 1, coder, AuthoredVoice())
    first = stage.open()
    path = (first, stage.hear((first, Turn(i=1, speaker="manager", text=ASKED))))
    answered, _ = stage.answer(path)
    for mood in MOODS:  # what the lines of a mood mean is read when a question first comes in it
        answers(scenario.topics).rate(ASKED, (), mood)
    if not guarded:
        return
    guard = Guard(scenario, (), [first.text], ASKED)
    for draft in (answered.text, "I said as much to somebody on Tuesday."):  # the author's words, and a model's
        guard.check_all(draft)
