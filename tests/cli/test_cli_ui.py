"""``coach ui``: a real server; what it has stored survives being killed."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from shipped import KIND

from coach.settings import Settings
from coach.web import serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``coach ui`` in a process of its own."""

    def __init__(self, measured: bool) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "coach", "ui", "--port", str(port), "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if measured or not name.startswith("COVERAGE_")},
        )

    def wait(self, seconds: float = 90) -> None:
        """Wait until the server is ready."""
        end = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, self.process.stdout.read().decode()
            assert time.monotonic() < end, "the server did not become ready"
            with contextlib.suppress(OSError):
                assert self.call("GET", "/healthz")["status"] == "ok"
                return
            time.sleep(0.1)

    def call(self, method: str, path: str, form: object = None) -> Any:  # noqa: ANN401
        """Call the API."""
        data = None if form is None else json.dumps(form).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def kill(self) -> None:
        """Kill it without a chance to tidy up."""
        self.process.kill()
        self.process.wait(30)
        self.process.stdout.close()


@contextlib.contextmanager
def serving(measured: bool = True) -> Iterator[Server]:
    server = Server(measured)
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def test_a_talk_survives_kill_9_and_goes_on(shared_index):
    with serving(measured=False) as server:  # what is killed cannot write down what was covered
        talk = server.call("POST", "/api/sessions", {"scenario": "burnout", "seed": 5})
        here = f"/api/sessions/{talk['id']}"
        shown = server.call("POST", f"{here}/replies", {"text": KIND})["turns"]

        def cut_off() -> None:
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                server.call("POST", f"{here}/replies", {"text": "What weighs most on you?"})

        pending = threading.Thread(target=cut_off)
        pending.start()
        server.kill()
        pending.join(30)
    with serving() as server:
        resumed = server.call("GET", here)
        assert not resumed["ended"]
        assert resumed["turns"][: len(shown)] == shown
        assert resumed["turns"][-1]["speaker"] == "rep"
        assert len(resumed["turns"]) in (3, 5)
        further = server.call("POST", f"{here}/replies", {"text": "What would help you this week?"})
        assert further["turns"][: len(resumed["turns"])] == resumed["turns"]
        assert server.call("POST", f"{here}/end")["ended"]
        assert server.call("GET", f"{here}/critique")["overall"] in range(1, 6)
        server.process.send_signal(signal.SIGINT)
        printed = server.process.communicate(timeout=60)[0].decode()
        assert printed == f"The coach is at {server.url} (stop with Ctrl+C).\n"
        assert server.process.returncode in (0, 130)


def test_others_are_let_in_with_a_password_only(coach, monkeypatch):
    for host in ("0.0.0.0", "192.168.1.2", "example.com"):  # noqa: S104
        result = coach("ui", "--host", host, "--no-browser")
        assert (result.code, result.out) == (2, "")
        told = f"coach: At {host} others could read private practice talks, and the password is not set"
        assert result.err.startswith(told)
    called: list[object] = []
    monkeypatch.setattr("coach.web.serve", lambda app, *rest: called.append((app.settings.shared, *rest)))
    monkeypatch.setenv("COACH_PASSWORD", "correct horse battery")
    monkeypatch.setenv("COACH_HOST", "192.168.1.2")
    assert coach("ui").code == 0
    assert called == [(True, "192.168.1.2", 7860, True)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_port_that_is_taken_is_told(coach):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = coach("ui", "--port", port, "--no-browser")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"coach: Port {port} on 127.0.0.1 cannot be used (")
    assert "choose another --port" in result.err


@pytest.mark.parametrize(("option", "opens"), [("--browser", True), ("--no-browser", False)])
def test_the_options_reach_the_server(coach, monkeypatch, option, opens):
    called: list[tuple[object, ...]] = []
    monkeypatch.setattr("coach.web.serve", lambda app, *rest: called.append((str(app.model), *rest)))
    assert coach("ui", "--host", "localhost", "--port", "8123", option).code == 0
    assert called == [("offline", "localhost", 8123, opens)]


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
def test_a_browser_is_opened_where_the_server_listens(coach, monkeypatch, host, url):
    if host == "::1" and not os.path.exists("/proc/net/if_inet6"):  # noqa: PTH110
        pytest.skip("no IPv6 here")
    opened: list[str] = []
    ran = threading.Event()

    def run(_server: object, sockets: list[socket.socket]) -> None:
        ran.wait(10)
        for listener in sockets:
            listener.close()

    def note(url: str) -> None:
        opened.append(url)
        ran.set()

    monkeypatch.setattr("coach.web.server.create_server", lambda _app: object())
    monkeypatch.setattr("uvicorn.Server.run", run)
    monkeypatch.setattr("webbrowser.open", note)
    port = free_port()
    result = coach("ui", "--host", host, "--port", port)
    assert result.code == 0
    assert opened == [f"{url}{port}"]
    assert "Whoever has the password" not in result.out
    assert f"The coach is at {url}{port}" in result.out


def test_whoever_lets_others_in_is_told_what_that_means(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("coach.web.server.create_server", lambda _app: object())
    monkeypatch.setattr("uvicorn.Server.run", lambda _server, sockets: [one.close() for one in sockets])
    app = SimpleNamespace(settings=Settings(home=tmp_path, host="0.0.0.0"))  # noqa: S104
    serve(app, "0.0.0.0", port := free_port(), browser=False)  # noqa: S104
    told = capsys.readouterr().out
    assert f"http://{socket.gethostname()}:{port} " in told
    assert "Whoever has the password can read every talk" in told
