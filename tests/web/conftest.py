"""The web app over a home of its own, shared by the tests of a module."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from coach.app import App
from coach.settings import Settings

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, the system's or playwright's own; without one these tests fail."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield browser
        browser.close()


@contextlib.contextmanager
def serving(app: App) -> Iterator[str]:
    """The whole server on a socket of its own, in a thread, over a product that the test holds, too; its address."""
    from coach.web import create_server

    listener = socket.create_server(("127.0.0.1", 0))
    server: list[uvicorn.Server] = []
    ready = threading.Event()

    async def serve() -> None:
        try:
            config = uvicorn.Config(create_server(app), log_level="warning", timeout_graceful_shutdown=1)
            server.append(uvicorn.Server(config))
        finally:
            ready.set()
        await server[0].serve([listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(90) and server, "the server could not be made"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server[0].should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def site(web_app: App) -> Iterator[str]:
    """The address of the product of this module, ``web_app``."""
    with serving(web_app) as url:
        yield url
