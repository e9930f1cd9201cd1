"""Practice sessions: stored before they are shown, resumed after a crash, judged once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from coach.app import App
from coach.domain import Code, Difficulty, Provenance, Reading, Session, Topic, Turn
from coach.errors import InputError
from coach.rep import AuthoredVoice, Reply
from coach.session import Practice, clean, practice
from coach.session.message import MAX_CHARS
from coach.store import Store

ME = "me"
HEARD: dict[str, tuple[Code, ...]] = {"ask": ("ASK",), "threat": ("THREAT", "BLAME")}


@dataclass
class PlainCoder:
    """Hears the codes that a turn's first word stands for, so that nothing here hangs on a classifier."""

    id: str = "plain"
    calls: int = 0

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        self.calls += 1
        return {
            t: Reading(codes=HEARD.get(turns[t].text.split()[0].lower().strip("."), ()), coder=self.id) for t in targets
        }


class Mute:
    """A voice that breaks down."""

    id = "mute"

    def speak(self, *_args: object, **_options: object) -> Reply:
        raise RuntimeError("no voice")


@dataclass
class Slow:
    """A voice that speaks sentence by sentence and may break down before the last."""

    id: str = "slow"
    breaks: bool = False

    def speak(self, _scene: object, shown: Callable[[str], None]) -> Reply:
        shown("Well.")
        shown("Well. I am tired.")
        if self.breaks:
            raise RuntimeError("no voice")
        return Reply("Well. I am tired. That is all.", ())


@dataclass
class CountingCritic:
    """Judges as the real one does and counts how often."""

    critic: Any
    calls: list[str] = field(default_factory=list)

    def critique(self, transcript: Any, scenario: Any) -> Any:  # noqa: ANN401
        self.calls.append(transcript.id)
        return self.critic.critique(transcript, scenario)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "coach.db")
    yield store
    store.close()


@pytest.fixture
def critic(app: App) -> CountingCritic:
    return CountingCritic(app.critic)


@pytest.fixture
def talks(app: App, store: Store, critic: CountingCritic) -> Practice:
    def provenance(seed: int | None) -> Provenance:
        return Provenance(coder="plain", seed=seed)

    return Practice(app.library, store, PlainCoder(), AuthoredVoice(), critic, provenance)


@pytest.fixture
def started(talks: Practice) -> Session:
    return talks.start(ME, "burnout", None, 7)


@pytest.fixture
def path(store: Store) -> Callable[[Session], list[tuple[str, str]]]:
    return lambda session: [(turn.speaker, turn.text) for turn in store.path(session)]


def test_the_rep_speaks_first(talks, store, started, burnout):
    (first,) = store.path(started)
    assert (first.i, first.speaker) == (0, "rep")
    assert first.text in burnout.openings
    assert first.state is not None
    assert (started.scenario_id, started.difficulty, started.seed) == ("burnout", burnout.difficulty, 7)
    assert started.ended_at is None


def test_the_difficulty_is_the_scenarios_unless_chosen(talks):
    assert talks.start(ME, "burnout", Difficulty.HARD, 1).difficulty is Difficulty.HARD


def test_an_unknown_scenario_starts_nothing(talks, store):
    with pytest.raises(InputError, match="There is no scenario 'picnic'"):
        talks.start(ME, "picnic", None, 1)
    assert store.sessions(ME) == []


def test_an_answer_is_stored_with_what_was_heard(talks, store, started):
    moved = talks.reply(started, "  Ask me anything.\r\nReally. ")
    first, said, answer = store.path(moved)
    assert (said.i, said.speaker, said.text) == (1, "manager", "Ask me anything.\nReally.")
    assert said.reading is not None
    assert said.reading.codes == ("ASK",)
    assert said.state.trust > first.state.trust
    assert (answer.i, answer.speaker) == (2, "rep")
    assert answer.text.strip()
    assert [turn.parent for turn in (said, answer)] == [first.id, said.id]
    assert store.session(moved.id, ME) == moved


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing to send yet"),
        (" \n\t ", "nothing to send yet"),
        ("x" * 50_000, "50,000 characters"),
        ("x" * (MAX_CHARS + 1), "cut it to 4,000"),
        ("a\x00b", "not text"),
        ("\x1b[31m", "not text"),
        ("\udcff", "not text"),
        ("\ue000", "not text"),
        ("\ufffd", "not text"),
        ("<p></p>", "only markup"),
        ("<br> <br/>", "only markup"),
        ("😀", "emoji alone"),
        ("👍🏽 !", "emoji alone"),
        ("❤️", "emoji alone"),
    ],
)
def test_what_cannot_be_said_comes_back_with_a_reason_and_costs_nothing(talks, store, started, text, reason):
    with pytest.raises(InputError, match=reason):
        talks.reply(started, text)
    assert len(store.path(started)) == 1
    assert store.session(started.id, ME) == started


@pytest.mark.parametrize(
    "text",
    [
        "...",
        "?",
        "Ok 👍",
        "x" * MAX_CHARS,
        "<b>bold</b> words",
        "a < b and b > a",
        "你好吗",
        "one\ntwo\ttabs",
        "I ❤️ it",
    ],
)
def test_what_can_be_said_is_kept_as_it_was_typed(text):
    assert clean(f" {text}\r\n") == text


def test_what_was_said_is_kept_when_the_answer_fails_and_made_up_for(talks, store, started, path):
    broken = replace(talks, voice=Mute())
    with pytest.raises(RuntimeError):
        broken.reply(started, "Ask away.")
    cut_off = store.session(started.id, ME)
    assert [speaker for speaker, _ in path(cut_off)] == ["rep", "manager"]
    resumed = talks.resume(ME, started.id)
    whole = talks.start(ME, "burnout", None, 7)
    assert path(resumed) == path(talks.reply(whole, "Ask away."))
    assert talks.resume(ME, started.id) == resumed


def test_what_is_shown_of_a_growing_answer_was_stored_before(talks, store, started, path):
    seen: list[tuple[str, str]] = []

    def shown(text: str) -> None:
        seen.append((text, path(store.session(started.id, ME))[-1][1]))

    moved = replace(talks, voice=Slow()).reply(started, "Ask.", shown)
    assert seen == [("Well.", "Well."), ("Well. I am tired.", "Well. I am tired.")]
    assert path(moved)[1:] == [("manager", "Ask."), ("rep", "Well. I am tired. That is all.")]
    assert all(turn.reading is not None and turn.state is not None for turn in store.path(moved))


def test_what_was_shown_of_an_answer_that_broke_off_stays_and_the_talk_goes_on(talks, started, path):
    with pytest.raises(RuntimeError):
        replace(talks, voice=Slow(breaks=True)).reply(started, "Ask.")
    resumed = talks.resume(ME, started.id)
    assert path(resumed)[1:] == [("manager", "Ask."), ("rep", "Well. I am tired.")]
    ended = talks.end(talks.reply(resumed, "Ask more."))
    assert [speaker for speaker, _ in path(ended)] == ["rep", "manager", "rep", "manager", "rep", "rep"]
    assert talks.critique(ended).overall in range(1, 6)


def test_a_resumed_session_is_where_it_was(talks, started):
    assert talks.resume(ME, started.id) == started
    moved = talks.reply(started, "Ask.")
    assert talks.resume(ME, started.id) == moved


@pytest.mark.parametrize(("owner", "name"), [("someone else", None), (ME, "no such session"), (ME, "")])
def test_a_session_is_its_owners_alone(talks, started, owner, name):
    with pytest.raises(InputError, match="There is no practice session"):
        talks.resume(owner, started.id if name is None else name)


def test_the_same_seed_and_words_give_the_same_talk(talks, path):
    def talk(seed: int) -> list[tuple[str, str]]:
        session = talks.start(ME, "burnout", None, seed)
        for words in ("Ask one.", "Well.", "Ask two."):
            session = talks.reply(session, words)
        return path(talks.end(session))

    assert talk(3) == talk(3)
    assert len({tuple(talk(seed)) for seed in range(4)}) > 1


def test_two_windows_cannot_both_move_a_session(talks, store, started):
    before = talks.reply(started, "Ask.")
    moved = talks.reply(before, "Ask more.")
    with pytest.raises(InputError, match="another window"):
        talks.reply(before, "Also.")
    with pytest.raises(InputError, match="another window"):
        talks.end(before)
    assert store.session(started.id, ME) == moved
    assert len(store.path(moved)) == 5


def test_sessions_do_not_mix(talks, path):
    one, two = (talks.start(ME, "burnout", None, 1) for _ in range(2))
    one = talks.reply(one, "Ask about one.")
    two = talks.reply(two, "Two.")
    one = talks.reply(one, "Ask about one again.")
    assert [text for speaker, text in path(one) if speaker == "manager"] == ["Ask about one.", "Ask about one again."]
    assert [text for speaker, text in path(two) if speaker == "manager"] == ["Two."]


def test_the_rep_has_the_last_word(talks, started, path):
    ended = talks.end(talks.reply(started, "Ask."))
    assert ended.ended_at is not None
    assert [speaker for speaker, _ in path(ended)] == ["rep", "manager", "rep", "rep"]
    assert talks.end(ended) == ended


def test_a_talk_without_a_word_ends_without_one(talks, started, path):
    ended = talks.end(started)
    assert ended.ended_at is not None
    assert len(path(ended)) == 1
    with pytest.raises(InputError, match="The manager says nothing"):
        talks.critique(ended)


def test_an_ended_talk_goes_no_further(talks, started, path):
    ended = talks.end(talks.reply(started, "Ask."))
    with pytest.raises(InputError, match="This conversation has ended"):
        talks.reply(ended, "One more thing.")
    assert len(path(ended)) == 4


def test_a_rep_who_walks_out_ends_the_talk(talks, store, started, burnout):
    session = started
    for _ in range(10):
        session = talks.reply(session, "Threat.")
        if session.ended_at:
            break
    last = store.path(session)[-1]
    assert session.ended_at is not None
    assert last.text in burnout.endings.walkout
    assert last.state.trust < 8
    assert talks.end(session) == session
    assert talks.critique(session).overall in range(1, 6)


def test_a_talk_has_an_end_in_turns(talks, started, monkeypatch, path):
    monkeypatch.setattr(practice, "MAX_TURNS", 3)
    session = talks.reply(started, "Ask.")
    with pytest.raises(InputError, match="has reached 3 turns; end it and read the critique"):
        talks.reply(session, "Ask.")
    assert len(path(session)) == 3
    assert talks.end(session).ended_at is not None


def test_a_reflection_is_kept_trimmed_and_bounded(talks, store, started):
    ended = talks.end(talks.reply(started, "Ask."))
    kept = talks.reflect(ended, f"  {'so ' * 2000}")
    assert len(kept.reflection) == practice.MAX_REFLECTION
    assert kept.reflection.startswith("so so")
    assert store.session(ended.id, ME).reflection == kept.reflection
    assert talks.reflect(kept, " \n").reflection == ""


def test_the_critique_is_made_once_and_stored(talks, started, critic):
    ended = talks.end(talks.reply(started, "Ask."))
    first = talks.critique(ended)
    assert talks.critique(talks.resume(ME, ended.id)) == first
    assert critic.calls == [ended.id]
    assert (first.provenance.coder, first.provenance.seed) == ("plain", 7)


def test_the_critique_reads_nothing_anew(talks, started):
    ended = talks.end(talks.reply(started, "Ask."))
    calls = talks.coder.calls
    talks.critique(ended)
    assert talks.coder.calls == calls


def test_a_transcript_carries_every_reading(talks, started):
    transcript = talks.transcript(talks.end(talks.reply(started, "Ask.")))
    assert (transcript.id, transcript.scenario_id) == (started.id, "burnout")
    assert [turn.i for turn in transcript.turns] == [0, 1, 2, 3]
    assert all(turn.reading is not None and turn.state is not None for turn in transcript.turns)
