"""The web app over a home of its own, shared by the tests of a module."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from coach.app import App
from coach.settings import Settings

T = TypeVar("T")


@pytest.fixture(scope="session")
def in_loop() -> Callable[[Callable[[], T]], T]:
    """Make something inside a running event loop; outside of one, Gradio makes loops that it never closes."""

    def run(make: Callable[[], T]) -> T:
        async def main() -> T:
            return make()

        return asyncio.run(main())

    return run


@pytest.fixture(scope="module")
def web_home(app: App, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index that is already built."""
    home = tmp_path_factory.mktemp("web")
    app.knowledge.open()
    (home / "index").symlink_to(app.settings.home / "index")
    return home


@pytest.fixture(scope="module")
def web_app(web_home: Path) -> Iterator[App]:
    """The product as the server uses it."""
    app = App(Settings(home=web_home, pace=0))
    yield app
    app.knowledge.close()
    app.store.close()
