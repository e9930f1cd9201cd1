"""A debrief at its own address, as PDF, and the questions that can be asked about it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from pypdf import PdfReader

from coach.app import OWNER
from coach.web import views
from coach.web.server import create_server

HARSH = "Stop there. You'll do the list I send you <b>now</b>, and I do not want a debate about it."


@pytest.fixture(scope="module")
def client(web_app: Any, in_loop: Any) -> Iterator[TestClient]:  # noqa: ANN401
    client = TestClient(in_loop(lambda: create_server(web_app)), "http://127.0.0.1")
    yield client
    client.close()


@pytest.fixture(scope="module")
def ended(client: TestClient) -> str:
    """A talk that has ended, after a harsh turn and a kind one."""
    talk = client.post("/api/sessions", json={"scenario": "burnout", "seed": 5}).json()["id"]
    client.post(f"/api/sessions/{talk}/replies", json={"text": HARSH})
    client.post(f"/api/sessions/{talk}/replies", json={"text": "I am sorry. How are you really doing?"})
    client.post(f"/api/sessions/{talk}/end")
    return str(talk)


@pytest.fixture(scope="module")
def running(client: TestClient) -> str:
    talk = client.post("/api/sessions", json={"scenario": "burnout"}).json()["id"]
    client.post(f"/api/sessions/{talk}/replies", json={"text": "How are you?"})
    return str(talk)


def test_the_debrief_stands_at_an_address_of_its_own_with_everything_unfolded(client: TestClient, ended: str) -> None:
    answer = client.get(f"/debrief/{ended}")
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 200
    assert all(part.has_attr("open") for part in page.select("details.more, .secrets details"))
    points = [str(point["href"]) for point in page.select("svg.trust a")]
    assert points == ["#turn-1", "#turn-3"]
    assert all(page.select_one(point) for point in points)
    again = {str(link["href"]) for link in page.find_all("a", string=re.compile("again|Again"))}
    assert again == {f"/?session={ended}&rewind=1", f"/?session={ended}&rewind=3"}
    assert HARSH in page.text
    assert "<b>now</b>" not in answer.text


def test_on_the_page_links_to_turns_name_the_session(web_app: Any, ended: str) -> None:  # noqa: ANN401
    shown = views.debriefing(web_app, web_app.practice.resume(OWNER, ended))
    assert f'href="/?session={ended}#turn-1"' in shown
    assert 'href="#turn' not in shown


@pytest.mark.parametrize("address", ["/debrief/{}", "/debrief/{}.pdf"])
def test_a_talk_that_still_goes_on_has_no_debrief(client: TestClient, running: str, address: str) -> None:
    answer = client.get(address.format(running))
    assert answer.status_code == 400
    assert "still going on" in answer.text


@pytest.mark.parametrize("name", ["none", "%3Cscript%3E"])
def test_a_debrief_that_is_not_there_is_one_sentence(client: TestClient, name: str) -> None:
    answer = client.get(f"/debrief/{name}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text


def test_the_critique_can_be_kept_as_pdf(client: TestClient, ended: str) -> None:
    answer = client.get(f"/debrief/{ended}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert ended in answer.headers["content-disposition"]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Critique of a one-on-one" in text


def test_a_question_is_answered_with_what_it_rests_on(client: TestClient, ended: str) -> None:
    answer = client.post(f"/api/sessions/{ended}/questions", json={"question": "what happened at turn 1"})
    found = answer.json()
    assert answer.status_code == 200
    assert found["kind"] == "turn"
    assert [said["turn"] for said in found["said"]] == [1, 2]
    assert found["said"][0]["quote"] == HARSH
    assert found["by"] == "offline"
    assert len(found["suggestions"]) == 3


@pytest.mark.parametrize(
    ("talk", "question", "told"),
    [("running", "why?", "still going on"), ("ended", "  ", "no question yet"), ("ended", "x" * 600, "600 characters")],
)
def test_a_question_that_cannot_be_answered_is_refused(
    client: TestClient, request: pytest.FixtureRequest, talk: str, question: str, told: str
) -> None:
    session = request.getfixturevalue(talk)
    answer = client.post(f"/api/sessions/{session}/questions", json={"question": question})
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_asking_is_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert "post" in described["paths"]["/api/sessions/{session_id}/questions"]
    assert not any(path.startswith("/debrief") for path in described["paths"])


@pytest.fixture(scope="module")
def pane(web_app: Any, in_loop: Any) -> Any:  # noqa: ANN401
    import gradio as gr

    from coach.web.page import Page

    def make() -> Page:
        with gr.Blocks(analytics_enabled=False):
            return Page(web_app)

    return in_loop(make).read.asking


def test_the_page_suggests_questions_and_shows_the_answer(pane: Any, web_app: Any, ended: str) -> None:  # noqa: ANN401
    shown = pane.shown(web_app.practice.resume(OWNER, ended))
    ideas = [shown[button]["value"] for button in pane.ideas]
    assert "at my 1st reply" in ideas[2]
    waiting, told = pane.ask(ended, "what <i>happened</i> at turn 1")
    assert "Looking it up" in waiting[pane.answer]
    page = BeautifulSoup(told[pane.answer], "html.parser")
    assert page.select_one(".asked").text == "what <i>happened</i> at turn 1"  # type: ignore[union-attr]
    assert page.select_one(f'a[href="/?session={ended}#turn-1"]')
    assert page.select('a[href^="/knowledge?source="]')
    assert told[pane.question] == ""


@pytest.mark.parametrize(("talk", "told"), [("none", "no practice session"), ("running", "still going on")])
def test_what_cannot_be_asked_is_said_on_the_page(
    pane: Any,  # noqa: ANN401
    request: pytest.FixtureRequest,
    talk: str,
    told: str,
) -> None:
    session = request.getfixturevalue(talk) if talk == "running" else talk
    *_, shown = pane.ask(session, "why?")
    assert told in shown[pane.answer]
    assert set(shown) == {pane.answer}


def test_where_fewer_questions_fit_a_button_is_hidden(pane: Any) -> None:  # noqa: ANN401
    shown = pane._suggest(("one?",))
    assert [shown[button]["visible"] for button in pane.ideas] == [True, False, False]
