"""Words that point to danger to a person stop the play, calmly, and are no move in it."""

from __future__ import annotations

import pytest

from coach.app import App
from coach.domain import Difficulty
from coach.session import Practice
from coach.session.notice import stepped_out
from coach.store import Store

DANGER = "Honestly, some nights I want to kill myself."
HELP = "Ring the house line, 555."


@pytest.fixture
def practice(app: App, tmp_path) -> Practice:
    store = Store.open(tmp_path / "coach.db")
    yield Practice(app.library, store, app.coder, app.voice, app.critic, app.provenance, HELP)
    store.close()


def test_the_play_stops_and_goes_on_from_before(practice: Practice) -> None:
    session = practice.start("me", "burnout", Difficulty.STANDARD, 1)
    session = practice.reply(session, "How are you really doing?")
    before = practice.store.path(session)[-1].state
    shown: list[str] = []
    session = practice.reply(session, DANGER, shown.append)
    said, notice = practice.store.path(session)[-2:]
    assert said.reading.danger
    assert said.reading.codes == ()
    assert (said.state, notice.state) == (before, before)
    assert notice.notice
    assert notice.text == stepped_out("Carys", HELP) == shown[-1]
    assert HELP in notice.text

    session = practice.reply(session, "That was only me thinking aloud. What weighs most on you?")
    answer = practice.store.path(session)[-1]
    assert not answer.notice
    assert answer.lines
    critique = practice.critique(practice.end(session))
    quoted = {evidence.turn for finding in critique.findings for evidence in finding.evidence}
    assert said.i not in quoted
    assert not any("danger" in finding.effect for finding in critique.findings)


def test_without_a_line_the_notice_still_makes_sense() -> None:
    assert stepped_out("Carys", "").endswith("in here.")
