"""A user's own folder is laid over what ships, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

import coach
from coach.content import Places, digest
from coach.content.places import shipped
from coach.errors import ConfigError

ARTICLES = "knowledge/articles"


def put(root: Path, name: str, text: str = "x") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def two(tmp_path: Path) -> Places:
    return Places((tmp_path / "below", tmp_path / "above"))


def test_what_ships_is_found_in_this_checkout() -> None:
    assert Places.of(None).file("knowledge/principles.yaml").is_file()
    assert len(Places.of(None).files("knowledge/behaviours", "*.yaml")) == 24


def test_what_ships_is_found_inside_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "site/coach/_content/knowledge/principles.yaml")
    put(tmp_path, "site/knowledge/principles.yaml")
    monkeypatch.setattr(coach, "__file__", str(tmp_path / "site/coach/__init__.py"))
    assert shipped() == tmp_path / "site/coach/_content"


def test_a_package_without_its_content_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coach, "__file__", str(tmp_path / "coach/__init__.py"))
    with pytest.raises(ConfigError, match="content is missing beside .*coach; install the package again"):
        shipped()


def test_an_own_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The content folder .*mine does not exist"):
        Places.of(tmp_path / "mine")
    put(tmp_path, "file")
    with pytest.raises(ConfigError, match="file does not exist"):
        Places.of(tmp_path / "file")


def test_an_empty_own_folder_changes_nothing(tmp_path: Path) -> None:
    own, plain = Places.of(tmp_path), Places.of(None)
    assert own.files("knowledge/scenarios", "*.yaml") == plain.files("knowledge/scenarios", "*.yaml")
    assert own.file("knowledge/aspects.yaml") == plain.file("knowledge/aspects.yaml")


def test_a_file_replaces_its_namesake_and_the_rest_stays(two: Places) -> None:
    below, above = two.roots
    put(below, f"{ARTICLES}/a.md")
    kept = put(below, f"{ARTICLES}/b.md")
    put(below, f"{ARTICLES}/c.txt")
    own = put(above, f"{ARTICLES}/a.md")
    new = put(above, f"{ARTICLES}/z.md")
    assert two.files(ARTICLES, "*.md") == (own, kept, new)


def test_the_uppermost_file_is_taken_and_a_missing_one_is_looked_for_below(two: Places) -> None:
    below, above = two.roots
    lower = put(below, "knowledge/rubric.yaml")
    assert two.file("knowledge/rubric.yaml") == lower
    upper = put(above, "knowledge/rubric.yaml")
    assert two.file("knowledge/rubric.yaml") == upper
    assert two.file("knowledge/none.yaml") == below / "knowledge/none.yaml"


def test_a_folder_is_listed_in_every_root_that_has_it_lowest_first(two: Places) -> None:
    below, above = two.roots
    assert two.folders(ARTICLES) == ()
    put(above, f"{ARTICLES}/a.md")
    assert two.folders(ARTICLES) == (above / ARTICLES,)
    put(below, f"{ARTICLES}/b.md")
    assert two.folders(ARTICLES) == (below / ARTICLES, above / ARTICLES)


def test_the_digest_changes_with_bytes_names_and_order_only(tmp_path: Path) -> None:
    a, b = put(tmp_path, "a.md", "one"), put(tmp_path, "b.md", "two")
    before = digest([a, b])
    assert len(before) == 12
    assert digest([put(tmp_path / "copy", "a.md", "one"), b]) == before
    assert digest([b, a]) != before
    assert digest([put(tmp_path, "c.md", "one"), b]) != before
    put(tmp_path, "a.md", "one ")
    assert digest([a, b]) != before


def test_what_is_kept_at_home_lies_between_what_ships_and_a_named_folder(tmp_path: Path) -> None:
    home, named = tmp_path / "home", tmp_path / "named"
    named.mkdir()
    places = Places.of(named, home)
    mine = put(home, "content/knowledge/scenarios/mine.yaml")
    assert mine in places.files("knowledge/scenarios", "*.yaml")
    assert places.file("knowledge/scenarios/mine.yaml") == mine
    above = put(named, "knowledge/scenarios/mine.yaml")
    assert above in places.files("knowledge/scenarios", "*.yaml")
    assert mine not in places.files("knowledge/scenarios", "*.yaml")
