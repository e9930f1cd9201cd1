"""A model is chosen by name; a name of no known form is answered with the forms there are."""

from __future__ import annotations

import pytest

from coach.errors import ModelError
from coach.models import OFFLINE, ModelName, parse


def test_offline_is_always_there() -> None:
    assert parse(" offline ").offline
    assert str(parse(OFFLINE)) == "offline"


@pytest.mark.parametrize("name", ["openai:gpt-9", "nobody:at-home", "openai:org/model:7b", "azure_openai:x"])
def test_a_provider_and_a_model_are_kept_as_chosen(name: str) -> None:
    found = parse(name)
    assert found == ModelName(*name.split(":", 1))
    assert not found.offline
    assert str(found) == name


@pytest.mark.parametrize("name", ["", "Offline", "gpt-9", "openai", "openai:", ":x", "open ai:x", "openai:a b"])
def test_a_name_of_no_known_form_is_answered_with_how_to_choose(name: str) -> None:
    with pytest.raises(ModelError) as raised:
        parse(name)
    message = str(raised.value)
    assert repr(name) in message
    assert "offline" in message.replace(repr(name), "")
    assert "--model" in message
    assert "COACH_MODEL" in message


def test_a_pasted_page_is_not_repeated_as_a_model_name() -> None:
    with pytest.raises(ModelError) as raised:
        parse("x\n" * 5000)
    assert len(str(raised.value)) < 300
