"""What a manager may say: any words, within bounds, kept as they were typed."""

from __future__ import annotations

import re
import unicodedata

from coach.errors import InputError

MAX_CHARS = 4_000
_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Return the message with line ends and outer space tidied.

    Raises:
        InputError: if it is empty, too long, not text, only emoji or only markup. Punctuation alone
            ("...") is allowed: it is a way of saying nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not _visible(text):
        raise InputError("There is nothing to send yet; write what you would say.")
    if len(text) > MAX_CHARS:
        raise InputError(
            f"That is {len(text):,} characters, more than anyone says at once; cut it to {MAX_CHARS:,} and send again."
        )
    if _CONTROL.search(text) or "\ufffd" in text or any(unicodedata.category(c) in ("Cs", "Co") for c in text):
        raise InputError("That message holds characters that are not text; type it or paste it as plain text.")
    spoken = _visible(_TAG.sub(" ", text))
    if not spoken:
        raise InputError("That message is only markup; write what you would say in words.")
    if not any(c.isalnum() for c in spoken) and any(unicodedata.category(c) == "So" for c in spoken):
        raise InputError("An emoji alone cannot be heard; put it into words.")
    return text


def _visible(text: str) -> str:
    """The text without characters that show nothing."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
