"""One real talk that starts badly and recovers; questions are asked about it."""

from __future__ import annotations

import pytest

from coach.app import App
from coach.debrief.asking import Casebook
from eval.asking.__main__ import played


@pytest.fixture(scope="session")
def book(app: App) -> Casebook:
    return played(app)
