"""What kind of answer a turn calls for: to a question, to the rep's own hint, to an offer."""

from __future__ import annotations

from coach.domain import SLIPS, Code, Reading
from coach.rep.aptness import Rated, answers, telling
from coach.rep.questions import kind
from coach.rep.voice import Scene

BARE = 1  # telling words beside the hint's own of a question that asks for nothing else ("What is it?")
OFFERS: frozenset[Code] = frozenset({"SUPPORT", "TRY", "STANDARD", "DEVELOP"})
_DECLINES = ("asides.unsaid.", "asides.not_yet.", "asides.evasions.", "asides.refusals.")


def rate(scene: Scene, mood: str = "") -> list[Rated]:
    """The rep's answers in a mood, its own unless another is named, the likeliest to answer the last turn first."""
    found = answers(scene.scenario.topics)
    return found.rate(scene.path[-1].text, tuple(scene.topics), mood or scene.state.mood)


def asks_what_was_hinted(scene: Scene) -> bool:
    """Whether the manager asks straight out for what the rep's last words only hinted at."""
    before = next((turn for turn in reversed(scene.path[:-1]) if turn.speaker == "rep"), None)
    if before is None or before.state is None or not before.state.hinted:
        return False
    fact = next((one for one in scene.scenario.facts if one.id == before.state.hinted), None)
    hints = (
        telling(" ".join(fact.hints[int(key.rpartition(".")[2])] for key in before.lines if key.startswith("hints.")))
        if fact
        else frozenset()
    )
    return len(telling(scene.path[-1].text) - hints) <= BARE


def offers(reading: Reading, words: str) -> bool:
    """Whether a turn offers or proposes something concrete and asks what the rep says to it."""
    slipped = any(code in SLIPS for code in reading.codes)
    offered = bool(reading.promises) or bool(OFFERS & set(reading.codes))
    return offered and not slipped and kind(words) in ("yes_no", "when")


def just_declined(scene: Scene) -> bool:
    """Whether the rep's last words declined already: nobody wants two evasions in a row."""
    before = next((turn.lines for turn in reversed(scene.path[:-1]) if turn.speaker == "rep"), ())
    return any(key.startswith(_DECLINES) for key in before)
