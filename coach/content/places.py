"""Where authored content lies: what ships with the coach, and a user's own folder laid over it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import coach
from coach.errors import ConfigError

OWN = "content"  # below COACH_HOME: what somebody made for themselves
SCENARIOS = "knowledge/scenarios"
SCRIPTS = "scripts"


def shipped() -> Path:
    """Return the folder that holds ``prompts/`` and ``knowledge/``, in a wheel or in a checkout."""
    package = Path(coach.__file__).parent
    for root in (package / "_content", package.parent):
        if (root / "knowledge" / "principles.yaml").is_file():
            return root
    raise ConfigError(f"The coach's own content is missing beside {package}; install the package again.")


@dataclass(frozen=True)
class Places:
    """Folders with content, the first underneath; a file in a later one replaces its namesake."""

    roots: tuple[Path, ...]

    @classmethod
    def of(cls, own: Path | None, home: Path | None = None) -> Places:
        """Shipped content, over it what somebody keeps at home, over both a folder they named.

        What is kept at home may come to be while the product runs.

        Raises:
            ConfigError: if the folder was named but does not exist.
        """
        kept = () if home is None else (home / OWN,)
        if own is None:
            return cls((shipped(), *kept))
        if not own.is_dir():
            raise ConfigError(f"The content folder {own} does not exist; create it or leave --content out.")
        return cls((shipped(), *kept, own))

    def folders(self, name: str) -> tuple[Path, ...]:
        """One folder in every root that has it, later ones laid over earlier ones."""
        return tuple(root / name for root in self.roots if (root / name).is_dir())

    def files(self, folder: str, pattern: str) -> tuple[Path, ...]:
        """Files of one folder over all roots, sorted by name, later roots winning."""
        found: dict[str, Path] = {}
        for root in self.roots:
            found |= {path.name: path for path in (root / folder).glob(pattern)}
        return tuple(found[name] for name in sorted(found))

    def file(self, name: str) -> Path:
        """The uppermost file with this relative name; the shipped path if no root has it."""
        return next((root / name for root in reversed(self.roots) if (root / name).is_file()), self.roots[0] / name)


def digest(paths: Iterable[Path]) -> str:
    """Hash of the names and bytes of files, for provenance and index names."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]
