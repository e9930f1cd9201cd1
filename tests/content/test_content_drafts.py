"""Drafts of scenarios: checked as files are, saved whole as one's own, never over what ships."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from coach.content import MAX_BYTES, SCENARIOS, Places, discard, drafted, put, saved, scenario_files, version
from coach.errors import ContentError, InputError, Taken

SHIPPED = Places.of(None).file(f"{SCENARIOS}/burnout.yaml")
TEXT = SHIPPED.read_text("utf-8")
MINE = TEXT.replace("id: burnout", "id: mine", 1)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "content"


@pytest.fixture
def places(own: Path) -> Places:
    return Places((Places.of(None).roots[0], own))


def save(text: str, places: Places, **more: object) -> Path:
    with saved(text, places, places.roots[-1], **more) as scenario:  # type: ignore[arg-type]
        pass
    return scenario_files(places)[scenario.id]


def test_a_draft_is_checked_as_a_file_is_and_leaves_none() -> None:
    with drafted(TEXT) as draft:
        assert draft.scenario.id == "burnout"
        assert draft.path.is_file()
    assert not draft.path.exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("a: &a [x]\nb: *a\n", "the alias \\*a is not supported"),
        ("- " * 30, "nesting is deeper"),
        ("id: !!python/object/apply:os.system ['true']", "is not supported"),
        ("id: \ud800", "not UTF-8"),
        (TEXT.replace("    open:\n", "    opne:\n", 1), "opne: is not a known field"),
    ],
    ids=["nothing", "alias", "deep", "tag", "half a character", "misspelt"],
)
def test_what_no_scenario_is_made_of_is_told(text: str, told: str) -> None:
    with pytest.raises(ContentError, match=told), drafted(text):
        pass


def test_a_reaction_without_lines_for_a_mood_is_told_plainly() -> None:
    start = TEXT.index("\n  BLAME:")
    there = TEXT.index("    open:", start)
    after = TEXT.index("\n  ", TEXT.index("\n", there))
    while TEXT[after + 1 :].startswith("      "):
        after = TEXT.index("\n", after + 1)
    with pytest.raises(ContentError) as raised, drafted(TEXT[:there] + TEXT[after + 1 :]):
        pass
    (problem,) = raised.value.problems
    assert problem.message == "there is no line for BLAME when open; add one"
    assert problem.line == TEXT[: start + 1].count("\n") + 1


def test_too_much_is_not_even_parsed() -> None:
    with pytest.raises(InputError, match="a scenario has at most 200,000"), drafted("x" * (MAX_BYTES + 1)):
        pass


def test_a_new_one_is_saved_for_its_owner_alone(places: Places, own: Path) -> None:
    path = save(MINE, places)
    assert path == own / SCENARIOS / "mine.yaml"
    assert path.read_text("utf-8") == MINE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["mine.yaml"]


def test_what_ships_is_never_written_over(places: Places, own: Path) -> None:
    with pytest.raises(Taken, match="ships with the coach; its file stays as it is"):
        save(TEXT, places)
    assert not own.exists()
    path = save(TEXT + "\n# mine\n", places, anyway=True)
    assert path == own / SCENARIOS / "burnout.yaml"
    assert SHIPPED.read_text("utf-8") == TEXT
    discard("burnout", places, own)
    assert scenario_files(places)["burnout"] == SHIPPED


def test_one_that_changed_meanwhile_asks_and_one_that_did_not_does_not(places: Places) -> None:
    opened = version(save(MINE, places))
    path = save(MINE + "# one\n", places, opened=opened)
    with pytest.raises(Taken, match="was changed since you opened it"):
        save(MINE + "# two\n", places, opened=opened)
    assert path.read_text("utf-8") == MINE + "# one\n"


def test_the_file_that_holds_the_id_is_replaced_whatever_it_is_called(places: Places, own: Path) -> None:
    path = own / SCENARIOS / "by-hand.yml"
    path.parent.mkdir(parents=True)
    path.write_text(MINE, "utf-8")
    assert save(MINE + "# more\n", places, opened=version(path)) == path
    (own / SCENARIOS / "other.yaml").write_text("broken", "utf-8")
    with pytest.raises(Taken, match="A file named other.yaml is there already and holds something else"):
        save(MINE.replace("id: mine", "id: other"), places)


def test_what_stood_there_comes_back_if_what_follows_fails(places: Places) -> None:
    path = save(MINE, places)
    with pytest.raises(RuntimeError), put("new", path):
        assert path.read_text("utf-8") == "new"
        raise RuntimeError
    assert path.read_text("utf-8") == MINE
    other = path.with_name("other.yaml")
    with pytest.raises(RuntimeError), put("new", other):
        raise RuntimeError
    assert not other.exists()


def test_a_folder_that_cannot_be_written_is_told(places: Places, own: Path) -> None:
    own.write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        save(MINE, places)


def test_only_ones_own_are_discarded(places: Places, own: Path) -> None:
    for name in ("burnout", "none"):
        with pytest.raises(InputError, match=f"no scenario '{name}' of your own"):
            discard(name, places, own)
