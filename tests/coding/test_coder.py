"""What the local coder quotes."""

from __future__ import annotations

from coach.coding import LocalCoder
from coach.domain import Turn


def test_a_quote_is_a_whole_sentence_whatever_number_stands_in_it() -> None:
    praise = "Well done on landing the 3.5 million deal, that was all your work."
    turns = [
        Turn(i=0, speaker="rep", text="We closed it."),
        Turn(i=1, speaker="manager", text=f"{praise} See you at 4."),
    ]
    assert LocalCoder.load().read(turns, [1])[1].quotes["CREDIT"] == praise
