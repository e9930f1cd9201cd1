"""Progress, objections and blind labels in the browser: what is shown, kept, taken along and deleted."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from coach.app import MEANINGS, OWNER, App
from coach.content import OWN, own_files, written
from coach.domain import PRINCIPLES, Session
from coach.errors import StoreError
from coach.programme import Course
from coach.programme.progress import Change
from coach.reports.figures import Tally
from coach.store import Marks
from coach.web import calibration, contest, progress
from coach.web.api import create_api

HARSH = "You always find excuses. You will do what I say by Friday, or it has consequences. Is that clear?"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def client(mine: App) -> Iterator[TestClient]:
    api = create_api(mine)
    for part in (progress, contest, calibration):
        api.include_router(part.router)
    with TestClient(api, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def talk(mine: App) -> Session:
    return practised(mine, 1)


def practised(app: App, seed: int) -> Session:
    session = app.practice.start(OWNER, "burnout", None, seed)
    for words in (HARSH, f"How are you? {EVIL}"):
        session = session if session.ended_at else app.practice.reply(session, words)
    session = app.practice.end(session)
    app.practice.critique(session)
    return session


def test_a_beginner_is_shown_where_to_begin(client: TestClient) -> None:
    page = client.get("/progress").text
    assert "No talk of yours has been judged yet" in page
    assert "Begin with" in page


def test_a_single_talk_is_not_compared(client: TestClient, talk: Session) -> None:
    page = client.get("/progress").text
    assert "With a single talk there is too little to compare yet" in page
    assert "Too few to say" not in page and "What improved" not in page


def test_talks_are_shown_with_what_comes_back_and_why_the_next_one(
    client: TestClient, mine: App, talk: Session
) -> None:
    practised(mine, 2)
    mine.practice.rewind(talk, 1)
    page = client.get("/progress").text
    assert page.index("Next for you") < page.index("What keeps coming back") < page.index("Principle by principle")
    assert "2 talks since" in page and "2 tries, counted once" in page
    assert "Second try from your 1st reply of the talk of" in page
    back = page[page.index("What keeps coming back") : page.index("What improved")]
    assert "In 2 of 2 talks" in back and f"/?session={talk.id}" in page
    assert "Too few to say" in page and "Too few talks" not in page
    assert mine.coder.id in page and mine.basis in page and "95% interval" in page
    assert EVIL not in page
    assert re.search(r"overall|grade (of|:)|\bscore\b", page) is None


def test_talks_read_by_another_engine_are_named(client: TestClient, mine: App, talk: Session) -> None:
    critique = mine.practice.critique(talk)
    other = critique.provenance.model_copy(update={"coder": "local-before", "basis": "b0"})
    mine.store.save_critique(talk, critique.model_copy(update={"provenance": other}))
    practised(mine, 2)
    page = client.get("/progress").text
    assert "1 of your talks were read by another engine" in page or "1 talk left out above" in page
    assert "local-before" in page


def test_an_objection_is_kept_shown_and_taken_back(client: TestClient, mine: App, talk: Session) -> None:
    critique = mine.practice.critique(talk)
    sent = {"session": talk.id, "finding": 0, "reason": f"I quoted {EVIL}"}
    answer = client.post("/contest", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?session={talk.id}")
    from coach.web import views

    shown = views.debriefing(mine, talk)
    assert "You contested this on" in shown and EVIL not in shown
    assert shown.count("This is not what I said or meant") == len(critique.findings) - 1
    assert "You contested" in client.get("/progress").text
    assert mine.practice.critique(talk) == critique
    client.post("/contest/withdraw", data=sent)
    assert "You contested this on" not in views.debriefing(mine, talk)
    assert client.post("/contest", data=sent | {"finding": 99}).status_code == 400
    assert client.post("/contest", data=sent | {"session": "gone"}).status_code == 400


def test_another_level_by_a_trainer_is_shown_beside_the_engines(client: TestClient, mine: App, talk: Session) -> None:
    from coach.web import views

    sent = {"session": talk.id, "principle": "coaching", "level": "4", "reason": f"He tried {EVIL}", "by": "Marta"}
    assert client.post("/override", data=sent, follow_redirects=False).status_code == 303
    assert client.post("/override", data=sent | {"level": "6"}).status_code == 422
    assert client.post("/override", data=sent | {"reason": " "}).status_code == 400
    assert (
        client.post("/override", data=sent | {"session": mine.practice.start(OWNER, "burnout", None, 3).id}).status_code
        == 400
    )
    shown = views.debriefing(mine, talk)
    assert "<b>Marta</b> sees it as <b>helped</b>" in shown and EVIL not in shown
    assert "Marta sees" in client.get("/progress").text


def test_everything_can_be_taken_along_and_then_deleted(client: TestClient, mine: App, talk: Session) -> None:
    own = mine.library.scenarios["burnout"].model_copy(update={"id": "mine"})
    path = mine.settings.home / OWN / "knowledge/scenarios/mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(written(own, ()), encoding="utf-8")
    answer = client.get("/progress/data.json")
    assert "attachment" in answer.headers["content-disposition"]
    data = answer.json()
    assert HARSH in json.dumps(data["talks"]) and list(data["scenarios"]) == ["mine"]
    assert "mine" in client.get("/progress/delete").text
    assert client.post("/progress/delete", data={"scenarios": "yes"}).status_code == 400
    assert mine.store.sessions(OWNER)
    assert client.post("/progress/delete", data={"sure": "yes"}, follow_redirects=False).status_code == 303
    assert mine.store.sessions(OWNER) == [] and list(own_files(mine.settings.home / OWN)) == ["mine"]
    meanings = mine.settings.home / MEANINGS
    meanings.unlink()  # the one that all tests share
    meanings.mkdir()
    client.post("/progress/delete", data={"sure": "yes", "scenarios": "yes"})
    assert own_files(mine.settings.home / OWN) == {} and "mine" not in mine.library.scenarios
    assert not meanings.exists()
    left = b"".join(file.read_bytes() for file in mine.settings.home.glob("coach.db*"))
    assert HARSH.encode() not in left


@pytest.fixture
def few_resamples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["coach.evaluation.agreement"], "RESAMPLES", 50)
        yield


def marked(page: str, **fields: str) -> dict[str, str]:
    id_ = re.search(r'name="id" value="([^"]+)"', page)
    assert id_ is not None
    levels = {f"level-{principle}": "3" for principle in PRINCIPLES}
    return {"set": "suite", "id": id_[1], "overall": "3", "lean": "0", **levels, "action": "done", **fields}


def test_labels_are_blind_until_they_are_closed(client: TestClient, mine: App, few_resamples: None) -> None:
    with pytest.MonkeyPatch.context() as patch:  # whoever looked at a score before would fail here
        patch.setattr("coach.web.calibration.read_labels", None)
        patch.setattr("coach.web.calibration.compare", None)
        patch.setitem(mine.__dict__, "scorer", None)
        page = client.get("/calibration", params={"set": "suite"}).text
        for word in ("kappa", "reference", mine.coder.id, "Agreement"):
            assert word not in page
        sent = marked(page)
        assert client.get("/calibration/agreement").status_code == 400
        draft = client.post("/calibration", data=sent | {"overall": "", "action": "draft"}).text
        assert "Your marks are kept" in draft and draft.count(" checked") == 1 + len(PRINCIPLES)
        refused = client.post("/calibration", data=sent | {"overall": ""})
        assert refused.status_code == 400 and "Still to be decided: overall" in refused.text
        assert marked(client.get("/calibration", params={"set": "suite"}).text)["id"] == sent["id"]
        turn = page[: page.index(":ASK")].rsplit('"', 1)[1]
        coded = {"coded": "on", "code": [f"{turn}:ASK", f"{turn}:EMPATHY", "x:ASK", f"{turn}:NONE"]}
        after = client.post("/calibration", data=sent | coded).text
        assert marked(after)["id"] != sent["id"] and "1 of 42 labelled" in after
        assert client.post("/calibration", data=marked(after, overall="9")).status_code == 400
        assert client.get("/calibration/agreement").status_code == 400
        line = json.loads(client.get("/calibration/labels.jsonl").text)
        assert line["id"] == sent["id"] and line["codes"][turn] == ["ASK", "EMPATHY"]
        assert "Compare 1 finished label" in client.get("/calibration").text
    shown = client.post("/calibration/show", data={"set": "suite"}).text
    assert "n is too small" in shown and f"With {mine.coder.id} (now)" in shown and "With the reference labels" in shown
    assert "Best constant guess" in shown and "None. They are not blind" in shown
    assert Marks(mine.store).all(OWNER, "suite")[sent["id"]].state == "shown"
    assert client.post("/calibration", data=sent).status_code == 400
    assert marked(client.get("/calibration", params={"set": "suite", "id": sent["id"]}).text)["id"] != sent["id"]


def test_a_collection_that_is_not_there_is_said(client: TestClient) -> None:
    assert client.get("/calibration", params={"set": "gone"}).status_code == 400
    page = client.get("/calibration", params={"set": "suite"}).text
    assert client.post("/calibration", data=marked(page, id="gone")).status_code == 400


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("too few", n=5), "six are needed"),
        (Change("not measured", n=9), "has not been measured"),
        (
            Change("no clear change", 0.4, -0.3, 1.2, 1.1, 8),
            "No clear change: your later talks came out 0.4 levels higher",
        ),
        (Change("no clear change", 0.0, 0.0, 0.0, 1.1, 8), "came out the same"),
        (Change("worse", -2.0, -3.0, -1.0, 1.1, 8), "Worse: your later talks came out 2.0 levels lower"),
    ],
)
def test_a_change_is_told_with_how_sure_it_is(change: Change, told: str) -> None:
    assert told in progress.changed(Course("coaching", (), Tally(), Tally(), Tally(), change))


def test_talks_are_counted_by_week_or_by_month() -> None:
    now = datetime.now(UTC)
    weeks = progress._periods([now - timedelta(days=20), now])
    assert (len(weeks), sum(week.talks for week in weeks)) in ((4, 2), (3, 2))
    months = progress._periods([now - timedelta(days=200), now])
    assert 7 <= len(months) <= 8 and months[-1].talks == 1


def test_a_database_that_keeps_traces_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_store: object, _owner: str) -> None:
        raise StoreError("Close other windows.")

    monkeypatch.setattr(progress, "erase", busy)
    answer = client.post("/progress/delete", data={"sure": "yes"})
    assert (answer.status_code, "Close other windows." in answer.text) == (503, True)
