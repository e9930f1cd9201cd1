"""The library is complete or refused; a user's own files are laid over what ships."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coach.content import Library, Places, load_library, load_scenarios
from coach.domain import ASPECTS, CODES, PRINCIPLES, SLIPS
from coach.errors import ContentError, InputError

SHIPPED = Places.of(None)


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    return load_library(SHIPPED)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    for name in ("behaviours", "scenarios"):
        (folder / "knowledge" / name).mkdir(parents=True)
    return folder


def lay(own: Path, name: str, old: str = "", new: str = "", to: str | None = None) -> Path:
    """Copy a shipped file into the own folder with one replacement."""
    text = SHIPPED.file(f"knowledge/{name}").read_text(encoding="utf-8")
    assert old in text
    path = own / "knowledge" / (to or name)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_what_ships_is_complete(shipped_library: Library) -> None:
    assert set(shipped_library.behaviours) == set(CODES)
    assert set(shipped_library.principles) == set(PRINCIPLES)
    assert {aspect.id for aspect in shipped_library.aspects} == set(ASPECTS)
    assert shipped_library.scenarios
    assert all(id_ == scenario.id for id_, scenario in shipped_library.scenarios.items())


def test_kinds_of_behaviours_agree_with_their_codes(shipped_library: Library) -> None:
    for code, behaviour in shipped_library.behaviours.items():
        assert behaviour.kind == ("slip" if code in SLIPS else "strength"), code


def test_every_principle_that_ships_has_all_five_levels(shipped_library: Library) -> None:
    for principle in shipped_library.principles.values():
        assert sorted(principle.levels) == [1, 2, 3, 4, 5], principle.id


def test_an_unknown_scenario_is_answered_with_the_known_ones(shipped_library: Library) -> None:
    assert shipped_library.scenario("burnout").id == "burnout"
    with pytest.raises(InputError, match=r"There is no scenario 'burn-out'; the scenarios are: .*burnout"):
        shipped_library.scenario("burn-out")
    with pytest.raises(InputError) as raised:
        shipped_library.scenario("x" * 5000)
    assert "x" * 61 not in str(raised.value)


def test_an_own_behaviour_replaces_only_its_namesake(own: Path, shipped_library: Library) -> None:
    lay(own, "behaviours/ask.yaml", '"Open question"', '"A question that opens"')
    library = load_library(Places.of(own))
    assert library.behaviours["ASK"].name == "A question that opens"
    assert library.behaviours["REFLECT"] == shipped_library.behaviours["REFLECT"]
    assert library.scenarios == shipped_library.scenarios


def test_an_own_scenario_stands_beside_those_that_ship(own: Path, shipped_library: Library) -> None:
    lay(own, "scenarios/burnout.yaml", "id: burnout", "id: my-burnout", to="scenarios/mine.yaml")
    library = load_library(Places.of(own))
    assert set(library.scenarios) == {*shipped_library.scenarios, "my-burnout"}


def test_the_hash_changes_with_the_content_and_not_with_an_empty_folder(own: Path, shipped_library: Library) -> None:
    assert load_library(Places.of(own)).hash == shipped_library.hash
    lay(own, "aspects.yaml", "Looks at", "Watches")
    assert load_library(Places.of(own)).hash != shipped_library.hash


@pytest.mark.parametrize("noun", ["principle", "aspect"])
def test_a_library_with_something_missing_is_refused(own: Path, noun: str) -> None:
    path = SHIPPED.file(f"knowledge/{noun}s.yaml")
    text = path.read_text(encoding="utf-8")
    second = text.index("\n- id: ") + 1
    mine = lay(own, f"{noun}s.yaml", text[:second])
    with pytest.raises(ContentError) as raised:
        load_library(Places.of(own))
    (problem,) = raised.value.problems
    assert problem.path == mine
    assert problem.message == f"the {noun} {'vision' if noun == 'principle' else 'focus'} is not described; add it"


def test_two_files_that_describe_one_behaviour_are_refused(own: Path) -> None:
    path = lay(own, "behaviours/ask.yaml", '"Open question"', '"Mine"', to="behaviours/my_question.yaml")
    with pytest.raises(ContentError) as raised:
        load_library(Places.of(own))
    assert any(problem.path == path for problem in raised.value.problems)


def test_one_principle_described_twice_is_refused(own: Path) -> None:
    path = lay(own, "principles.yaml")
    with path.open("a", encoding="utf-8") as file:
        file.write(path.read_text(encoding="utf-8").replace("Vision and purpose", "Another vision", 1))
    with pytest.raises(ContentError, match="vision"):
        load_library(Places.of(own))


def test_a_principle_without_one_of_its_five_levels_is_refused(own: Path) -> None:
    text = SHIPPED.file("knowledge/principles.yaml").read_text(encoding="utf-8")
    level_5 = text[text.index("    5: >-") : text.index("  call: >-")]
    path = lay(own, "principles.yaml", level_5, "")
    with pytest.raises(ContentError) as raised:
        load_library(Places.of(own))
    assert [problem.path for problem in raised.value.problems] == [path]
    assert "levels" in str(raised.value)


def test_the_problems_of_all_files_are_told_at_once(own: Path) -> None:
    wrong = {
        lay(own, "behaviours/ask.yaml", "kind: strength", "kind: good"),
        lay(own, "behaviours/own.yaml", "kind: strength", "kind: good"),
        lay(own, "aspects.yaml", "id: focus", "id: fokus"),
        lay(own, "scenarios/burnout.yaml", "difficulty: standard", "difficulty: brutal"),
    }
    with pytest.raises(ContentError) as raised:
        load_library(Places.of(own))
    assert {problem.path for problem in raised.value.problems} == wrong


def test_scenarios_tell_the_problems_of_every_file(own: Path) -> None:
    form = lay(own, "scenarios/burnout.yaml", "difficulty: standard", "difficulty: brutal")
    dangling = lay(
        own, "scenarios/burnout.yaml", "    topic: hours\n", "    topic: weather\n", to="scenarios/mine.yaml"
    )
    with pytest.raises(ContentError) as raised:
        load_scenarios([form, dangling])
    assert [(p.path, p.field) for p in raised.value.problems] == [(form, "difficulty"), (dangling, "facts[0].topic")]


def test_two_files_with_one_scenario_id_are_refused_at_the_second_id(own: Path) -> None:
    lay(own, "scenarios/burnout.yaml")
    second = lay(own, "scenarios/burnout.yaml", "id: burnout", "# a copy\n\nid: burnout", to="scenarios/copy.yaml")
    with pytest.raises(ContentError) as raised:
        load_library(Places.of(own))
    (problem,) = raised.value.problems
    assert (problem.path, problem.field) == (second, "id")
    assert problem.message == "another file already holds the scenario 'burnout'"
    lines = second.read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1] == "id: burnout"


def test_no_scenario_files_are_no_scenarios() -> None:
    assert load_scenarios([]) == {}


def test_a_behaviour_that_nobody_describes_is_named(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED.roots[0] / "knowledge", tmp_path / "knowledge", ignore=shutil.ignore_patterns("ask.yaml"))
    with pytest.raises(ContentError, match="knowledge/behaviours:1: the behaviour ASK is not described; add it"):
        load_library(Places((tmp_path,)))
