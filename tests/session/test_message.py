"""What a manager may send: any words within bounds, kept as typed; everything else is refused with a reason."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.errors import InputError
from coach.session.message import MAX_CHARS, clean

unhurried = settings(deadline=None)


@pytest.mark.parametrize(
    "text",
    [
        "How are you really doing?",
        "...",
        "?",
        "…",
        "3",
        "Right 👍",
        "1️⃣",
        "a < b and b > c",
        "<3 you lot",
        "We're at 95% & falling; <b>why</b>?",
        "Was ist los?\nErzähl mal.",
        "你还好吗？",
        "كيف حالك؟",
        "Cafe\u0301 or caf\u00e9",
        "a\tb",
        "👩‍👩‍👧 is how you see us",
    ],
)
def test_words_are_kept_as_they_were_typed(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("around", [" ", "\n", "\r\n\t ", "\u00a0", "\u2003"])
def test_outer_space_goes(around: str) -> None:
    assert clean(f"{around}How are you?{around}") == "How are you?"


def test_line_ends_are_made_the_same() -> None:
    assert clean("one\r\ntwo\rthree\n\nfour") == "one\ntwo\nthree\n\nfour"


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "\u00a0\u2003", "\x1f\x0b"])
def test_nothing_cannot_be_sent(text: str) -> None:
    with pytest.raises(InputError, match="nothing to send"):
        clean(text)


@pytest.mark.parametrize("text", ["\u200b \u200d", "\ufeff", "\u00ad"])
def test_what_cannot_be_seen_is_nothing(text: str) -> None:
    with pytest.raises(InputError):
        clean(text)


def test_the_longest_message_may_be_sent_and_no_longer_one() -> None:
    assert clean("x" * MAX_CHARS) == "x" * MAX_CHARS
    assert clean(f"  {'x' * MAX_CHARS}\n") == "x" * MAX_CHARS
    with pytest.raises(InputError, match=r"4,001 characters.*4,000"):
        clean("x" * (MAX_CHARS + 1))


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "bell\x07 here",
        "esc\x1b[31m red",
        "del\x7fete",
        "half a \ud83d pair",
        "bad \ufffd bytes",
        "\ue000 own",
    ],
)
def test_what_is_not_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not text"):
        clean(text)


@pytest.mark.parametrize(
    "text", ["<br>", "<div><p></p></div>", " <b> </b> ", "<script src='x'></script>", "<!-- hidden -->"]
)
def test_markup_alone_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="only markup"):
        clean(text)


@pytest.mark.parametrize("text", ["👍", "🙂🙂", "❤️", "👍🏽", "👩‍👩‍👧", "🇬🇧", "🙂!", "👍 ...", "<b>🙂</b>"])
def test_emoji_alone_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="emoji"):
        clean(text)


@unhurried
@given(st.text(max_size=200))
def test_any_text_is_cleaned_or_refused_with_a_sentence(text: str) -> None:
    try:
        kept = clean(text)
    except InputError as error:
        assert re.fullmatch(r"[A-Z].+[.]", str(error), re.DOTALL)
        return
    assert kept
    assert kept == kept.strip()
    assert clean(kept) == kept
    assert len(kept) <= MAX_CHARS
    assert "\r" not in kept
    assert not any(unicodedata.category(c) in ("Cs", "Co") for c in kept)
    assert kept.replace("\n", "") == text.strip().replace("\r", "").replace("\n", "")


@unhurried
@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=200))
def test_ordinary_writing_in_any_script_passes_unchanged(text: str) -> None:
    if text.strip() and "<" not in text:
        assert clean(text) == text.strip()


@unhurried
@given(st.text(max_size=100), st.sampled_from("\x00\x01\x08\x0e\x1b\x7f\ue000\ufffd"))
def test_a_control_character_anywhere_inside_is_refused(text: str, control: str) -> None:
    with pytest.raises(InputError):
        clean(f"x{text}{control}{text}x")
