"""Prompts: their form, one-pass rendering, and exactly what a model is given (snapshots).

A wanted change of a prompt: ``COACH_SNAPSHOTS=write pytest tests/content/test_prompts.py``, then read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path
from string import Template

import pytest

from coach.content import read_prompt
from coach.errors import ContentError

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "tests" / "snapshots"
NAMES = ("voice", "code", "write", "check", "manager", "scenario", "ask")
WRITE = os.environ.get("COACH_SNAPSHOTS") == "write"
GOOD = "---\nversion: 1\nvariables: [who, what]\n---\n# system\nYou are $who.\n\n# user\nSay $what to ${who}.\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "own.md"
    path.write_text(text, "utf-8")
    return path


def shown(system: str, user: str) -> str:
    return f"<<system>>\n{system}\n<<user>>\n{user}\n"


def test_every_shipped_prompt_has_a_snapshot_and_no_other_has():
    shipped = {path.stem for path in (ROOT / "prompts").glob("*.md")} - {"README"}
    assert shipped == set(NAMES)
    assert {path.stem for path in SNAPSHOTS.glob("prompt_*.txt")} == {f"prompt_{name}" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_prompt_is_exactly_what_was_agreed(name):
    prompt = read_prompt(ROOT / "prompts" / f"{name}.md")
    rendered = shown(*prompt.render({variable: f"<{variable.upper()}>" for variable in prompt.variables}))
    path = SNAPSHOTS / f"prompt_{name}.txt"
    if WRITE:
        path.write_text(rendered, "utf-8")
    assert rendered == path.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_prompt_declares_what_it_uses_and_calls_words_data(name):
    prompt = read_prompt(ROOT / "prompts" / f"{name}.md")
    assert prompt.name == name
    assert prompt.version >= 1
    assert len(prompt.hash) == 12
    assert "data" in prompt.system
    assert not {"talk", "words", "drafts", "findings"} & set(Template(prompt.system).get_identifiers()), (
        "words of people stand in the user part only"
    )


def test_both_parts_are_filled_in_once(tmp_path):
    prompt = read_prompt(written(tmp_path, GOOD))
    assert prompt.variables == {"who", "what"}
    assert prompt.render({"who": "Ana", "what": "yes"}) == ("You are Ana.", "Say yes to Ana.")
    hostile = "$who ${what} $$ {who} \\1"
    assert prompt.render({"who": "Ana", "what": hostile}) == ("You are Ana.", f"Say {hostile} to Ana.")


@pytest.mark.parametrize("values", [{}, {"who": "Ana"}, {"who": "a", "what": "b", "more": "c"}])
def test_other_values_than_declared_are_refused(tmp_path, values):
    with pytest.raises(ValueError, match="the prompt own was given other variables"):
        read_prompt(written(tmp_path, GOOD)).render(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "front matter"),
        ("# system\na\n# user\nb", "front matter"),
        (GOOD.replace("# user", "# people"), "front matter"),
        (GOOD.replace("version: 1\n", ""), "front matter is wrong"),
        (GOOD.replace("version: 1", "version: [1"), "front matter is wrong"),
        (GOOD.replace("[who, what]", "[who]"), "declared and used variables differ: what"),
        (GOOD.replace("[who, what]", "[who, what, why]"), "declared and used variables differ: why"),
        (GOOD.replace("Say $what", "Say"), "declared and used variables differ: what"),
    ],
)
def test_a_prompt_of_another_form_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(ContentError, match=message) as raised:
        read_prompt(written(tmp_path, text))
    assert raised.value.problems[0].path == tmp_path / "own.md"


@pytest.mark.parametrize("line", ["It costs $5 or $ 3.", "100$", "${who"])
def test_a_lone_dollar_is_found_when_read_not_when_rendered(tmp_path, line):
    with pytest.raises(ContentError):
        read_prompt(written(tmp_path, GOOD.replace("# user\n", f"# user\n{line}\n"))).render({"who": "a", "what": "b"})


def test_the_hash_follows_every_character(tmp_path):
    one = read_prompt(written(tmp_path, GOOD)).hash
    assert read_prompt(written(tmp_path, GOOD)).hash == one
    assert read_prompt(written(tmp_path, GOOD.replace("Say", "say"))).hash != one
