"""``coach report``: reports of a folder of results, made anew."""

from __future__ import annotations

import json

from coach.domain import Provenance
from coach.reports.lines import failed_line


def test_reports_are_made_and_named_and_what_is_wrong_is_one_sentence(coach, tmp_path):
    assert coach("report", tmp_path).err.startswith(f"coach: There are no results in {tmp_path}")
    (tmp_path / "critiques.jsonl").write_text(json.dumps(failed_line("a", "torn", Provenance())) + "\n")
    made = coach("report", tmp_path)
    assert (made.code, made.err) == (0, "")
    assert made.out.split() == [
        str(tmp_path / name) for name in ("report.html", "results.xlsx", "conversations.csv", "junit.xml", "roster.csv")
    ]
    told = coach("report", tmp_path, "--pdf", "a")
    assert (told.code, told.out) == (2, "")
    assert told.err == "coach: a was not scored (torn), so there is no critique to hand over.\n"
