"""Answers without a model: the question is sorted, and the look-up that fits it is the answer."""

from __future__ import annotations

from coach.debrief.asking.answer import Answer
from coach.debrief.asking.casebook import Casebook
from coach.debrief.asking.intent import Intent, understand
from coach.debrief.path import MOVED
from coach.domain import SLIPS
from coach.errors import InputError
from coach.reports.replies import own, reply

MAX_QUESTION = 500  # characters
CANNOT = (
    "That I cannot answer. I only know this talk, the rules it was judged by and the knowledge base: why something was "
    "judged as it was, what happened at one of your replies, what you could have said, what stayed hidden, what was "
    "agreed, and what the knowledge base says on a subject."
)
WHICH = "I could not tell which principle or behaviour you mean; call it by the name it has in the debrief."
NOTHING = "The knowledge base has nothing that comes near enough to this to be worth reading."


def tidy(question: str) -> str:
    """The question on one line.

    Raises:
        InputError: if it says nothing or is too long.
    """
    asked = " ".join(question.encode(errors="replace").decode().split())
    if not any(c.isalnum() for c in asked):
        raise InputError("There is no question yet; write what you would like to know about this talk.")
    if len(asked) > MAX_QUESTION:
        raise InputError(f"That is {len(asked):,} characters; ask one thing at a time, in up to {MAX_QUESTION}.")
    return asked


def answer(question: str, book: Casebook) -> Answer:
    """Answer from what is known of the talk; honest where that is nothing."""
    found = _look_up(understand(question, book), question, book)
    left = tuple(one for one in suggestions(book) if one.casefold() != question.strip().casefold())
    return found.model_copy(update={"suggestions": left})


def suggestions(book: Casebook) -> tuple[str, ...]:
    """Three questions that fit this talk: on a judgement, on what happened, on other words."""
    debrief, critique = book.debrief, book.debrief.critique
    said = own(debrief.turns)
    finding = None if critique.change is None else critique.findings[critique.change]
    weakest = min((level, p) for p, level in critique.levels.items() if level is not None) if _rated(book) else None
    asked = []
    if finding and finding.code:
        asked.append(f"Why do you say “{book.library.acts[finding.code]}”?")
    elif weakest:
        asked.append(f"Why is “{book.library.acts[weakest[1]]}” judged as it is?")
    lowest = min(debrief.steps, key=lambda step: step.change, default=None)
    highest = max(debrief.steps, key=lambda step: step.change, default=None)
    if lowest and lowest.change <= -MOVED:
        asked.append(f"Why did trust fall at my {reply(said, lowest.turn)}?")
    elif highest and highest.change >= MOVED:
        asked.append(f"What made trust rise at my {reply(said, highest.turn)}?")
    turn = finding.evidence[0].turn if finding else lowest.turn if lowest else None
    if turn is not None:
        asked.append(f"What could I have said instead at my {reply(said, turn)}?")
    return (*asked, "What stayed hidden?")[:3]


def _rated(book: Casebook) -> bool:
    return any(level is not None for level in book.debrief.critique.levels.values())


def _look_up(intent: Intent, question: str, book: Casebook) -> Answer:
    match intent.kind:
        case "level":
            return _judgement(intent, book)
        case "turn":
            return _moment(intent, book)
        case "words":
            return book.words(_turn(intent, book))
        case "hidden":
            return book.hidden()
        case "agreed":
            return book.agreed()
        case "knowledge":
            return book.lookup(question, intent.principle) or Answer(kind="knowledge", text=(NOTHING,))
        case "other":
            return Answer(kind="other", text=(CANNOT,))


def _judgement(intent: Intent, book: Casebook) -> Answer:
    if intent.principle and intent.code not in SLIPS:  # a principle and a strength may share a name
        return book.level(intent.principle)
    return book.behaviour(intent.code) if intent.code else Answer(kind="other", text=(WHICH,))


def _moment(intent: Intent, book: Casebook) -> Answer:
    if intent.turn is not None:
        return book.turn(intent.turn)
    match intent.moment:
        case "rise":
            return book.change(1)
        case "best":
            return book.best(1)
        case "worst":
            return book.best(-1)
        case _:
            where = [t.i for t in book.debrief.turns if t.reading and intent.code in t.reading.codes]
            return book.turn(where[0]) if where else book.change(-1)


def _turn(intent: Intent, book: Casebook) -> int:
    """The turn for which other words are wanted: the one named, else the one to change, else the last."""
    critique = book.debrief.critique
    if intent.turn is not None:
        return intent.turn
    if intent.moment == "fall":
        return min(book.debrief.steps, key=lambda step: step.change).turn
    if critique.change is not None:
        return critique.findings[critique.change].evidence[0].turn
    return book.debrief.steps[-1].turn
