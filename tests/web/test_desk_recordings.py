"""Recordings in, report out: kept for their owner, judged in the background, served without any power."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from serving import desk_client, finished

from coach.app import App
from coach.web.desk import evaluations

TURNS = [
    {"speaker": "manager", "text": "You have gone quiet, and I am worried about you. How are you really doing?"},
    {"speaker": "rep", "text": "Tired, if you ask me. <script>alert(1)</script>"},
    {"speaker": "manager", "text": "I do not care how you feel. Make the calls or you are out."},
    {"speaker": "rep", "text": "Right."},
]
TALK = {"id": "one", "turns": TURNS}
LINE = json.dumps(TALK)


def upload(name: str = "talks.jsonl", text: str = LINE) -> tuple[str, tuple[str, bytes, str]]:
    return "files", (name, text.encode(), "application/octet-stream")


@pytest.fixture
def client(web_app: App) -> Iterator[TestClient]:
    with desk_client(web_app) as client:
        yield client


@pytest.fixture
def judged(client: TestClient) -> Response:
    return finished(client, client.post("/desk/recordings", files=[upload(), upload("talks.jsonl", "nothing")]))


def test_a_report_comes_out_and_has_no_power(client: TestClient, judged: Response) -> None:
    assert "1 judged, 1 could not be" in judged.text
    assert "talks-2.jsonl" in judged.text
    report = client.get(f"{judged.url}/report")
    assert report.status_code == 200
    assert report.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert report.headers["x-content-type-options"] == "nosniff"
    assert "attachment" not in report.headers.get("content-disposition", "")
    assert "<script" not in report.text
    assert "I do not care how you feel" in report.text
    for what, kind in (("table", "conversations.csv"), ("book", "results.xlsx"), ("lines", "critiques.jsonl")):
        answer = client.get(f"{judged.url}/{what}")
        assert (answer.status_code, kind in answer.headers["content-disposition"]) == (200, True)
    assert [json.loads(line)["status"] for line in answer.text.splitlines()] == ["scored", "failed"]
    for what in ("about.json", "recordings", "journal", "none"):
        assert client.get(f"{judged.url}/{what}").status_code == 404


def test_they_are_kept_for_their_owner_alone_until_they_are_deleted(
    client: TestClient, judged: Response, web_app: App
) -> None:
    one = evaluations.find(web_app, judged.url.path.rpartition("/")[2])
    assert one.about.owner == "local"
    assert stat.S_IMODE(one.folder.stat().st_mode) == 0o700
    assert one.id in client.get("/desk/recordings").text
    assert client.post(f"{judged.url}/remove").status_code == 200
    assert not one.folder.exists()
    for method, rest in (("GET", ""), ("POST", "/remove"), ("GET", "/report")):
        assert client.request(method, f"{judged.url}{rest}").status_code == 404
    assert client.post(f"{judged.url}/again").status_code == 400


def test_what_was_interrupted_goes_on(client: TestClient, judged: Response, web_app: App) -> None:
    one = evaluations.find(web_app, judged.url.path.rpartition("/")[2])
    (one.folder / "report.html").unlink()
    with desk_client(web_app) as restarted:
        page = restarted.get(judged.url.path)
        assert "interrupted before it was finished" in page.text
        assert "not finished" in restarted.get("/desk/recordings").text
        done = finished(restarted, restarted.post(f"{judged.url.path}/again"))
        assert "1 judged" in done.text


def test_names_are_replaced_where_that_is_wished(client: TestClient) -> None:
    talk = {"id": "two", "turns": [{"speaker": "Dana Whitfield", "text": "Pat Okafor, how are you?"}, *TURNS[1:2]]}
    form = {"pseudonyms": "yes", "manager": "Dana"}
    page = finished(client, client.post("/desk/recordings", files=[upload("t.jsonl", json.dumps(talk))], data=form))
    assert "names replaced" in page.text
    assert "Okafor" not in client.get(f"{page.url}/lines").text


def test_what_cannot_be_taken_is_a_sentence(client: TestClient, web_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(evaluations.found(web_app))
    nothing = client.post("/desk/recordings", files=[("files", ("", b"", "x"))])
    assert nothing.status_code in (400, 422)
    monkeypatch.setattr(evaluations, "MOST_FILES", 1)
    many = client.post("/desk/recordings", files=[upload(), upload()])
    assert (many.status_code, "at most 1 are taken" in many.text) == (400, True)
    monkeypatch.setattr(evaluations, "MOST_BYTES", 10)
    large = client.post("/desk/recordings", files=[upload()])
    assert (large.status_code, "take fewer" in large.text) == (400, True)
    assert len(evaluations.found(web_app)) == before
    hidden = evaluations._stored([("../../.~$x.txt", BytesIO(b"x"))], web_app.settings.home)
    assert hidden == ("x.txt",)


def test_nothing_can_be_kept_where_nothing_can_be_written(client: TestClient, web_app: App) -> None:
    folder, away = web_app.settings.home / "evaluations", web_app.settings.home / "away"
    folder.rename(away)
    folder.write_text("a file")
    answer = client.post("/desk/recordings", files=[upload()])
    assert (answer.status_code, "cannot be kept" in answer.text) == (400, True)
    folder.unlink()
    away.rename(folder)


def test_deleting_stops_what_is_under_way(web_app: App) -> None:
    one = evaluations.keep(web_app, [("a.jsonl", BytesIO(LINE.encode()))], "", False, False)
    with desk_client(web_app) as client:
        works = client.app.state.works  # type: ignore[attr-defined]
        works._turn.acquire()
        client.post(f"/desk/recordings/{one.id}/again")
        page = client.get("/desk/recordings").text
        assert "under way" in page
        assert client.post(f"/desk/recordings/{one.id}/again").status_code == 400
        client.post(f"/desk/recordings/{one.id}/remove")
        assert one.folder.exists()
        works._turn.release()
        end = time.monotonic() + 30
        while one.folder.exists():
            assert time.monotonic() < end
            time.sleep(0.01)


def test_a_model_judges_only_if_somebody_agrees(model_app: Callable[..., App], model_env: object) -> None:
    app = model_app()
    with desk_client(app) as client:
        assert "the words of the recordings go" in client.get("/desk/recordings").text
        page = finished(client, client.post("/desk/recordings", files=[upload()], data={"engine": "offline"}))
        assert "1 judged" in page.text
        assert json.loads(client.get(f"{page.url}/lines").text)["model"] == "offline"
        assert not model_env.requests  # type: ignore[attr-defined]
        page = finished(client, client.post("/desk/recordings", files=[upload()], data={"engine": "model"}))
        assert json.loads(client.get(f"{page.url}/lines").text)["model"] != "offline"
        assert model_env.requests  # type: ignore[attr-defined]
        asked = client.post("/api/evaluate", json={"transcript": TALK})
        assert (asked.status_code, "send agreed: true" in asked.json()["detail"]) == (400, True)


def test_the_api_judges_a_conversation_and_keeps_nothing(client: TestClient, web_app: App) -> None:
    before = len(evaluations.found(web_app))
    line = client.post("/api/evaluate", json={"transcript": TALK}).json()
    assert (line["id"], line["status"], set(line["codes"])) == ("one", "scored", {"0", "2"})
    assert line["overall"] in range(1, 6)
    failed = client.post("/api/evaluate", json={"transcript": {"id": "x", "turns": TURNS[:1]}}).json()
    assert failed["status"] == "failed"
    assert client.post("/api/evaluate", json={"transcript": {"id": "x"}}).status_code == 422
    assert len(evaluations.found(web_app)) == before
