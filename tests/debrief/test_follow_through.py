"""Follow-through: what was promised, whether it was spoken of, and no more than words can show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coach.app import App
from coach.debrief import FollowThrough, advised, follow_through, mention
from coach.domain import Promise, Reading, Since, Turn
from coach.rep import Memory

PHONE = "I'll take your night phone from tonight, and by Friday I will speak to operations about Merrin."
COLIN = "I will ring Colin at the hospital by Thursday."
DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def talk(*words: str, own: int | None = None) -> tuple[Turn, ...]:
    """The manager's words, of which one may have been heard as owning up."""
    turns = [Turn(i=0, speaker="rep", text="You said you would speak to operations about Merrin.")]
    for n, text in enumerate(words):
        heard = Reading(codes=("OWN",), quotes={"OWN": text}) if n == own else Reading()
        turns.append(Turn(i=len(turns), speaker="manager", text=text, reading=heard))
        turns.append(Turn(i=len(turns), speaker="rep", text="Right."))
    return tuple(turns)


def followed(since: Since, turns: tuple[Turn, ...], *promises: str) -> FollowThrough:
    memory = Memory(since=since, promises=tuple(Promise(words=words, at=DAY) for words in promises or (PHONE,)))
    found = follow_through(memory, turns)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        (PHONE, "I said I would speak to operations and I did not."),
        (PHONE, "Your night phone rang twice, I took it."),
        (PHONE, "Operations called me back on Merrin; I spoke with Rashid."),
        (COLIN, "I rang the hospital. Colin was in."),
    ],
)
def test_a_promise_that_is_spoken_of_is_found(promise: str, words: str) -> None:
    found = mention(Promise(words=promise), talk("How are you?", words))
    assert found is not None
    assert (found.certainty, found.said.turn) == ("yes", 3)
    assert found.said.quote in words


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        (PHONE, "I know what I promised, and I am late with it."),
        (PHONE, "How is Merrin?"),
        (COLIN, "Last time we looked at the vans."),
        (COLIN, "I haven't kept my word: Colin is still waiting."),
    ],
)
def test_where_words_are_not_enough_it_is_only_possible(promise: str, words: str) -> None:
    found = mention(Promise(words=promise), talk(words))
    assert found is None or found.certainty == "perhaps"


@pytest.mark.parametrize(
    "words", ["How are you?", "Can you send me the forecast by Friday?", "...", "I'll take that from here."]
)
def test_other_words_are_no_mention_and_the_reps_do_not_count(words: str) -> None:
    assert mention(Promise(words=PHONE), talk(words)) is None


def test_the_surest_turn_is_the_one_quoted() -> None:
    found = mention(
        Promise(words=PHONE), talk("I know what I promised.", "Fine. I spoke to operations about Merrin. So?")
    )
    assert found is not None
    assert (found.said.turn, found.said.quote) == (3, "I spoke to operations about Merrin.")


def test_a_first_talk_has_nothing_to_follow() -> None:
    assert follow_through(Memory(), talk("Hello.")) is None


def test_a_broken_promise_passed_over_is_the_first_thing_to_change() -> None:
    found = followed("broken", talk("How is the pipeline?"))
    assert found.unowned
    assert found.outcome == "Not kept, as you chose."
    assert "as far as words can show" in found.verdict("Carys", ())
    assert found.promises[0].date == "2 March 2026"


@pytest.mark.parametrize(
    ("turns", "says"),
    [
        (talk("I am sorry, that is on me.", own=0), "In your 1st reply you owned something"),
        (talk("I am sorry, that is on me.", own=0), "Whether you meant this promise, the words alone do not show."),
        (talk("I did not speak to operations, I am sorry.", own=0), "That is how a broken promise is mended."),
        (talk("Operations are hard to speak to about Merrin."), "What was not heard is plain owning"),
        (talk("I promised you something."), "What was not heard is plain owning"),
    ],
)
def test_owning_it_or_speaking_of_it_is_told_apart(turns: tuple[Turn, ...], says: str) -> None:
    found = followed("broken", turns)
    assert not found.unowned
    assert says in found.verdict("Carys", turns)


def test_a_broken_promise_that_was_not_heard_may_still_be_owned() -> None:
    memory = Memory(since="broken")
    passed, owned = (follow_through(memory, talk(words)) for words in ("How is it?", "I did not do what I promised."))
    assert passed is not None
    assert owned is not None
    assert (passed.unowned, owned.unowned) == (True, False)


def test_a_kept_promise_is_acknowledged_whether_or_not_it_is_spoken_of() -> None:
    found = followed("kept", talk("How are you?"))
    assert not found.unowned
    assert found.verdict("Carys", ()) == "You kept your word, and Carys sat down with more trust because of it."


@pytest.mark.parametrize("since", ["better", "worse", "quiet"])
def test_what_was_not_chosen_is_not_claimed(since: Since) -> None:
    found = followed(since, talk("How are you?"))
    assert not found.unowned
    assert found.verdict("Carys", ()) == ""
    assert found.outcome == "You did not say whether you kept it."


def test_the_advice_rests_on_a_sentence_of_ours(app: App) -> None:
    for since in ("kept", "broken"):
        cited = advised(app.knowledge, since)
        assert cited is not None
        assert app.knowledge.verbatim(cited.source, cited.section, cited.quote)
        assert "promise" in cited.quote
    assert advised(app.knowledge, "quiet") is None
    assert advised(app.knowledge, None) is None
