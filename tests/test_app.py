"""The composition root: settings become objects, each made when first needed."""

from __future__ import annotations

import os
from contextlib import closing
from functools import cached_property
from pathlib import Path

import pytest

import coach
from coach.app import OWNER, App
from coach.errors import ConfigError, ModelError
from coach.settings import Settings, read_settings

OPEN = Path("/proc/self/fd")
PARTS = sorted(name for name, value in vars(App).items() if isinstance(value, cached_property))


def test_nothing_is_opened_or_written_before_it_is_needed(tmp_path):
    app = App(Settings(home=tmp_path / "home"))
    assert not set(vars(app)) & set(PARTS)
    assert not (tmp_path / "home").exists()


def test_every_part_is_made_once(app):
    assert len(PARTS) >= 9
    for name in PARTS:
        assert getattr(app, name) is getattr(app, name)


def test_practice_and_scoring_read_and_judge_with_the_same_engines(app):
    assert app.practice.coder is app.scorer.coder is app.coder
    assert app.practice.critic is app.scorer.critic is app.critic
    assert app.practice.store is app.store


def test_an_unknown_model_is_refused_at_once(tmp_path):
    with pytest.raises(ModelError, match="'oracle-9'.*offline"):
        App(Settings(home=tmp_path, model="oracle-9"))


@pytest.mark.parametrize("content", ["none", "file"])
def test_a_content_folder_that_is_none_is_refused_at_once(tmp_path, content):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="does not exist"):
        App(Settings(home=tmp_path, content=tmp_path / content))


def test_provenance_says_what_produces_results(app):
    made = app.provenance(3)
    assert (made.model, made.coder, made.content) == ("offline", app.coder.id, app.library.hash)
    assert (made.version, made.seed) == (coach.__version__, 3)
    assert app.provenance(None).seed is None


def test_own_content_changes_the_hash_and_nothing_else(app, tmp_path):
    folder = tmp_path / "knowledge/scenarios"
    folder.mkdir(parents=True)
    own = Path(coach.__file__).parents[1] / "knowledge/scenarios/burnout.yaml"
    (folder / "burnout.yaml").write_text(own.read_text("utf-8").replace("minutes: 15", "minutes: 16", 1), "utf-8")
    other = App(Settings(home=app.settings.home, content=tmp_path))
    assert other.library.scenarios["burnout"].minutes == 16
    assert set(other.library.scenarios) == set(app.library.scenarios)
    assert other.library.hash != app.library.hash


@pytest.mark.skipif(not OPEN.is_dir(), reason="open files cannot be listed here")
def test_closing_lets_go_of_the_files(tmp_path):
    def opened() -> list[str]:
        return [name for fd in OPEN.iterdir() if (name := os.path.realpath(fd)).startswith(str(tmp_path))]

    with closing(App(Settings(home=tmp_path))) as app:
        app.store.sessions(OWNER)
        assert opened()
    assert opened() == []


def test_what_is_stored_lies_in_one_folder(tmp_path):
    with closing(App(Settings(home=tmp_path / "deep" / "home"))) as app:
        assert app.store.sessions(OWNER) == []
    assert app.settings.database.parent == tmp_path / "deep" / "home"
    assert {path.name for path in tmp_path.iterdir()} <= {"deep", "home"}


def test_options_win_over_the_environment(own_home, monkeypatch):
    monkeypatch.setenv("COACH_MODEL", "theirs")
    assert read_settings() == Settings(home=own_home, model="theirs")
    assert read_settings(model="mine", content=None).model == "mine"
    assert read_settings(home=Path("elsewhere")).database == Path("elsewhere/coach.db")


def test_without_settings_there_are_defaults(monkeypatch):
    monkeypatch.delenv("COACH_HOME")
    settings = read_settings()
    assert (settings.model, settings.content) == ("offline", None)
    assert "sales-leadership-coach" in str(settings.home)


def test_a_setting_that_cannot_be_used_is_named():
    with pytest.raises(ConfigError, match=r"^COACH_HOME cannot be used: .*; correct or unset it\.$"):
        read_settings(home=3)
