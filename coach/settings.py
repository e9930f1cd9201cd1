"""Settings from the environment; command line options override them."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from coach.errors import ConfigError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """What can be configured, each by ``COACH_`` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="COACH_", protected_namespaces=(), frozen=True, extra="ignore", env_ignore_empty=True
    )

    home: Path = Field(
        default_factory=lambda: user_data_path("sales-leadership-coach"), description="everything the product stores"
    )
    model: str = Field("offline", description="who speaks, codes and writes")
    voice: str | None = Field(None, description="another model for the rep's voice")
    coder: str | None = Field(None, description="another model to code")
    writer: str | None = Field(None, description="another model to write the critique")
    manager: str | None = Field(None, description="another model to play a manager by profile")
    model_seconds: float = Field(30.0, gt=0, le=600, description="deadline of one reply or reading")
    model_concurrency: int = Field(8, ge=1, le=256, description="calls under way at once")
    pace: float = Field(
        1.0, ge=0, le=3, description="how long the rep takes to answer on the page; 0: no longer than needed"
    )
    chroma_url: str = Field(
        "",
        pattern=r"^(https?://[^/\s]+/?)?$",
        description="a Chroma server that holds the vectors; empty: files in home",
    )
    help_line: str = Field(
        "If somebody may be in danger now, call your emergency number (112 in Europe, 911 in North America). A crisis "
        "line listens day and night: 988 in North America, 116 123 in many countries of Europe.",
        max_length=1000,
        description="where to turn, shown when the play stops because words point to danger to a person",
    )
    content: Path | None = Field(None, description="a folder with prompts/ and knowledge/ laid over what ships")

    host: str = Field("127.0.0.1", min_length=1, description="where the web app listens")
    names: tuple[str, ...] = Field(
        (), description='further names under which browsers reach it, as behind a proxy: ["coach.example.com"]'
    )
    password: SecretStr | None = Field(None, description="what opens the web app for others than this computer")
    password_file: Path | None = Field(None, description="a file that holds the password instead")

    @property
    def shared(self) -> bool:
        """Whether others than the person at this computer may reach the web app, so that a password is asked."""
        return self.host not in LOOPBACK or bool(self.names)

    @property
    def database(self) -> Path:
        """The file of sessions."""
        return self.home / "coach.db"


def read_settings(**overrides: object) -> Settings:
    """Settings with what the command line gave; options that are None leave the environment's value.

    Raises:
        ConfigError: naming the variable that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        details = error.errors()[0]
        name = "COACH_" + "_".join(str(part) for part in details["loc"]).upper()
        raise ConfigError(f"{name} cannot be used: {details['msg'].lower()}; correct or unset it.") from None
