"""The rules page shows every weight, so that no score rests on a hidden rule."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape

from coach.reports.render import upfirst
from coach.web.api import create_api
from coach.web.rules import router


@pytest.fixture
def page(web_app) -> str:
    api = create_api(web_app)
    api.include_router(router)
    with TestClient(api) as client:
        answer = client.get("/rules")
    assert answer.status_code == 200
    return answer.text


def test_every_principle_and_every_weight_is_there(web_app, page):
    rubric, library = web_app.critic.rubric, web_app.library
    for id_, rule in rubric.principles.items():
        assert upfirst(library.acts[id_]) in page
        for code, weight in {**rule.scale.support, **rule.scale.against}.items():
            assert not weight or f"{escape(library.acts[code])}&nbsp;{weight}" in page
    for scale in (rubric.overall, rubric.lean):
        assert f"Start {scale.start}, up {scale.up}, down {scale.down}" in page
    assert all(cap.name in page for cap in rubric.caps)
    assert "no language model decides a level" in page
    assert "of three or more questions in one turn only the last can show something good" in page


def test_how_far_to_trust_the_engine_is_published_with_the_bar(web_app, page):
    made = web_app.provenance(None)
    assert all(part in page for part in (made.coder, made.basis, made.content, "is at least 0.6"))
    assert "so they decide nothing" in page, "levels of the shipped engine are below the bar"
