"""The scenario editor: checked while somebody types, saved as one's own, tried at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from serving import desk_client

from coach.app import App
from coach.content import SCENARIOS, Places
from coach.domain import Difficulty
from coach.settings import Settings

TEXT = Places.of(None).file(f"{SCENARIOS}/burnout.yaml").read_text("utf-8")
MINE = TEXT.replace("id: burnout", "id: mine", 1)
ANSWERS = {
    "who": "Marco Bianchi, account executive at Acme Cloud, two years with me",
    "happened": "He has been short with two customers and hung up on one last week.",
    "fear": "That he breaks down.",
    "want": "To know what is wearing him out.",
    "talks": "He jokes when it gets close.",
}


@pytest.fixture
def client(mine: App) -> Iterator[TestClient]:
    with desk_client(mine, follow=False) as client:
        yield client


def file(app: App, name: str) -> Path:
    return app.settings.home / "content" / SCENARIOS / f"{name}.yaml"


def opened(page: str) -> str:
    return re.findall(r'name="opened" value="(\w*)"', page)[0]


def test_the_desk_leads_to_everything(client: TestClient) -> None:
    page = client.get("/desk").text
    for place in ("/desk/scenarios", "/desk/scripts", "/desk/recordings", "/knowledge", "/calibration"):
        assert f'href="{place}"' in page
    assert "12 in use, 0 of them your own" in page


def test_one_starts_from_a_copy_of_what_ships(client: TestClient) -> None:
    assert client.get("/desk/scenarios").text.count("start from this one") == 12
    page = client.get("/desk/scenarios/edit", params={"id": "burnout"})
    assert "id: burnout-2\n" in page.text
    assert opened(page.text) == ""
    assert "Carys Beddoe" in page.text
    assert "Opens at trust 46 (44 easy, 51 hard), after “open question”, “reflection” or “empathy”" in page.text
    assert "and not before nights" in page.text
    assert "script-src 'nonce-" in page.headers["content-security-policy"]
    gone = client.get("/desk/scenarios/edit", params={"id": "gone"})
    assert (gone.status_code, "not here any more" in gone.text) == (404, True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes: 15", "minutes: soon", 'data-line="6">Line 6</a> <code>minutes</code>: must be a whole number'),
        ("topic: hours", "topic: weather", "there is no topic &#39;weather&#39;"),
        ("any_of: [ASK,", "any_of: [ASKK,", "&#39;ASKK&#39; is not known here"),
        ("Stable, as we", "They rang after hours. Stable, as we", "tells &#39;nights&#39; before it opens"),
        ("trust: 72,", "trust: 90,", "will hardly ever open at hard"),
        ("title:", "title: <script>alert(1)</script> #", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("id: mine", "id: &a mine\nx: *a", "the alias *a is not supported"),
    ],
)
def test_a_draft_is_checked_as_it_is_typed(client: TestClient, old: str, new: str, told: str) -> None:
    assert old in MINE
    text = MINE.replace(old, new, 1).replace("\n", "\r\n")
    shown = client.post("/desk/scenarios/check", data={"text": text})
    assert shown.status_code == 200
    assert told in shown.text
    assert "<html" not in shown.text
    assert "<script" not in shown.text
    by_hand = client.post("/desk/scenarios/checked", data={"text": text})
    assert told in by_hand.text
    assert by_hand.text.count("<script") == 1


def test_what_is_too_large_is_a_sentence(client: TestClient) -> None:
    assert "at most 200,000" in client.post("/desk/scenarios/check", data={"text": "x" * 300_000}).text
    assert "at most 200,000" in client.post("/desk/scenarios/save", data={"text": "x" * 300_000}).text
    assert "the file is empty" in client.post("/desk/scenarios/check").text


def test_many_problems_are_bounded(client: TestClient) -> None:
    page = client.post("/desk/scenarios/check", data={"text": "\n".join(f"a{n}: 1" for n in range(300))}).text
    assert page.count("<li>") == 40
    assert "more; mend these first" in page


def test_saved_it_can_be_practised_at_once(client: TestClient, mine: App) -> None:
    before = mine.practice
    saved = client.post("/desk/scenarios/save", data={"text": MINE.replace("\n", "\r\n"), "then": "try"})
    assert (saved.status_code, saved.headers["location"]) == (303, "/?scenario=mine")
    assert file(mine, "mine").read_text("utf-8") == MINE
    assert mine.practice is not before
    assert mine.practice.start("local", "mine", Difficulty.EASY, 1).scenario_id == "mine"
    assert "mine" in [one["id"] for one in client.get("/api/scenarios").json()]
    assert "13 in use, 1 of them your own" in client.get("/desk").text
    assert client.get("/desk/scenarios").text.count("yours, change it") == 1


def test_ones_own_is_changed_in_place_and_never_by_accident(client: TestClient, mine: App) -> None:
    client.post("/desk/scenarios/save", data={"text": MINE})
    version = opened(client.get("/desk/scenarios/edit", params={"id": "mine"}).text)
    changed = {"text": MINE.replace("minutes: 15", "minutes: 20"), "opened": version}
    done = client.post("/desk/scenarios/save", data=changed)
    assert done.headers["location"] == "/desk/scenarios/edit?id=mine&saved=1"
    assert mine.library.scenarios["mine"].minutes == 20
    page = client.get(done.headers["location"]).text
    assert "Saved. It can be practised now." in page
    assert 'href="/?scenario=mine"' in page
    late = client.post("/desk/scenarios/save", data=changed)
    assert (late.status_code, "was changed since you opened it" in late.text) == (409, True)
    other = {"text": MINE.replace("minutes: 15", "minutes: 25")}
    assert client.post("/desk/scenarios/save", data=other).status_code == 409
    assert mine.library.scenarios["mine"].minutes == 20
    assert client.post("/desk/scenarios/save", data=other | {"anyway": "yes"}).status_code == 303
    assert mine.library.scenarios["mine"].minutes == 25


def test_what_ships_may_be_replaced_for_practice_but_is_not_touched(client: TestClient, mine: App) -> None:
    shorter = TEXT.replace("minutes: 15", "minutes: 9")
    asked = client.post("/desk/scenarios/save", data={"text": shorter})
    assert (asked.status_code, "ships with the coach" in asked.text) == (409, True)
    client.post("/desk/scenarios/save", data={"text": shorter, "anyway": "yes"})
    assert mine.library.scenarios["burnout"].minutes == 9
    assert Places.of(None).file(f"{SCENARIOS}/burnout.yaml").read_text("utf-8") == TEXT
    assert client.post("/desk/scenarios/remove", data={"id": "burnout"}).status_code == 303
    assert mine.library.scenarios["burnout"].minutes == 15
    assert client.post("/desk/scenarios/remove", data={"id": "burnout"}).status_code == 404


def test_what_cannot_be_practised_is_not_saved_and_not_lost(client: TestClient, mine: App) -> None:
    assert mine.library  # as when it serves
    broken = client.post("/desk/scenarios/save", data={"text": MINE.replace("minutes: 15", "minutes: soon")})
    assert broken.status_code == 400
    assert "It is not saved yet" in broken.text
    assert "minutes: soon" in broken.text
    assert not file(mine, "mine").exists()
    other = file(mine, "by-hand")
    other.parent.mkdir(parents=True)
    other.write_text("id: [", "utf-8")
    kept = client.post("/desk/scenarios/save", data={"text": MINE})
    assert (kept.status_code, "another file has to be mended first" in kept.text) == (400, True)
    assert "by-hand.yaml:" in kept.text
    assert not file(mine, "mine").exists()


def test_a_draft_is_made_of_five_answers(client: TestClient, mine: App) -> None:
    page = client.post("/desk/scenarios/new", data=ANSWERS | {"base": "burnout"}).text
    assert "id: marco-bianchi\n" in page
    assert "A draft, not saved yet" in page
    assert "Assumed: pronouns" in page
    assert not file(mine, "marco-bianchi").exists()
    short = client.post("/desk/scenarios/new", data=ANSWERS | {"happened": "x"})
    assert (short.status_code, "“What happened?” needs a little more" in short.text) == (400, True)
    assert "That he breaks down." in short.text
    nobody = client.post("/desk/scenarios/new", data=ANSWERS | {"base": "gone"})
    assert (nobody.status_code, "There is no built-in scenario" in nobody.text) == (400, True)
    client.post("/desk/scenarios/save", data={"text": MINE.replace("id: mine", "id: marco-bianchi")})
    assert "id: marco-bianchi-2\n" in client.post("/desk/scenarios/new", data=ANSWERS | {"whole": "yes"}).text


def test_a_named_content_folder_is_where_it_is_saved(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    made = App(Settings(home=tmp_path / "home", content=own))
    made.save(MINE)
    assert (own / SCENARIOS / "mine.yaml").is_file()
    assert not (tmp_path / "home" / "content").exists()
