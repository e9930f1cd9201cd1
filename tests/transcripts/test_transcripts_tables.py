"""Tables of text: the delimiter is told by the columns it gives."""

from __future__ import annotations

import pytest

from coach.transcripts.tables import columns, rows, tidy


def both(names: object) -> bool:
    return isinstance(names, list) and {"who", "said_words"} <= set(names)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_whatever_stands_in_the_names(delimiter: str) -> None:
    assert columns(delimiter.join(['" Who "', "Said-Words", '"a,b;c"']), both) == delimiter


@pytest.mark.parametrize(
    "line", ["", "who said_words", "who,said_words" + ",x" * 200, "who,said_words," + "x" * 200_000]
)
def test_what_names_no_columns_has_none(line: str) -> None:
    assert columns(line, both) is None


def test_rows_come_with_their_line_and_short_and_long_ones_do_no_harm() -> None:
    text = 'Who,Said Words\nDana,"two\nlines"\n\n,\nBo\nCy,hi,more\n'
    found = [
        (2 + 1, {"who": "Dana", "said_words": "two\nlines"}),
        (6, {"who": "Bo"}),
        (7, {"who": "Cy", "said_words": "hi"}),
    ]
    assert list(rows(text, "t.csv", both)) == found


def test_names_of_columns_are_spelled_in_one_way() -> None:
    assert [tidy(name) for name in ("Start Time", " start-time ", "START_TIME")] == ["start_time"] * 3
