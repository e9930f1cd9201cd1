"""A roster with uploaded recordings: who leads is taken from it, and a mended one judges everything again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from serving import desk_client, finished

from coach.app import App
from coach.web.desk import evaluations

TURNS = [
    {"speaker": "Dana Fox", "text": "You have gone quiet, and I am worried about you. How are you really doing?"},
    {"speaker": "Bo Lind", "text": "Tired, if you ask me. I keep missing the numbers and nobody says why."},
    {"speaker": "Dana Fox", "text": "What would help you most? Would you like a day without calls?"},
    {"speaker": "Bo Lind", "text": "Perhaps."},
]
TALK = ("files", ("talk.jsonl", json.dumps({"id": "talk", "turns": TURNS}).encode(), "text/plain"))


def roster(text: str) -> tuple[str, tuple[str, bytes, str]]:
    return "roster", ("who leads.csv", text.encode(), "text/csv")


@pytest.fixture
def client(web_app: App) -> Iterator[TestClient]:
    with desk_client(web_app) as client:
        yield client


def test_the_roster_says_who_leads_and_a_mended_one_judges_again(client: TestClient, web_app: App) -> None:
    page = finished(
        client, client.post("/desk/recordings", files=[TALK, roster("file,manager,team\ntalk,Bo Lind,North\n")])
    )
    assert "roster who leads.csv" in page.text
    assert "Nobody said who leads" not in page.text
    written = client.get(f"{page.url}/roster")
    assert "roster.csv" in written.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(written.text))
    assert (row["manager"], row["team"]) == ("Bo Lind", "North")

    mended = written.text.replace("Bo Lind,Dana Fox", "Dana Fox,Bo Lind")
    again = finished(client, client.post(f"{page.url}/again", files=[roster(mended)]))
    (line,) = client.get(f"{again.url}/lines").text.splitlines()
    assert json.loads(line)["about"]["manager"] == "Dana Fox"

    refused = client.post(f"{page.url}/again", files=[roster("colour\nred\n")])
    assert (refused.status_code, "who leads.csv" in refused.text) == (400, True)
    assert str(web_app.settings.home) not in refused.text
    assert "1 judged" in client.get(page.url).text


def test_where_nobody_said_who_leads_the_page_says_so(client: TestClient) -> None:
    page = finished(client, client.post("/desk/recordings", files=[TALK, ("roster", ("", b"", "text/csv"))]))
    assert "Nobody said who leads in 1 of them" in page.text


def test_a_roster_without_sense_keeps_nothing(client: TestClient, web_app: App) -> None:
    before = len(evaluations.found(web_app))
    told = client.post("/desk/recordings", files=[TALK, roster("file,manager,date\ntalk,Bo,soon\n")])
    assert (told.status_code, "who leads.csv:2: date" in told.text) == (400, True)
    assert len(evaluations.found(web_app)) == before


def test_nothing_is_mended_while_it_is_judged(client: TestClient, web_app: App) -> None:
    one = evaluations.keep(web_app, [("talk.jsonl", io.BytesIO(TALK[1][1]))], "Dana", False, False)
    works = client.app.state.works  # type: ignore[attr-defined]
    works._turn.acquire()
    client.post(f"/desk/recordings/{one.id}/again")
    told = client.post(f"/desk/recordings/{one.id}/again", files=[roster("file,manager\ntalk,Bo\n")])
    assert (told.status_code, "under way already" in told.text) == (400, True)
    assert not (one.folder / evaluations.PEOPLE).exists()
    works._turn.release()
    finished(client, client.get(f"/desk/recordings/{one.id}"))
