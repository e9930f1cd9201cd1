"""A trainer's file that is wrong is answered with sentences: which file, which line, which field, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.content.yaml_forms import MAX_BYTES, MAX_DEPTH, line_of, read_text, read_yaml
from coach.domain import Aspect, Behaviour, Code, Frozen, Level, Line, Lines, Slug
from coach.errors import ContentError, Problem

GOOD = """\
# a card
id: first-card
code: ASK
level: 3
words:
  - "What happened?"
  - "And then?"
parts:
  - code: REFLECT
    text: "So it was the price."
  - code: EMPATHY
    text: "That sounds hard."
"""


class Part(Frozen):
    code: Code
    text: Line


class Card(Frozen):
    id: Slug
    code: Code
    level: Level
    words: Lines
    parts: tuple[Part, ...] = ()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "card.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def problems(path: Path, form: type = Card) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as raised:
        read_yaml(path, form)
    assert all(problem.path == path for problem in raised.value.problems)
    return raised.value.problems


def only_problem(path: Path, form: type = Card) -> tuple[int, str, str]:
    found = problems(path, form)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0].line, found[0].field, found[0].message


def test_a_good_file_is_read(tmp_path: Path) -> None:
    card = read_yaml(write(tmp_path, GOOD), Card)
    assert card.code == "ASK"
    assert [part.text for part in card.parts] == ["So it was the price.", "That sounds hard."]


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()), Card).id == "first-card"


def test_windows_line_ends_keep_the_line_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("level: 3", "level: 9").replace("\n", "\r\n"))
    assert only_problem(path)[:2] == (4, "level")


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ("code: ASK", "code: ASKK", 3, "code", "'ASKK' is not known here; use one of 'ASK', 'REFLECT'"),
        ("code: EMPATHY", "code: empathy", 11, "parts[1].code", "'empathy' is not known here"),
        ("level: 3", "levle: 3\nlevel: 3", 4, "levle", "is not a known field; check the spelling or remove it"),
        ("    text: \"That", "    txt: x\n    text: \"That", 12, "parts[1].txt", "is not a known field"),
        ("code: ASK\n", "", 2, "code", "is missing; add it"),
        ("  - code: EMPATHY\n    text", "  - text", 11, "parts[1].code", "is missing; add it"),
        ("level: 3", "level: 6", 4, "level", "less than or equal to 5 (found 6)"),
        ("level: 3", "level: high", 4, "level", "must be a whole number (found 'high')"),
        ("id: first-card", "id: First Card", 2, "id", "'First Card' must be lower case letters, digits, - and _"),
        ("\"And then?\"", "\"  \"", 7, "words[1]", "is empty; write something"),
        ("\"And then?\"", "no", 7, "words[1]", "must be text; put it in quotes (found False)"),
        ("\"And then?\"", "x" * 601, 7, "words[1]", "is longer than 600 characters; shorten it"),
        ("words:\n  - \"What happened?\"\n  - \"And then?\"", "words: []", 5, "words", "at least 1 entries, has 0"),
        ("words:\n  - \"What happened?\"\n  - \"And then?\"", "words: one", 5, "words", "(found 'one')"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, field: str, words: str
) -> None:
    assert old in GOOD
    found = only_problem(write(tmp_path, GOOD.replace(old, new)))
    assert found[:2] == (line, field)
    assert words in found[2]


def test_a_misspelt_required_field_is_told_from_both_sides(tmp_path: Path) -> None:
    found = {(p.field, p.message) for p in problems(write(tmp_path, GOOD.replace("level:", "Level:")))}
    assert found == {
        ("level", "is missing; add it"),
        ("Level", "is not a known field; check the spelling or remove it"),
    }


def test_every_wrong_field_is_reported_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("ASK", "ASKK").replace("level: 3", "level: 0").replace("REFLECT", "MIRROR")
    assert [(p.line, p.field) for p in problems(write(tmp_path, text))] == [
        (3, "code"),
        (4, "level"),
        (9, "parts[0].code"),
    ]


def test_what_was_found_is_shortened_when_it_is_long(tmp_path: Path) -> None:
    message = only_problem(write(tmp_path, GOOD.replace("level: 3", f"level: {'x' * 300}")))[2]
    assert "'xxx" in message
    assert "..." in message
    assert len(message) < 200


def test_a_wrong_key_of_a_mapping_points_to_that_key(tmp_path: Path) -> None:
    path = write(tmp_path, "ASK: 1\nREFLECT: 2\nMIRROR: 3\n")
    line, field, message = only_problem(path, dict[Code, int])
    assert (line, field) == (3, "MIRROR")
    assert message.startswith("'MIRROR' is not known here")


def test_a_list_where_a_form_was_meant_is_one_sentence(tmp_path: Path) -> None:
    line, field, message = only_problem(write(tmp_path, "- ASK\n- REFLECT\n"))
    assert (line, field) == (1, "")
    assert "found ['ASK', 'REFLECT']" in message


def test_a_field_that_stands_twice_points_to_the_second(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "code: REFLECT\n")
    assert only_problem(path) == (13, "code", "stands here twice; keep one")


def test_a_field_that_stands_twice_inside_a_list_is_found(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("  - code: EMPATHY", "  - code: EMPATHY\n    code: ASK"))
    assert only_problem(path)[:2] == (12, "code")


def test_an_alias_is_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("level: 3", "level: &number 3") + "more: *number\n")
    assert only_problem(path) == (13, "", "the alias *number is not supported; write it out")


def test_a_billion_laughs_stops_at_the_first_alias(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    assert only_problem(write(tmp_path, "\n".join(lines)))[0] == 2


def test_a_nesting_bomb_is_refused_quickly(tmp_path: Path) -> None:
    path = write(tmp_path, "id: x\nwords: " + "[" * 500_000)
    assert only_problem(path) == (2, "", f"the nesting is deeper than {MAX_DEPTH} levels")


def test_nesting_up_to_the_bound_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert read_yaml(path, list[object])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD.replace('    text: "That', '   text: "That'), 12, "an unclosed quote or bracket, or a wrong indent"),
        (GOOD.replace('  - "And then?"', '\t- "And then?"'), 7, "begins with a tab"),
        (GOOD.replace('"What happened?"', '"What happened?'), 7, "this is not valid YAML"),
        ("code: ASK: REFLECT\n", 1, "mapping values are not allowed"),
        ("words: [ASK\nlevel: 3\n", 2, "expected ',' or ']'"),
        (GOOD + "---\nid: second\n", 13, "this is not valid YAML: but found another document"),
        (GOOD.replace('"And then?"', "!foo bar"), 7, "the tag !foo is not supported"),
        (GOOD + "more: !!python/name:os.system\n", 13, "python/name:os.system is not supported"),
        (GOOD + "? [a, b]\n: 1\n", 13, "a field name must be plain text"),
        ("", 1, "the file is empty"),
        ("# only a comment\n\n", 1, "the file is empty"),
    ],
)
def test_text_that_is_not_plain_yaml_points_to_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    found = only_problem(write(tmp_path, text))
    assert found[0] == line
    assert words in found[2]


def test_a_control_character_points_to_its_line(tmp_path: Path) -> None:
    line, _, message = only_problem(write(tmp_path, GOOD.replace("And then?", "And\x07then?")))
    assert "not valid YAML: unacceptable character" in message
    assert line == 7


@pytest.mark.parametrize(
    "value",
    [
        "2024-99-99", "2001-01-01 25:00:00", "0x_", "1" * 5000, "=", "!!int x", "!!float x", "!!bool x",
        "!!timestamp x", "!!binary x", "!!map x", "!!omap [1]", "!!str [a]", "!!python/x {a: 1}",
    ],
)  # fmt: skip
def test_a_value_that_yaml_cannot_make_sense_of_is_told_with_its_line(tmp_path: Path, value: str) -> None:
    path = write(tmp_path, GOOD.replace('"And then?"', value))
    found = problems(path)
    assert [problem.line for problem in found] == [7]


@pytest.mark.parametrize("text", ["<<: 3\n", "!foo a: 1\n", "!!int x: 1\n", "? !!seq x\n: 1\n"])
def test_a_field_name_that_yaml_cannot_make_sense_of_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    assert problems(write(tmp_path, text))[0].line == 1


def test_latin_1_is_told_with_the_line_of_the_first_wrong_byte(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("price", "café").encode("latin-1"))
    assert only_problem(path) == (10, "", "the file is not UTF-8 text; save it as UTF-8")


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert only_problem(tmp_path / "gone.yaml")[2] == "the file cannot be read (No such file or directory)"
    assert only_problem(tmp_path)[2] == "the file cannot be read (Is a directory)"


def test_a_huge_file_is_not_parsed(tmp_path: Path) -> None:
    path = write(tmp_path, b"#" * (MAX_BYTES + 1))
    assert "2,000,001 bytes; at most 2,000,000 are read" in only_problem(path)[2]
    assert len(read_text(write(tmp_path, b"#" * MAX_BYTES))) == MAX_BYTES


def test_a_problem_reads_as_file_line_field_message(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("level: 3", "level: 9"))
    assert str(problems(path)[0]).startswith(f"{path}:4: level: input should be less than")


def test_line_of_follows_fields_and_entries_as_far_as_they_exist(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert line_of(path, ("parts", 1, "text")) == 12
    assert line_of(path, ("parts", 1)) == 11
    assert line_of(path, ("parts", 7, "text")) == 8
    assert line_of(path, ("parts", 1, "nothing")) == 11
    assert line_of(path, ("code", "deeper")) == 3


YAMLISH = st.lists(
    st.sampled_from(
        [
            "id", "code", "words", "ASK", ":", ": ", "- ", "\n", "\n  ", "\n    ", "? ", "[", "]", "{", "}", ", ", "#",
            "&a ", "*a", "!!int ", "!!set ", "!x ", "'", '"', "|", ">", "%", "@", "=", "<<", "~", "null", "1", "0x",
            "2024-13-41", "1:99", ".inf", "---", "...", "\t", "é", "\u2028", "\ufeff", "\x85", "\r",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(text=st.text() | YAMLISH)
@example(text="a: 2024-13-41")
@example(text="a\n: a: a")
def test_any_text_is_read_or_refused_in_sentences_that_point_into_the_file(folder: Path, text: str) -> None:
    path = write(folder, text)
    for form in (dict[str, object], Card, Aspect, tuple[Behaviour, ...]):
        try:
            read_yaml(path, form)
        except ContentError as error:
            assert error.problems
            for problem in error.problems:
                assert 1 <= problem.line <= len(text.splitlines()) + 1
                assert problem.message
                assert "\n" not in str(problem)
                assert len(problem.message) < 1_000


@settings(deadline=None)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(folder: Path, raw: bytes) -> None:
    path = write(folder, raw)
    try:
        text = read_text(path)
    except ContentError as error:
        assert "not UTF-8" in str(error)
    else:
        assert text.encode() == raw.removeprefix(b"\xef\xbb\xbf")
