"""What a question asks for, and whether a line gives it."""

from __future__ import annotations

import pytest

from coach.domain.authored import Unsaid
from coach.rep.questions import Kind, gives, kind, question


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("who told you that?", "who"),
        ("Since when?", "when"),
        ("how long has this been going on", "when"),
        ("How many of them were short?", "how_many"),
        ("Where was that?", "where"),
        ("What did she say to you?", "what_said"),
        ("What did she think?", "what_said"),
        ("What do you think?", "open"),
        ("And what do you really think of it?", "open"),
        ("Which one do you mean?", "which"),
        ("Can you give me an example?", "which"),
        ("Why is that?", "why"),
        ("Did you tell her?", "yes_no"),
        ("I moved the meeting. I'm sorry. Are you ok", "yes_no"),
        ("haven\u2019t you asked him?", "yes_no"),
        ("How are you doing, really?", "open"),
        ("Who knows. What would help you?", "open"),
        ("Tell me more.", "open"),
        ("What do you do when that happens?", "open"),
        ("When Brent's name was called, what did you do?", "open"),
        ("So when you leave the quote, do you call them after?", "yes_no"),
        ("Is that the man who rang?", "yes_no"),
        ("Do you know where he lives?", "yes_no"),
        ("What did they say when you rang them last?", "what_said"),
        ("At half past five, where are you?", "where"),
        ("And when exactly?", "when"),
        ("Tell me who knows.", "who"),
        ("Was it a meeting, or a decision?", "which"),
        ("Would it help or hurt if I wrote to her?", "which"),
        ("Are you coming or not?", "yes_no"),
        ("", "open"),
    ],
)
def test_the_last_question_counts(words: str, asked: Kind) -> None:
    assert kind(words) == asked


@pytest.mark.parametrize(
    ("asked", "line", "given"),
    [
        ("who", "My sister, mostly.", True),
        ("who", "It was Thandi, to be fair.", True),
        ("who", "It follows home.", False),
        ("how_many", "Nine, if it isn't ten.", True),
        ("how_many", "It goes.", False),
        ("when", "Since the spring.", True),
        ("when", "It's hard.", False),
        ("where", "In the car.", True),
        ("what_said", "She told me to rest.", True),
        ("why", "Because it's late.", True),
        ("yes_no", "No. Not really.", True),
        ("yes_no", "Colin has a point.", False),
        ("open", "Anything.", True),
    ],
)
def test_a_line_gives_what_was_asked_or_not(asked: Kind, line: str, given: bool) -> None:
    assert gives(asked, line) is given


def test_there_is_a_place_for_lines_that_decline_every_narrow_kind() -> None:
    assert {*Unsaid.model_fields, "open"} == set(Kind.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("I see. Who knows? And since when? Take your time.", "And since when?"),
        ("I see. Tell me who knows.", "Tell me who knows."),
        ("what do you mean by that. i'm not following", "what do you mean by that."),
        ("Right. so did you ring her. no stress", "so did you ring her."),
        ("What a week. Do it by Friday. Have a think.", "Have a think."),
        ("Sorry, who? The dentists? I was asking why they don't order.", "I was asking why they don't order."),
        ("who knows. And since when? Take your time.", "And since when?"),
        ("  Haven\u2019t you?\n", "Haven't you?"),
        (" \n", ""),
    ],
)
def test_the_question_is_the_last_one_or_the_last_sentence(words: str, last: str) -> None:
    assert question(words) == last
