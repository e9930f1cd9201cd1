"""The web app over a home of its own, shared by the tests of a module."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright
from serving import serving
from shipped import Product

from coach.app import App

T = TypeVar("T")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def in_loop() -> Callable[[Callable[[], T]], T]:
    """Make something inside a running event loop; outside of one, Gradio makes loops that it never closes."""

    def run(make: Callable[[], T]) -> T:
        async def main() -> T:
            return make()

        return asyncio.run(main())

    return run


@pytest.fixture(scope="module")
def web_app(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The product as the server uses it, with a home of the module's own."""
    with product(tmp_path_factory.mktemp("web"), pace=0) as app:
        yield app


@pytest.fixture
def mine(product: Product, tmp_path: Path) -> Iterator[App]:
    """The product over an empty home of the test's own."""
    with product(tmp_path / "mine") as app:
        yield app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, the system's or playwright's own; without one these tests fail."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(web_app: App) -> Iterator[str]:
    """The address of the product of this module, ``web_app``."""
    with serving(web_app) as url:
        yield url
