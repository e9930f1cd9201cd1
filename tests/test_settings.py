"""Settings come from the environment; what the command line gives wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import ConfigError
from coach.settings import Settings, read_settings

NAMES = ("COACH_HOME", "COACH_MODEL", "COACH_CONTENT", "COACH_CHROMA_URL")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_without_settings_it_works_offline_in_the_persons_own_folder() -> None:
    settings = read_settings()
    assert settings.model == "offline"
    assert settings.content is None
    assert settings.home.is_absolute()
    assert settings.home.name == "sales-leadership-coach"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COACH_MODEL", "openai:gpt")
    monkeypatch.setenv("COACH_CONTENT", str(tmp_path))
    settings = read_settings()
    assert settings == Settings(home=tmp_path / "data", model="openai:gpt", content=tmp_path)
    assert settings.database == tmp_path / "data" / "coach.db"


def test_the_command_line_wins_and_what_it_leaves_out_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COACH_MODEL", "openai:gpt")
    monkeypatch.setenv("COACH_HOME", str(tmp_path))
    settings = read_settings(model="offline", home=None, content=tmp_path / "own")
    assert (settings.model, settings.home, settings.content) == ("offline", tmp_path, tmp_path / "own")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    usual = read_settings()
    monkeypatch.setenv(name, "")
    assert read_settings() == usual


def test_other_peoples_variables_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_ENGINE", "diesel")
    assert read_settings().model == "offline"


def test_a_setting_that_cannot_be_used_names_its_variable() -> None:
    with pytest.raises(ConfigError, match=r"^COACH_HOME cannot be used: input is not a valid path.*unset it\.$"):
        read_settings(home=5)


@pytest.mark.parametrize("url", ["http://chroma:8000", "https://chroma.example", "http://127.0.0.1:8000/"])
def test_a_chroma_server_is_named_by_its_address(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("COACH_CHROMA_URL", url)
    assert read_settings().chroma_url == url


@pytest.mark.parametrize("url", ["chroma:8000", "ftp://chroma", "http://", "http://a/b", "http://a b"])
def test_what_is_no_address_of_a_server_is_told(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("COACH_CHROMA_URL", url)
    with pytest.raises(ConfigError, match=r"^COACH_CHROMA_URL cannot be used: .*; correct or unset it\.$"):
        read_settings()


def test_settings_do_not_change_while_the_program_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().model = "openai:gpt"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("host", "names", "shared"),
    [
        ("127.0.0.1", "", False),
        ("localhost", "", False),
        ("::1", "", False),
        ("0.0.0.0", "", True),  # noqa: S104
        ("192.168.1.2", "", True),
        ("127.0.0.1", '["coach.example"]', True),
    ],
)
def test_who_can_reach_it(monkeypatch: pytest.MonkeyPatch, host: str, names: str, shared: bool) -> None:
    monkeypatch.setenv("COACH_HOST", host)
    monkeypatch.setenv("COACH_NAMES", names)
    assert read_settings().shared is shared
