"""A reply that is two people talking, and questions that a rep may well ask."""

from __future__ import annotations

import pytest

from coach.rep.dialogue import talks_to_itself
from coach.rep.sentences import sentences


@pytest.mark.parametrize(
    "reply",
    [
        "I drove off. And what did you have there? An egg sandwich. Why didn't you ring anyone? I couldn't face it.",
        "I hung up. Did you regret it? Straight away.",
        "That's good to know. So what was behind it? Ten others before him. I see, thank you for telling me.",
        "It's the hours. How many? Sixty. I'd be glad of that.",
    ],
)
def test_two_voices_are_heard(reply: str) -> None:
    assert talks_to_itself(sentences(reply))


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Was I short with him? I was.",
        "Would you? Put it in big letters.",
        "Which ones have you got down? I can think of nine.",
        "Do you want to be told after, or would you sooner hear it from him?",
        "You look tired. Do you? What did I say, then?",
        "I came in with my coat on, did you notice? I've undone it.",
        "Honestly? It's more than one thing.",
    ],
)
def test_a_rep_may_ask(reply: str) -> None:
    assert not talks_to_itself(sentences(reply))
