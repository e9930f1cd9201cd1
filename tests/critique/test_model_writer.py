"""Words by a model: numbered, checked by a second look, and never a reason for the critique to fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coach.app import App
from coach.critique import ModelWriter
from coach.critique.drafts import Draft
from coach.critique.model_writer import FROM_MODEL
from coach.critique.writer import Conversation
from coach.domain import Citation, Reading, Turn
from eval.bench.llm_server import Mood
from eval.bench.model_answers import Player, asks

SLIP = "Make fifty calls a day or you're out."
TURNS = (
    Turn(i=0, speaker="rep", text="I'm fine. Bit of a tired spell."),
    Turn(i=1, speaker="manager", text="How are you really doing?", reading=Reading(codes=("ASK",))),
    Turn(i=2, speaker="rep", text="Not great, since you ask."),
    Turn(i=3, speaker="manager", text=SLIP, reading=Reading(codes=("THREAT",), quotes={"THREAT": "or you're out"})),
    Turn(i=4, speaker="rep", text="Right."),
)
TALK = Conversation("talk", TURNS, None)
PASSAGE = Citation(source="slips.md", section="Threat", quote="A threat buys silence.")


@pytest.fixture
def product(model_app: Callable[..., App]) -> App:
    return model_app(model_seconds=2.0)


@pytest.fixture
def writer(product: App) -> ModelWriter:
    writer = product.writer
    assert isinstance(writer, ModelWriter)
    return writer


@pytest.fixture
def drafts(product: App) -> list[Draft]:
    threat, ask = (product.library.behaviours[code].principles[0] for code in ("THREAT", "ASK"))
    return [
        Draft(threat, "slip", "THREAT", 1, (3,), 2.0, (PASSAGE,)),
        Draft(ask, "strength", "ASK", 4, (1,), 1.0, (PASSAGE,)),
        Draft("vision", "missed", None, 2, (3,), 0.5, (PASSAGE,)),
    ]


def finding(number: int, **other: object) -> dict[str, object]:
    return {
        "number": number,
        "effect": "It hurt.",
        "advice": f"Ask first, {number}.",
        "better_words": "What now?",
    } | other


def test_every_draft_gets_the_models_words(writer, drafts, model_env):
    words = writer.write(drafts, TALK)
    assert [asks(call.body) for call in model_env.requests] == ["write", "check"]
    assert [w.advice[-2] for w in words] == ["1", "2", "3"]
    assert [bool(w.better_words) for w in words] == [True, False, True]
    assert [w.better_words_from for w in words] == [FROM_MODEL, "", FROM_MODEL]


def test_nothing_to_write_is_no_call(writer, model_env):
    assert writer.write([], TALK) == []
    assert model_env.requests == []


def test_what_the_second_look_rejects_or_leaves_out_is_dropped(writer, drafts, model_env):
    model_env.answer = Player(rejected=(1,))
    assert [words is None for words in writer.write(drafts, TALK)] == [True, False, False]
    model_env.queue({"findings": [finding(n) for n in (1, 2, 3)]}, {"findings": [{"number": 2, "supported": True}]})
    assert [words is None for words in writer.write(drafts, TALK)] == [True, False, True]


def test_what_the_model_left_out_is_written_by_the_floor(writer, drafts, model_env):
    floor = writer._floor.write(drafts, TALK)
    model_env.queue({"findings": [finding(2)]})
    words = writer.write(drafts, TALK)
    assert [words[0], words[2]] == [floor[0], floor[2]]
    assert words[1].advice == "Ask first, 2."


def test_a_second_look_at_what_nobody_wrote_changes_nothing(writer, drafts, model_env):
    floor = writer._floor.write(drafts, TALK)
    supported = [{"number": n, "supported": True} for n in (0, 1, 2, 3, 77)]
    model_env.queue({"findings": [finding(2), finding(77)]}, {"findings": supported})
    words = writer.write(drafts, TALK)
    assert [words[0], words[2]] == [floor[0], floor[2]]
    assert words[1].advice == "Ask first, 2."


@pytest.mark.parametrize("same", [SLIP, SLIP.upper(), "Make fifty calls a day or you are out."])
def test_better_words_that_only_repeat_the_manager_are_left_out(writer, drafts, model_env, same):
    model_env.queue({"findings": [finding(1, better_words=same), finding(2), finding(3)]})
    words = writer.write(drafts, TALK)
    assert (words[0].better_words, words[0].better_words_from) == ("", "")
    assert words[2].better_words == "What now?"


@pytest.mark.parametrize(
    "mood",
    [Mood(status=401), Mood(status=503), Mood(delay_s=30), Mood(empty=True), Mood(nonsense=True), Mood(huge_kb=20)],
    ids=lambda mood: next(k for k, v in vars(mood).items() if v and k not in ("schemas", "json_mode", "tools")),
)
def test_the_author_writes_when_the_model_cannot(product, drafts, model_env, model_app, mood):
    writer = model_app(model_seconds=0.3).writer if mood.delay_s else product.writer
    model_env.mood = mood
    assert writer.write(drafts, TALK) == writer._floor.write(drafts, TALK)


def test_the_author_writes_when_the_second_look_fails(writer, drafts, model_env):
    model_env.queue({"findings": [finding(n) for n in (1, 2, 3)]}, Mood(status=401))
    assert writer.write(drafts, TALK) == writer._floor.write(drafts, TALK)


@pytest.mark.parametrize(
    "bad",
    [finding(1, advice=""), finding(1, advice="  "), finding(1, effect="x" * 601), finding(1, better_words="x" * 601)],
)
def test_words_of_no_use_are_asked_for_again(writer, drafts, model_env, bad):
    model_env.queue({"findings": [bad]}, {"findings": [finding(n) for n in (1, 2, 3)]})
    assert [words.advice for words in writer.write(drafts, TALK)] == [f"Ask first, {n}." for n in (1, 2, 3)]


def test_the_model_is_told_what_happened_and_no_level(writer, drafts, model_env):
    writer.write(drafts, TALK)
    prompt = model_env.requests[0].messages[1]["content"]
    assert "or you're out" in prompt
    assert "A threat buys silence." in prompt
    assert '"rep_after": "Right."' in prompt
    assert "level" not in prompt.casefold()
    assert '"advice": ' in model_env.requests[1].messages[1]["content"]


def test_no_advice_is_given_twice(writer, drafts, model_env):
    """``Writer.write`` promises words for each draft, none twice; a weak model says the same of everything."""
    model_env.queue({"findings": [finding(n, advice="Listen more.") for n in (1, 2, 3)]})
    advice = [words.advice for words in writer.write(drafts, TALK) if words]
    assert len(set(advice)) == len(advice)
