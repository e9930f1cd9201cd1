"""Whether the rep answers what was asked: plain questions with their topics, each put first in a talk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from coach.app import App
from coach.coding import Coder
from coach.content import read_yaml
from coach.domain import SLIPS, Difficulty, Frozen, Line, Scenario, Slug, Turn
from coach.rep.questions import kind
from coach.session import Stage, WrittenManager, talk
from eval.fidelity.measures import Count

FILE = Path(__file__).with_name("questions.yaml")


class Question(Frozen):
    """What a manager might ask, and the topics whose answers could fairly answer it."""

    ask: Line
    topics: Annotated[tuple[Slug, ...], Field(min_length=1)]


def load_questions() -> dict[str, tuple[Question, ...]]:
    """The questions of each scenario."""
    return read_yaml(FILE, dict[str, tuple[Question, ...]])


def ask(app: App, coder: Coder, scenario: Scenario, questions: Sequence[Question], level: Difficulty) -> Count:
    """Questions of a scenario, and those that got no answer on their topic."""
    misses = []
    for question in questions:
        stage = Stage(scenario, level, 1, coder, app.voice)
        asked, answer = talk(stage, WrittenManager([question.ask])).path[1:]
        if not any(fits(scenario, topic, asked, answer) for topic in question.topics):
            misses.append(f"{' or '.join(question.topics)}: {question.ask} -> {', '.join(answer.lines)}: {answer.text}")
    return Count(len(questions), tuple(misses))


def fits(scenario: Scenario, topic: str, asked: Turn, answer: Turn) -> bool:
    """Whether an answer is about the topic: its own lines, its small answers, or those of its facts.

    A reaction fits when it is to something else the question did, and the question was heard to be about the topic; so
    does a line that declines just this kind of question ("How many?" - "I've not counted.").
    """
    facts = [fact.id for fact in scenario.facts if fact.topic == topic]
    about = (
        f"answers.{topic}.",
        f"asides.unsaid.{kind(asked.text)}.",
        *(f"{group}.{fact}." for group in ("facts", "hints") for fact in facts),
        *(f"particulars.{i}." for i, one in enumerate(scenario.particulars) if one.topic == topic),
    )
    if any(line.startswith(about) for line in answer.lines):
        return True
    reading = asked.reading
    heard = [code for code in reading.codes if code not in SLIPS and code != "ASK"] if reading else []
    reactions = tuple(f"reactions.{code}." for code in heard)
    return bool(reading and topic in reading.topics and answer.lines[0].startswith(reactions or ("-",)))
