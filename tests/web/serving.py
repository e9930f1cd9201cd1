"""The server as tests meet it: whole on a socket, or the desk alone in this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import uvicorn
from fastapi.testclient import TestClient

from coach.app import App
from coach.web import create_server, desk
from coach.web.api import create_api


@contextlib.contextmanager
def serving(app: App) -> Iterator[str]:
    """The whole server on a socket of its own, in a thread, over a product that the test holds, too; its address."""
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


def desk_client(app: App, follow: bool = True) -> TestClient:
    """The API and the trainer's desk."""
    api = create_api(app)
    api.include_router(desk.router)
    api.state.works = desk.Works()
    return TestClient(api, follow_redirects=follow)


def finished(client: httpx.Client, page: httpx.Response) -> httpx.Response:
    """The page once what it shows is finished."""
    end = time.monotonic() + 120
    while 'http-equiv="refresh"' in page.text:
        assert time.monotonic() < end
        time.sleep(0.05)
        page = client.get(str(page.url))
    return page
