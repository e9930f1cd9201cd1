"""Measuring an engine: the shipped one has no spread, a model is asked anew each time, the test server is no engine."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from coach.critique.reliability import Reliability
from coach.errors import InputError
from eval.bench.llm_server import LLMServer, Mood
from eval.bench.model_answers import Player
from eval.suite import __main__ as suite
from eval.suite.measuring import Measuring, kept, measure, retest, table, write


@pytest.fixture(autouse=True)
def home(share_index, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share_index(own_home)
    import sys

    monkeypatch.setattr(sys.modules["coach.evaluation.agreement"], "RESAMPLES", 50)


def test_the_shipped_engine_gives_the_same_again_and_its_figures_are_kept(tmp_path: Path) -> None:
    app = Measuring.with_coder("offline")
    runs = app.runs(2, first=4)
    assert [line["levels"] for line in runs[0]] == [line["levels"] for line in runs[1]]
    measured = measure(app, runs)
    assert measured.retest is not None
    assert (measured.retest.level_sd, measured.retest.levels_same, measured.retest.overall_same) == (0, 1, 1)
    old = measured.model_copy(update={"coder": "local-before"})
    other = measured.model_copy(update={"coder": "openai:x/code-abc"})
    known = kept(Reliability(needed=0.6, engines=(old, other)), measured)
    assert [one.coder for one in known.engines] == [measured.coder, "openai:x/code-abc"]
    write(known, tmp_path / "reliability.yaml")
    assert Reliability.model_validate(yaml.safe_load((tmp_path / "reliability.yaml").read_text("utf-8"))) == known
    assert f"`{measured.coder}`" in table(known.engines)


def test_runs_that_differ_have_a_spread() -> None:
    def run(level: int | None, overall: int) -> list[dict[str, object]]:
        from coach.domain import PRINCIPLES

        return [{"levels": {**dict.fromkeys(PRINCIPLES), "data": level}, "overall": overall}]

    found = retest([run(2, 3), run(4, 3)])
    assert found.levels_same == pytest.approx(12 / 13, abs=0.001)
    assert found.level_sd == pytest.approx(2**0.5, abs=0.001)
    assert (found.overall_same, found.overall_sd) == (1, 0)
    assert retest([run(None, 3), run(4, 4)]).level_sd == 0


def test_the_test_server_is_asked_anew_and_never_shown_as_an_engine(
    model_env: LLMServer, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"openai:{model_env.model}"
    assert suite.main(["--model", name, "--repeat", "2", "--first", "2"]) == 0
    said = capsys.readouterr().out
    assert said == "The test server answered for 2 conversations; its agreement says nothing.\n"
    assert len(model_env.requests) == 4
    assert isinstance(model_env.answer, Player)


def test_a_model_that_fails_is_not_measured_in_its_name(model_env: LLMServer) -> None:
    model_env.mood = Mood(status=401)
    with pytest.raises(InputError, match="readings failed"):
        Measuring.with_coder(f"openai:{model_env.model}").runs(2, first=1)


def test_one_run_has_no_spread(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        suite.main(["--repeat", "1"])
    assert "one run has no spread" in capsys.readouterr().err
