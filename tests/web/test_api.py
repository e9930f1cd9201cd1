"""The API: practice for tools, nothing hidden in it, nobody else let in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from shipped import KIND

from coach.errors import StoreError
from coach.web import create_server
from coach.web.api import create_api

BASE = "http://127.0.0.1:7860"
TALK = {"id", "scenario", "difficulty", "started_at", "ended", "after", "since", "branch_of", "turns"}


@pytest.fixture(scope="module")
def client(web_app, in_loop) -> Iterator[TestClient]:
    """The whole server, page and API."""
    client = TestClient(in_loop(lambda: create_server(web_app)), BASE)
    yield client
    client.close()


@pytest.fixture
def talk(client):
    """A talk that has begun."""
    return client.post("/api/sessions", json={"scenario": "burnout", "seed": 5}).json()


def texts(talk: dict[str, Any], speaker: str) -> list[str]:
    return [turn["text"] for turn in talk["turns"] if turn["speaker"] == speaker]


def test_the_server_says_when_it_is_ready(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_the_api_describes_itself(client):
    described = client.get("/openapi.json").json()
    assert {
        "/healthz", "/api/scenarios", "/api/knowledge/search", "/api/sessions", "/api/sessions/{session_id}",
        "/api/sessions/{session_id}/replies", "/api/sessions/{session_id}/end",
        "/api/sessions/{session_id}/critique", "/api/sessions/{session_id}/replies/stream", "/api/evaluate",
    } <= set(described["paths"])  # fmt: skip
    assert "swagger" in client.get("/docs").text.lower()


def test_the_page_is_served_beside_it(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Sales leadership coach" in answer.text


def test_scenarios_show_what_may_be_known_before_the_talk(client, library):
    cards = client.get("/api/scenarios").json()
    assert [card["id"] for card in cards] == list(library.scenarios)
    for card in cards:
        assert set(card) == {"id", "title", "stakes", "minutes", "difficulty", "rep", "brief"}


def test_a_talk_from_the_start_to_the_critique(client, web_app, check_passages):
    started = client.post("/api/sessions", json={"scenario": "burnout", "difficulty": "easy"})
    talk = started.json()
    here = f"/api/sessions/{talk['id']}"
    assert (started.status_code, set(talk)) == (201, TALK)
    assert (talk["scenario"], talk["difficulty"], talk["ended"]) == ("burnout", "easy", False)
    assert [turn["speaker"] for turn in talk["turns"]] == ["rep"]

    moved = client.post(f"{here}/replies", json={"text": KIND}).json()
    assert [turn["i"] for turn in moved["turns"]] == [0, 1, 2]
    assert texts(moved, "manager") == [KIND]
    assert client.get(here).json() == moved

    early = client.get(f"{here}/critique")
    assert (early.status_code, early.json()["detail"].split(";")[0]) == (400, "This conversation is still going on")
    assert client.get(f"{here}/debrief").status_code == 400

    ended = client.post(f"{here}/end").json()
    assert (ended["ended"], ended["turns"][-1]["speaker"]) == (True, "rep")
    assert client.post(f"{here}/end").json() == ended

    critique = client.get(f"{here}/critique").json()
    assert critique == client.get(f"{here}/critique").json()
    assert critique["overall"] in range(1, 6)
    assert critique["findings"]
    check_passages(critique["findings"], ended["turns"], web_app)

    debriefed = client.get(f"{here}/debrief").json()
    assert debriefed["critique"] == critique
    assert [step["turn"] for step in debriefed["steps"]] == [1]
    assert debriefed["secrets"]
    assert debriefed["follow"] is None
    assert "scenario" not in debriefed


@pytest.fixture
def check_passages():
    def check(findings: list[dict[str, Any]], turns: list[dict[str, Any]], app: Any) -> None:  # noqa: ANN401
        for finding in findings:
            for evidence in finding["evidence"]:
                assert turns[evidence["turn"]]["speaker"] == "manager"
                assert evidence["quote"] in turns[evidence["turn"]]["text"]
            for passage in finding["passages"]:
                assert app.knowledge.verbatim(passage["source"], passage["section"], passage["quote"])

    return check


def events(answer) -> list[tuple[str, dict[str, Any]]]:
    found = [block.split("\n") for block in answer.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in found]


def test_an_answer_can_be_heard_as_it_is_spoken(client, talk):
    answer = client.post(f"/api/sessions/{talk['id']}/replies/stream", json={"text": KIND})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    *shown, (last, moved) = events(answer)
    assert {name for name, _ in shown} == {"shown"}
    assert last == "talk"
    assert shown[-1][1]["text"] == moved["turns"][-1]["text"]
    assert moved == client.get(f"/api/sessions/{talk['id']}").json()
    refused = client.post(f"/api/sessions/{talk['id']}/replies/stream", json={"text": ""})
    assert (refused.status_code, "nothing to send" in refused.json()["detail"]) == (400, True)


def test_an_answer_that_breaks_off_says_why(client, web_app, talk, monkeypatch):
    def broken(_practice, _session, _text, shown):
        shown("I was")
        raise StoreError("The database cannot be used (disk I/O error).")

    monkeypatch.setattr(type(web_app.practice), "reply", broken)
    answer = client.post(f"/api/sessions/{talk['id']}/replies/stream", json={"text": KIND})
    told = {"detail": "The database cannot be used (disk I/O error)."}
    assert events(answer) == [("shown", {"text": "I was"}), ("error", told)]


def test_the_same_seed_gives_the_same_words(client):
    talks = [client.post("/api/sessions", json={"scenario": "burnout", "seed": 9}).json() for _ in range(2)]
    heard = [
        texts(client.post(f"/api/sessions/{talk['id']}/replies", json={"text": KIND}).json(), "rep") for talk in talks
    ]
    assert heard[0] == heard[1]
    assert talks[0]["id"] != talks[1]["id"]


def test_two_sessions_do_not_mix(client):
    one, two = (client.post("/api/sessions", json={"scenario": "burnout"}).json()["id"] for _ in range(2))
    client.post(f"/api/sessions/{one}/replies", json={"text": "This is said to one."})
    client.post(f"/api/sessions/{two}/replies", json={"text": "This is said to two."})
    client.post(f"/api/sessions/{one}/end")
    first, second = (client.get(f"/api/sessions/{name}").json() for name in (one, two))
    assert (texts(first, "manager"), first["ended"]) == (["This is said to one."], True)
    assert (texts(second, "manager"), second["ended"]) == (["This is said to two."], False)
    listed = {talk["id"]: talk for talk in client.get("/api/sessions").json()}
    assert listed[one] == first
    assert listed[two] == second


def test_a_running_talk_shows_no_state_and_no_secret(client, burnout, talk):
    here = f"/api/sessions/{talk['id']}"
    answers = [client.post(f"{here}/replies", json={"text": text}) for text in ("Hi.", "How many sheets are short?")]
    answers += [
        client.get(here),
        client.get("/api/sessions"),
        client.get("/api/scenarios"),
        client.get(f"{here}/critique"),
    ]
    for answer in answers:
        assert not any(fact.text in answer.text or line in answer.text for fact in burnout.facts for line in fact.lines)
    told = client.get(here).json()
    assert set(told) == TALK
    assert all(set(turn) == {"i", "speaker", "text", "notice", "hint"} for turn in told["turns"])


def test_the_page_and_its_configuration_hold_no_secret(client, burnout):
    for path in ("/", "/config", "/gradio_api/info", "/openapi.json"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not any(fact.text in answer.text for fact in burnout.facts)
        assert not any(line in answer.text for line in burnout.openings)


def test_the_page_publishes_no_endpoint_of_its_own(client):
    assert client.get("/gradio_api/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing to send yet"),
        ("x" * 50_000, "That is 50,000 characters"),
        ("😀😀", "An emoji alone cannot be heard"),
        ("<script></script>", "only markup"),
        ("a\x00b", "characters that are not text"),
    ],
    ids=["empty", "long", "emoji", "markup", "NUL"],
)
def test_what_cannot_be_said_is_a_sentence_and_costs_nothing(client, talk, text, reason):
    answer = client.post(f"/api/sessions/{talk['id']}/replies", json={"text": text})
    assert answer.status_code == 400
    assert reason in answer.json()["detail"]
    assert client.get(f"/api/sessions/{talk['id']}").json() == talk


def test_half_a_character_is_refused_too(client, talk):
    answer = client.post(
        f"/api/sessions/{talk['id']}/replies",
        content=b'{"text": "half \\ud83d of it"}', headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.status_code in (400, 422)
    assert client.get(f"/api/sessions/{talk['id']}").json() == talk


def test_half_a_character_in_a_name_is_refused_too(client):
    answer = client.post(
        "/api/sessions", content=b'{"scenario": "half \\ud83d of it"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422)


def test_an_ended_talk_goes_no_further(client, talk):
    here = f"/api/sessions/{talk['id']}"
    assert client.post(f"{here}/end").json()["turns"] == talk["turns"]
    answer = client.post(f"{here}/replies", json={"text": KIND})
    assert (answer.status_code, answer.json()["detail"].split(";")[0]) == (400, "This conversation has ended")
    nothing = client.get(f"{here}/critique")
    assert nothing.status_code == 400
    assert "The manager says nothing" in nothing.json()["detail"]


def test_an_unknown_scenario_is_a_sentence(client):
    answer = client.post("/api/sessions", json={"scenario": "picnic"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("There is no scenario 'picnic'; the scenarios are: ")


@pytest.mark.parametrize(
    "form",
    [{}, {"scenario": "burnout", "difficulty": "brutal"}, {"scenario": "burnout", "seed": -1}, {"scenario": 3}, []],
    ids=str,
)
def test_a_form_that_is_wrong_is_refused_with_the_field(client, form):
    answer = client.post("/api/sessions", json=form)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][0] == "body"


def test_a_form_from_another_site_without_json_is_refused(client, talk):
    """A page elsewhere can send text/plain without asking first; JSON it cannot."""
    for path in ("/api/sessions", f"/api/sessions/{talk['id']}/replies"):
        form = json.dumps({"scenario": "burnout", "text": KIND})
        answer = client.post(path, content=form, headers={"Content-Type": "text/plain"})
        assert answer.status_code == 422
    assert client.get(f"/api/sessions/{talk['id']}").json() == talk


@pytest.mark.parametrize("name", ["none", "x" * 500, "%00", "..%2f..%2fetc", "' OR 1=1 --"])
def test_a_session_that_is_not_there_is_a_sentence(client, name):
    for method, rest in (("GET", ""), ("DELETE", ""), ("POST", "/end"), ("GET", "/critique")):
        answer = client.request(method, f"/api/sessions/{name}{rest}")
        assert answer.status_code in (400, 404)
        if answer.status_code == 400:
            assert answer.json()["detail"].startswith("There is no practice session ")
            assert len(answer.json()["detail"]) < 150


def test_a_deleted_session_is_gone_with_all_that_was_said(client, web_app, talk):
    here = f"/api/sessions/{talk['id']}"
    client.post(f"{here}/replies", json={"text": "Delete the word rhinoceros."})
    client.post(f"{here}/end")
    client.get(f"{here}/critique")
    assert client.delete(here).status_code == 204
    assert client.get(here).status_code == 400
    assert client.delete(here).status_code == 400
    assert "rhinoceros" not in client.get("/api/sessions").text
    assert all(
        "rhinoceros" not in turn.text
        for session in web_app.store.sessions("local")
        for turn in web_app.store.path(session)
    )


def test_a_search_is_the_knowledge_bases(client, web_app):
    found = client.get("/api/knowledge/search", params={"words": "a rep is burning out", "k": 3}).json()
    assert [(p["source"], p["section"], p["text"]) for p in found] == [
        (p.source, p.section, p.text) for p in web_app.knowledge.search("a rep is burning out", 3)
    ]
    assert len(client.get("/api/knowledge/search", params={"words": "trust"}).json()) == 5


@pytest.mark.parametrize(
    "params", [{}, {"words": "a", "k": 0}, {"words": "a", "k": 51}, {"words": "a" * 2001}], ids=len
)
def test_a_search_out_of_bounds_is_refused(client, params):
    assert client.get("/api/knowledge/search", params=params).status_code == 422


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "169.254.169.254", ""])
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/sessions", "/openapi.json", "/config", "/gradio_api/info"])
def test_a_foreign_host_is_refused(client, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "burnout" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:7860", "localhost:8123", "LOCALHOST", "[::1]:7860"])
def test_this_computers_own_names_are_served(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_other_sites_may_not_read_answers(client):
    answer = client.get("/api/sessions", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_store_that_fails_is_a_sentence_and_not_the_callers_fault(web_app, monkeypatch):
    def fail(*_args: object) -> None:
        raise StoreError("The database cannot be used (disk I/O error).")

    with TestClient(create_api(web_app), BASE) as client:
        monkeypatch.setattr(web_app.store, "sessions", fail)
        answer = client.get("/api/sessions")
    assert (answer.status_code, answer.json()) == (503, {"detail": "The database cannot be used (disk I/O error)."})


@pytest.fixture
def ended(client, talk):
    """A talk that has ended."""
    client.post(f"/api/sessions/{talk['id']}/replies", json={"text": f"{KIND} I will call Colin tomorrow."})
    return client.post(f"/api/sessions/{talk['id']}/end").json()


def test_the_same_rep_can_be_met_again(client, ended, burnout):
    assert (ended["after"], ended["since"]) == (None, None)
    form = {"scenario": "burnout", "after": ended["id"], "since": "broken"}
    again = client.post("/api/sessions", json=form)
    assert again.status_code == 201
    assert (again.json()["after"], again.json()["since"]) == (ended["id"], "broken")
    assert texts(again.json(), "rep")[0].startswith(burnout.next_time.broken)
    assert "“I will call Colin tomorrow.”" in texts(again.json(), "rep")[0]
    form = client.get("/openapi.json").json()["components"]["schemas"]["StartForm"]["properties"]
    assert form["after"]["description"]
    assert form["since"]["description"]


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"after": "none", "since": "kept"}, "There is no practice session 'none' here"),
        ({"after": "ended"}, "Say what has happened since that session: kept, broken, better, worse, quiet."),
        ({"since": "kept"}, "Name the session that this one follows"),
        ({"after": "ended", "since": "kept", "scenario": "missed-quota"}, "That conversation was 'burnout'"),
        ({"after": "running", "since": "kept"}, "That conversation is still going on"),
    ],
    ids=str,
)
def test_what_cannot_follow_is_a_sentence(client, ended, form, reason):
    running = client.post("/api/sessions", json={"scenario": "burnout"}).json()["id"]
    names = {"ended": ended["id"], "running": running, "none": "none"}
    filled = {"scenario": "burnout", **form}
    if "after" in form:
        filled["after"] = names[form["after"]]
    answer = client.post("/api/sessions", json=filled)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(reason)


@pytest.mark.parametrize(
    "form", [{"since": "forgotten"}, {"after": "x" * 65}, {"after": 3}], ids=["since", "long", "number"]
)
def test_a_wrong_past_is_refused_with_the_field(client, form):
    answer = client.post("/api/sessions", json={"scenario": "burnout", "since": "kept", "after": "a", **form})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][1] in form


def test_a_talk_is_rewound_and_both_branches_are_compared(client, web_app, burnout, talk):
    here = f"/api/sessions/{talk['id']}"
    for text in (KIND, "Do it or you are out."):
        left = client.post(f"{here}/replies", json={"text": text}).json()
    rewound = client.post(f"{here}/rewind", json={"turn": 3})
    branch = rewound.json()
    there = f"/api/sessions/{branch['id']}"
    assert (rewound.status_code, branch["branch_of"], branch["ended"]) == (201, talk["id"], False)
    assert branch["turns"] == left["turns"][:3]
    assert [one["id"] for one in client.get(f"{there}/branches").json()] == [talk["id"], branch["id"]]
    early = client.get(f"{there}/compare", params={"other": talk["id"]})
    assert (early.status_code, "still going on" in early.json()["detail"]) == (400, True)
    client.post(f"{there}/replies", json={"text": "So it was not one call. What weighs most?"})
    client.post(f"{there}/end")
    compared = client.get(f"{here}/compare", params={"other": branch["id"]}).json()
    assert (compared["turn"], compared["one"]["id"], compared["other"]["id"]) == (3, talk["id"], branch["id"])
    page = client.get("/compare", params={"one": talk["id"], "other": branch["id"]})
    assert page.status_code == 200
    for words in ("Do it or you are out.", "So it was not one call.", "First try", "Second try from your 2nd reply"):
        assert words in page.text
    assert client.delete(there).status_code == 204
    assert client.get(here).status_code == 400


@pytest.mark.parametrize("turn", [-1, 99, 0, "x"])
def test_where_a_talk_cannot_be_rewound_is_a_sentence(client, talk, turn):
    answer = client.post(f"/api/sessions/{talk['id']}/rewind", json={"turn": turn})
    assert answer.status_code in (400, 422)
    assert len(client.get(f"/api/sessions/{talk['id']}/branches").json()) == 1


def test_what_cannot_be_compared_is_a_sentence_on_the_page(client, talk):
    answer = client.get("/compare", params={"one": talk["id"], "other": "<b>gone</b>"})
    assert answer.status_code == 400
    assert "There is no practice session" in answer.text
    assert "<b>gone" not in answer.text


def test_a_hint_can_be_asked_for(client, talk):
    here = f"/api/sessions/{talk['id']}"
    hint = client.post(f"{here}/hint").json()["words"]
    assert hint.startswith("Carys is ")
    assert client.get(here).json()["turns"][0]["hint"] == hint
