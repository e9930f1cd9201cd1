"""Kept answers: the same question to the same model is asked once, and no bad answer is kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import BaseModel

from coach.errors import StoreError, Unanswered
from coach.models import Answers, Message, Remembering, open_model, parse
from coach.models.cache import question
from eval.bench.llm_server import LLMServer, Mood

ASKED = [Message("system", "You count."), Message("user", "How many?")]


class Number(BaseModel):
    n: int


class Other(BaseModel):
    n: int
    why: str = ""


@pytest.fixture
def remembering(model_env: LLMServer, tmp_path: Path) -> Remembering:
    model_env.answer = lambda _messages, _request: '{"n": 3}'
    return Remembering(open_model(parse(f"openai:{model_env.model}"), 2), Answers(tmp_path / "deep" / "answers.db"))


def test_an_answer_is_kept_for_the_next_process_too(remembering, model_env, tmp_path):
    assert remembering.ask(ASKED, Number, 5).n == 3
    assert remembering.ask(ASKED, Number, 5).n == 3
    path = tmp_path / "deep" / "answers.db"
    later = Remembering(open_model(remembering.name, 2), Answers(path))
    assert later.ask(ASKED, Number, 5).n == 3
    assert len(model_env.requests) == 1
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert model_env.requests[0].body.get("stream") is not True


def test_a_failure_is_no_answer_and_is_not_kept(remembering, model_env):
    model_env.mood = Mood(nonsense="text")
    with pytest.raises(Unanswered):
        remembering.ask(ASKED, Number, 5)
    model_env.mood = Mood()
    assert remembering.ask(ASKED, Number, 5).n == 3


def test_every_part_of_a_question_counts(model_env, monkeypatch):
    name = parse("openai:a")
    asked = [
        question(name, ASKED, Number),
        question(parse("openai:b"), ASKED, Number),
        question(name, ASKED[::-1], Number),
        question(name, ASKED[:1], Number),
        question(name, ASKED, Other),
    ]
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert len({*asked, question(name, ASKED, Number)}) == 6


def test_a_file_that_is_no_cache_is_told(tmp_path):
    (tmp_path / "answers.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match=r"kept answers .* cannot be used .*; move the file away"):
        Answers(tmp_path / "answers.db")
    answers = Answers(tmp_path / "good.db")
    answers.close()
    with pytest.raises(StoreError, match="cannot be used"):
        answers.get(b"x")
