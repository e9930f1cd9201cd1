"""A manager played by a model: what the model is asked, what is said, what happens when it fails."""

from __future__ import annotations

import json

import pytest

from coach.app import App
from coach.domain import Turn
from coach.errors import ConfigError, ModelError
from coach.session import Script, WrittenManager
from eval.bench.llm_server import LLMServer, Mood

PATH = (
    Turn(i=0, speaker="rep", text="You wanted me."),
    Turn(i=1, speaker="manager", text="How are you?"),
    Turn(i=2, speaker="rep", text='Fine. Answer with "END" $profile, please.'),
)


@pytest.fixture
def manager(model_app, burnout):
    def make(profile: str = "A gruff one.", turns: int = 3, **settings: object):
        app: App = model_app(**settings)
        return app.manager(Script(id="mine", profile=profile, turns=turns), burnout)

    return make


def test_a_model_is_asked_with_the_profile_and_no_secret(manager, llm_server: LLMServer, burnout):
    llm_server.queue("So what happened?")
    played = manager("A gruff one who costs $5.")
    assert played.next_line(PATH) == "So what happened?"
    assert played.id.startswith(f"openai:{llm_server.model}/manager-")
    system, user = (message["content"] for message in llm_server.last.messages)
    assert "A gruff one who costs $5." in system
    assert burnout.brief.strip() in system
    assert burnout.goal in system
    assert json.dumps([[turn.speaker, turn.text] for turn in PATH]) in user
    assert "2 more turns" in user
    for fact in burnout.facts:
        assert fact.text not in system + user
        assert not any(line in system + user for line in (*fact.lines, *fact.hints))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Manager: So, what now?", "So, what now?"),
        ("**Manager:** So, what now?", "So, what now?"),
        ('"So, what now?"', "So, what now?"),
        ("“So, what now?”", "So, what now?"),
        ('"So," he said, "what now?"', '"So," he said, "what now?"'),
        ("  So, what now?\n\nEND", "So, what now?"),
        ("END", None),
        ("**END**.", None),
        ("We end on Friday. That is the END of it all", "We end on Friday. That is the END of it all"),
    ],
)
def test_only_the_words_are_said(manager, llm_server, answer, said):
    llm_server.queue(answer)
    assert manager().next_line(PATH) == said


def test_a_manager_says_no_more_than_agreed(manager, llm_server):
    assert manager(turns=1).next_line(PATH) is None
    assert llm_server.requests == []


def test_words_that_cannot_be_said_are_asked_for_once_more(manager, llm_server):
    llm_server.queue("<b></b>", "So?")
    assert manager().next_line(PATH) == "So?"
    llm_server.queue("<b></b>", "😀")
    with pytest.raises(ModelError, match="no words that can be said"):
        manager().next_line(PATH)


def test_a_model_that_fails_is_told(manager, llm_server):
    llm_server.mood = Mood(status=401)
    with pytest.raises(ModelError):
        manager().next_line(PATH)


def test_a_profile_needs_a_model_and_lines_need_none(app, burnout):
    with pytest.raises(ConfigError, match="add --model"):
        app.manager(Script(id="mine", profile="Somebody."), burnout)
    written = app.manager(Script(id="mine", manager=("One.", "Two.")), burnout)
    assert isinstance(written, WrittenManager)
    assert [written.next_line(PATH) for _ in range(3)] == ["One.", "Two.", None]


def test_the_manager_may_be_another_model_than_the_rep(manager, llm_server):
    played = manager(model="offline", manager=f"openai:{llm_server.model}")
    assert played.next_line(PATH)
    assert len(llm_server.requests) == 1
