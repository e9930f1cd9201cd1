"""Scripts on the desk: chosen, pasted or uploaded, played in the background, read line by line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from serving import desk_client, finished

from coach.app import App
from coach.errors import InputError
from coach.web.desk.work import UNFORESEEN, Work, Works

PASTED = """id: Calm start
manager:
  - "Take your time. How are you really doing?"
  - "<b>What</b> would help you most?"
expect:
  trust: {at_least: 99}
  levels: {coaching: {at_least: 1}}
"""


@pytest.fixture
def client(web_app: App) -> Iterator[TestClient]:
    with desk_client(web_app) as client:
        yield client


def test_shipped_scripts_are_played_against_what_was_chosen(client: TestClient) -> None:
    assert "patient-leader" in client.get("/desk/scripts").text
    form = {"script": ["patient-leader", "commander"], "scenario": ["burnout"], "difficulty": "easy"}
    page = finished(client, client.post("/desk/scripts/play", data=form))
    assert "2 of 2 did what was expected of them" in page.text
    assert page.text.count('<b class="good">passed</b>') == 2
    talk = client.get(f"{page.url}/0").text
    assert "patient-leader against burnout" in talk
    assert "Read as open question" in talk
    assert "Opened " in talk
    for wrong in (f"{page.url}/2", f"{page.url}/-1", "/desk/scripts/none", "/desk/scripts/none/0"):
        assert client.get(wrong).status_code in (404, 422)


def test_a_pasted_script_tells_what_did_not_hold_and_is_kept_if_wished(client: TestClient, web_app: App) -> None:
    form = {"text": PASTED.replace("\n", "\r\n"), "scenario": "burnout", "keep": "yes"}
    page = finished(client, client.post("/desk/scripts/play", data=form)).text
    assert "0 of 1 did what was expected" in page
    assert "trust is" in page
    assert "Not scored: the level of coaching is" in page
    kept = web_app.settings.home / "content" / "scripts" / "calm-start.yaml"
    assert kept.read_text("utf-8") == PASTED
    assert "Calm start (yours)" in client.get("/desk/scripts").text
    assert client.post("/desk/scripts/play", data=form).status_code == 200
    other = client.post("/desk/scripts/play", data=form | {"text": PASTED.replace("99", "1")})
    assert (other.status_code, "You keep another script" in other.text) == (400, True)
    kept.write_text("id: x\nmanager: []\n")
    assert "calm-start.yaml: Line" in client.get("/desk/scripts").text
    kept.unlink()


def test_an_uploaded_script_is_played_and_shown_harmlessly(client: TestClient) -> None:
    file = ("files", ("../../mine.yaml", PASTED.encode(), "application/yaml"))
    page = finished(client, client.post("/desk/scripts/play", data={"scenario": "burnout"}, files=[file]))
    assert "&lt;b&gt;What&lt;/b&gt;" in client.get(f"{page.url}/0").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Nothing was chosen"),
        ({"script": "coach"}, "names no scenario"),
        ({"script": "coach", "scenario": "gone"}, "There is no scenario &#39;gone&#39;"),
        ({"text": "id: a\nmanger: [x]", "scenario": "burnout"}, "Line 2: manger: is not a known field"),
        ({"text": "id: a\nprofile: Gruff.", "scenario": "burnout"}, "played by a model"),
        ({"text": "x" * 250_000}, "is larger than 200 KB"),
        ({"text": "id: a\x00b"}, "not valid YAML"),
    ],
    ids=["nothing", "no scenario", "unknown scenario", "misspelt", "profile", "large", "NUL"],
)
def test_what_cannot_be_played_is_a_sentence(client: TestClient, form: dict[str, str], told: str) -> None:
    answer = client.post("/desk/scripts/play", data=form)
    assert answer.status_code == 400
    assert told in answer.text


def test_so_many_and_no_more(client: TestClient, web_app: App) -> None:
    every = [path.stem for path in Path("eval/scripts").glob("*.yaml")] or list(web_app.library.scenarios)
    form = {"script": every, "scenario": list(web_app.library.scenarios)}
    answer = client.post("/desk/scripts/play", data=form)
    assert (answer.status_code, "at most 100 are played at once" in answer.text) == (400, True)


def wait(work: Work) -> Work:
    end = time.monotonic() + 30
    while not work.finished:
        assert time.monotonic() < end
        time.sleep(0.01)
    return work


def test_what_goes_wrong_in_the_background_is_told() -> None:
    works = Works()

    def clear(_work: Work) -> None:
        raise InputError("This cannot be played.")

    assert wait(works.begin("x", 1, clear)).wrong == "This cannot be played."
    assert wait(works.begin("x", 1, Work.step)).wrong == ""


def test_what_nobody_foresaw_does_not_go_on_for_ever() -> None:
    def unforeseen(_work: Work) -> None:
        raise RuntimeError

    work = Work("x", 1, "x")
    with pytest.raises(RuntimeError):
        Works()._run(work, unforeseen)
    assert (work.finished, work.wrong) == (True, UNFORESEEN)


def test_one_thing_is_done_after_the_other_and_only_so_many_wait() -> None:
    works, held = Works(), []

    def hold(work: Work) -> None:
        while not work.stopped:
            time.sleep(0.01)
        work.step()

    held = [works.begin("x", 1, hold, "first"), *(works.begin("x", 1, hold) for _ in range(4))]
    with pytest.raises(InputError, match="There are 5 runs under way"):
        works.begin("x", 1, hold)
    assert all(works.stop(work.id) for work in held)
    assert {wait(work).wrong for work in held} == {"This was stopped."}
    assert not works.stop("first")
    assert works.get("none") is None


def test_the_same_is_not_done_twice_at_once_and_old_results_go() -> None:
    works = Works()

    def hold(work: Work) -> None:
        while not work.stopped:
            time.sleep(0.01)

    first = works.begin("x", 1, hold, "one")
    with pytest.raises(InputError, match="under way already"):
        works.begin("x", 1, hold, "one")
    works.stop("one")
    wait(first)
    ids = [wait(works.begin("x", 1, Work.step)).id for _ in range(25)]
    assert works.get("one") is None
    assert [works.get(one) is not None for one in ids] == [False] * 5 + [True] * 20
