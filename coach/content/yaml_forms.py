"""Read a YAML file into a frozen model, with the file, line and field of everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from coach.errors import ContentError, Problem

T = TypeVar("T")

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
_MUST = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "be a whole number"),
    **dict.fromkeys(("float_parsing", "float_type"), "be a number"),
    **dict.fromkeys(("bool_parsing", "bool_type"), "be true or false"),
    **dict.fromkeys(("tuple_type", "list_type"), "be a list, each entry after a dash"),
    **dict.fromkeys(("dict_type", "model_type"), "hold fields, each with a value"),
    "string_type": "be text; put it in quotes",
}
# What usually causes the parser's complaints, for people.
_CAUSES = (
    (
        r"(did not find|could not find|but found|expected) .*(key|block end|indicator|',' or|':')",
        "usually an unclosed quote or bracket, or a wrong indent, in this line or the one above",
    ),
    (r"end of stream", "a quote is opened and never closed"),
    (
        r"mapping values are not allowed",
        "usually a second colon in one line (put the text in quotes) or a wrong indent",
    ),
    (r"cannot start any token", "a line begins with a tab (use spaces), or text with such a sign needs quotes"),
)
# The C parser where the wheel has it: several times faster, same marks.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_PLAIN: dict[type[yaml.Node], tuple[str, ...]] = {
    yaml.ScalarNode: ("str", "int", "float", "bool", "null", "timestamp"),
    yaml.SequenceNode: ("seq",),
    yaml.MappingNode: ("map",),
}


def read_text(path: Path) -> str:
    """Return the text of an authored file; raises ``ContentError`` if it is missing, huge or not UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _fail(path, 1, f"the file cannot be read ({error.strerror})") from None
    if len(raw) > MAX_BYTES:
        raise _fail(path, 1, f"the file has {len(raw):,} bytes; at most {MAX_BYTES:,} are read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _fail(path, line, "the file is not UTF-8 text; save it as UTF-8") from None


def read_yaml(path: Path, form: type[T]) -> T:
    """Validate a YAML file against a form (a model or any type pydantic knows).

    Raises:
        ContentError: with every problem found, each with its line and field.
    """
    text = read_text(path)
    root = _compose(path, text)
    data = yaml.SafeLoader("").construct_document(root)
    try:
        return TypeAdapter(form).validate_python(data)
    except ValidationError as error:
        raise ContentError([_problem(path, root, details) for details in error.errors()]) from None


def line_of(path: Path, loc: Sequence[str | int]) -> int:
    """Return the 1-based line of a field in a YAML file, for problems found after validation."""
    return lines_of(path, [loc])[0]


def lines_of(path: Path, locs: Sequence[Sequence[str | int]]) -> list[int]:
    """Return the 1-based lines of several fields of one file, which is read once."""
    root = _compose(path, read_text(path)) if locs else None
    return [] if root is None else [_find(root, loc) for loc in locs]


def _compose(path: Path, text: str) -> yaml.Node:
    """Parse to a node tree, refusing what a person would not write (aliases, deep nesting, duplicate keys)."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise _fail(path, _line(event.start_mark), f"the alias *{event.anchor} is not supported; write it out")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _fail(path, _line(event.start_mark), f"the nesting is deeper than {MAX_DEPTH} levels")
        root = yaml.compose(text, Loader=_LOADER)
        problems = [] if root is None else _unusable(path, root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = (error.problem or "cannot be parsed").strip()
        told = next((f"{plain} ({what})" for words, plain in _CAUSES if re.search(words, what)), what)
        raise _fail(path, _line(mark), f"this is not valid YAML: {told}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _fail(path, line, f"this is not valid YAML: {str(error).splitlines()[0]}") from None
    if root is None:
        raise _fail(path, 1, "the file is empty")
    if problems:
        raise ContentError(problems)
    return root


def _line(mark: yaml.error.Mark | yaml._yaml.Mark | None) -> int:
    return int(mark.line) + 1 if mark else 1


def _unusable(path: Path, node: yaml.Node) -> list[Problem]:
    """Find repeated keys and keys or tags that plain data does not have."""
    problems: list[Problem] = []
    if node.tag.removeprefix(_TAG) not in _PLAIN[type(node)]:
        problems.append(Problem(path, _line(node.start_mark), "", f"the tag {node.tag} is not supported"))
    elif isinstance(node, yaml.ScalarNode) and node.tag != f"{_TAG}str":
        try:
            yaml.SafeLoader("").construct_object(node)
        except (ValueError, LookupError, AttributeError):
            what = f"{node.value[:40]!r} cannot be read as {node.tag.removeprefix(_TAG)}; put it in quotes"
            problems.append(Problem(path, _line(node.start_mark), "", what))
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            problems += _unusable(path, child)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problems.append(Problem(path, _line(key.start_mark), "", "a field name must be plain text"))
                continue
            problems += _unusable(path, key)
            if key.value in seen:
                problems.append(Problem(path, _line(key.start_mark), _name(key.value), "stands here twice; keep one"))
            seen.add(key.value)
            problems += _unusable(path, child)
    return problems


def _problem(path: Path, root: yaml.Node, details: ErrorDetails) -> Problem:
    loc = [part for part in details["loc"] if part != "[key]"]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{_name(part)}" for part in loc).lstrip(".")
    return Problem(path, _find(root, loc), field, _say(details))


def _name(key: str) -> str:
    """A field's name as one short line."""
    return repr(key[:60]) if len(key) > 60 or not key.isprintable() else key


def _say(details: ErrorDetails) -> str:
    """Turn pydantic's message into one a trainer can act on."""
    given = repr(details["input"])
    given = given if len(given) <= 60 else given[:57] + "..."
    context = details.get("ctx", {})
    if must := _MUST.get(details["type"]):
        return f"must {must} (found {given})"
    match details["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return "is not a known field; check the spelling or remove it"
        case "literal_error" | "enum":
            return f"{given} is not known here; use one of {context['expected'].replace(' or ', ', ')}"
        case "too_short":
            return f"needs at least {context['min_length']} entries, has {context['actual_length']}"
        case "string_too_short":
            return "is empty; write something"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters; shorten it"
        case "string_pattern_mismatch":
            return f"{given} must be lower case letters, digits, - and _, starting with a letter"
        case _:
            message = details["msg"].removeprefix("Value error, ")
            return f"{message[:1].lower()}{message[1:]} (found {given})"


def _find(root: yaml.Node, loc: Sequence[str | int]) -> int:
    """Follow a location as far as the file has it and return that line."""
    node, line = root, root.start_mark.line
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1


def _fail(path: Path, line: int, message: str) -> ContentError:
    return ContentError([Problem(path, line, "", message)])
