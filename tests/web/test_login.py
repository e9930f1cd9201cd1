"""The login: where others can reach the coach, nothing is given to anybody without the password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shipped import Product
from starlette.routing import BaseRoute, Mount
from starlette.websockets import WebSocketDisconnect

from coach.errors import ConfigError
from coach.settings import Settings
from coach.web import create_server, login
from coach.web.login import COOKIE, FIRST_WAIT, FREE_TRIES, Door, Locked, Lockout, Wrong
from coach.web.server import hosts

PASSWORD = "correct horse battery"  # noqa: S105
BASE = "http://coach.example"


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TestLockout:
    def wrong(self, lockout: Lockout, address: str, times: int = 1) -> None:
        for _ in range(times):
            lockout.begin(address)

    def test_after_some_wrong_tries_an_address_waits_ever_longer(self, clock: Clock) -> None:
        lockout = Lockout(clock)
        self.wrong(lockout, "10.0.0.1", FREE_TRIES)
        with pytest.raises(Locked, match="Try again in 30 seconds"):
            lockout.begin("10.0.0.1")
        lockout.begin("10.0.0.2")
        clock.now += FIRST_WAIT
        self.wrong(lockout, "10.0.0.1")
        clock.now += FIRST_WAIT
        with pytest.raises(Locked, match="30 seconds"):
            lockout.begin("10.0.0.1")
        clock.now += FIRST_WAIT
        self.wrong(lockout, "10.0.0.1")
        with pytest.raises(Locked, match="2 minutes"):
            lockout.begin("10.0.0.1")

    def test_the_right_password_is_no_wrong_try(self, clock: Clock) -> None:
        lockout = Lockout(clock)
        for _ in range(60):
            lockout.right("10.0.0.1", lockout.begin("10.0.0.1"))

    def test_many_addresses_together_are_bounded_too(self, clock: Clock) -> None:
        lockout = Lockout(clock)
        for n in range(login.ALL_TRIES):
            lockout.begin(f"10.0.{n}.1")
        with pytest.raises(Locked, match="10 minutes"):
            lockout.begin("192.168.0.1")
        clock.now += login.ALL_SECONDS
        lockout.begin("192.168.0.1")

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("2001:db8::1", "2001:db8::ffff:2", True),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
            ("::ffff:10.0.0.1", "10.0.0.1", True),
            ("fe80::1%eth0", "fe80::2", True),
            ("testclient", "testclient", True),
        ],
    )
    def test_an_address_is_what_one_person_holds(self, clock: Clock, one: str, other: str, same: bool) -> None:
        lockout = Lockout(clock)
        self.wrong(lockout, one, FREE_TRIES)
        if same:
            with pytest.raises(Locked):
                lockout.begin(other)
        else:
            lockout.begin(other)

    def test_what_is_long_over_is_forgotten(self, clock: Clock) -> None:
        lockout = Lockout(clock)
        self.wrong(lockout, "10.0.0.1", FREE_TRIES)
        clock.now += FIRST_WAIT + login.LONGEST_WAIT
        self.wrong(lockout, "10.0.0.1", FREE_TRIES)


class TestDoor:
    def test_a_token_opens_until_somebody_leaves_or_does_nothing_for_long(self, clock: Clock) -> None:
        door = Door(PASSWORD, clock)
        token, other = door.enter(PASSWORD, "10.0.0.1"), door.enter(PASSWORD, "10.0.0.1")
        assert token != other
        clock.now += login.IDLE - 1
        assert door.knows(token)
        clock.now += 2
        assert door.knows(token)
        assert not door.knows(other)
        door.leave(token)
        assert not door.knows(token)
        assert not door.knows("")

    def test_another_word_opens_nothing(self, clock: Clock) -> None:
        door = Door(PASSWORD, clock)
        for word in ("", PASSWORD.upper(), PASSWORD + " ", "\ud800"):
            with pytest.raises(Wrong):
                door.enter(word, "10.0.0.1")

    def test_the_password_is_not_looked_at_while_somebody_is_locked_out(self, clock: Clock) -> None:
        door = Door(PASSWORD, clock)
        for _ in range(FREE_TRIES):
            with pytest.raises(Wrong):
                door.enter("no", "10.0.0.1")
        with pytest.raises(Locked):
            door.enter(PASSWORD, "10.0.0.1")

    def test_so_many_are_inside_and_no_more(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(login, "MOST_PEOPLE", 2)
        door = Door(PASSWORD, clock)
        tokens = [door.enter(PASSWORD, "10.0.0.1") for _ in range(3)]
        assert [door.knows(token) for token in tokens] == [False, True, True]


class TestPassword:
    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"host": "0.0.0.0"}, "At 0.0.0.0 others could read private practice talks, and the password is not set: "),  # noqa: S104
            ({"host": "192.168.1.2", "password": "short"}, "has only 5 characters: set COACH_PASSWORD to 12"),
            ({"names": ("coach.example",)}, "Under the name coach.example others could read"),
        ],
    )
    def test_without_one_that_can_be_used_nothing_is_opened(
        self, settings: dict[str, object], told: str, tmp_path: Path
    ) -> None:
        with pytest.raises(ConfigError, match=told):
            login.password(Settings(home=tmp_path, **settings))  # type: ignore[arg-type]

    def test_a_file_may_hold_it(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text(f"{PASSWORD}\n")
        settings = Settings(home=tmp_path, host="::", password_file=file)
        assert login.password(settings) == PASSWORD
        file.unlink()
        with pytest.raises(ConfigError, match="COACH_PASSWORD_FILE .* cannot be read"):
            login.password(settings)

    def test_it_stands_in_no_print(self, tmp_path: Path) -> None:
        assert PASSWORD not in repr(Settings(home=tmp_path, password=PASSWORD))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "served", "refused"),
    [
        ({}, ["localhost", "127.0.0.1", "[::1]"], ["coach.example", "*"]),
        ({"host": "192.168.1.2"}, ["192.168.1.2", "localhost"], ["*", "192.168.1.3"]),
        ({"host": "fd00::2"}, ["[fd00::2]"], ["*", "fd00::2"]),
        ({"host": "0.0.0.0"}, ["*"], []),  # noqa: S104
        ({"host": "0.0.0.0", "names": ("coach.example",)}, ["coach.example"], ["*"]),  # noqa: S104
        ({"names": ("coach.example",)}, ["coach.example", "localhost"], ["*"]),
    ],
)
def test_only_the_chosen_names_are_served(
    settings: dict[str, object], served: list[str], refused: list[str], tmp_path: Path
) -> None:
    found = hosts(Settings(home=tmp_path, **settings))  # type: ignore[arg-type]
    assert set(served) <= set(found)
    assert set(refused).isdisjoint(found)


@pytest.fixture(scope="module")
def server(
    product: Product, tmp_path_factory: pytest.TempPathFactory, in_loop: Callable[..., FastAPI]
) -> Iterator[FastAPI]:
    """The whole server, as others reach it."""
    with product(tmp_path_factory.mktemp("shared"), names=("coach.example",), password=PASSWORD) as mine:
        yield in_loop(lambda: create_server(mine))


@pytest.fixture
def client(server: FastAPI, clock: Clock) -> TestClient:
    """Somebody at the door, of whom nothing is known yet."""
    server.state.door._tries = Lockout(clock)
    return TestClient(server, BASE, follow_redirects=False)


def paths(routes: list[BaseRoute]) -> set[str]:
    """Every path of the server up to its first variable, the page's own and those of included routers among them."""
    found: set[str] = set()
    for route in routes:
        inner = route if isinstance(route, Mount) else getattr(route, "original_router", None)
        found |= paths(inner.routes) if inner else {getattr(route, "path", "").split("{")[0]}
    return found


def enter(client: TestClient, word: str = PASSWORD, **form: str) -> int:
    return client.post("/login", data={"password": word, **form}).status_code


def test_no_path_gives_anything_to_somebody_outside(client: TestClient, server: FastAPI) -> None:
    there = paths(server.routes)
    assert {"/desk", "/api/sessions", "/openapi.json", "/knowledge", "/config", "/gradio_api/queue/data"} <= there
    every = {*there, "/", "/assets/index.js", "/none", "//healthz", "/healthz/", "/login/", "/LOGIN"} - login.OPEN
    for path in sorted(every):
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            answer = client.request(method, path)
            assert (answer.status_code, len(answer.content) < 100) == (401, True), (method, path)
    seen = client.get("/desk?x=1&y=2", headers={"Accept": "text/html"})
    assert (seen.status_code, seen.headers["location"]) == (303, "/login?next=%2Fdesk%3Fx%3D1%26y%3D2")
    assert not seen.content
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/queue/join"):
        pass
    forged = TestClient(server, BASE, cookies={COOKIE: "x" * 43}, follow_redirects=False)
    assert forged.get("/api/sessions").status_code == 401


def test_the_login_page_and_readiness_are_all_there_is(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200
    page = client.get("/login", params={"next": '/desk?"><script>'})
    assert page.status_code == 200
    assert "Whoever has this password can read every talk" in page.text
    assert "<script" not in page.text


def test_the_password_opens_everything_until_the_logout(client: TestClient) -> None:
    entered = client.post("/login", data={"password": PASSWORD, "next": "/desk?a=b"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk?a=b")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "whoever has its password can read it" in page.text
    assert "/logout" in page.text
    assert "Private: what you write stays on this computer" not in page.text
    assert client.get("/desk").status_code == 200
    assert client.get("/api/sessions").json() == []
    kept = client.cookies[COOKIE]
    assert client.post("/logout").headers["location"] == "/login"
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, kept)
    assert client.get("/api/sessions").status_code == 401


def test_over_https_the_cookie_goes_over_nothing_else(server: FastAPI, clock: Clock) -> None:
    server.state.door._tries = Lockout(clock)
    answer = TestClient(server, "https://coach.example", follow_redirects=False).post(
        "/login", data={"password": PASSWORD}
    )
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example", "desk", "/a\nb", ""])
def test_a_login_leads_to_no_other_site(client: TestClient, place: str) -> None:
    answer = client.post("/login", data={"password": PASSWORD, "next": place})
    assert answer.headers["location"] == "/"


def test_guessing_is_slowed_down_and_told(client: TestClient, clock: Clock) -> None:
    assert [enter(client, f"guess {n}") for n in range(FREE_TRIES + 1)] == [401] * FREE_TRIES + [429]
    assert enter(client) == 429
    clock.now += FIRST_WAIT
    assert enter(client) == 303


def test_another_site_cannot_log_anybody_in(client: TestClient) -> None:
    answer = client.post("/login", data={"password": PASSWORD}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_whoever_is_outside_can_send_little(client: TestClient) -> None:
    assert client.post("/login", data={"password": "x" * 20_000}).status_code == 413
    assert client.post("/login", data={"password": "x" * 2_000}).status_code == 422

    def endless() -> Iterator[bytes]:
        yield b"password="

    assert client.post("/login", content=endless()).status_code == 411
    assert client.post("/login", content=b"", headers={"Content-Length": "many"}).status_code == 413


def test_a_foreign_name_is_refused(client: TestClient) -> None:
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400
