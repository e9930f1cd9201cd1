"""A folder of results becomes reports, whole or not at all; older folders, too."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree  # our own file

import pytest
from pypdf import PdfReader
from result_lines import MADE_BY, TALK, failed, finding, result, write

from coach.content import Library
from coach.domain import About
from coach.errors import InputError
from coach.reports import write_critique, write_reports
from coach.reports.lines import Said
from coach.reports.results import line_at, read_lines, row_of
from coach.reports.trust import trust
from coach.transcripts import read_transcripts

NAMES = ["report.html", "results.xlsx", "conversations.csv", "junit.xml", "roster.csv"]


def test_all_reports_are_written_and_nothing_else(tmp_path: Path, library: Library) -> None:
    made = write_reports(write(tmp_path, [result(), failed()]), library)
    assert [path.name for path in made] == NAMES
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES, "critiques.jsonl"])


def test_a_recording_that_failed_is_an_error_and_no_score_is_a_failure(tmp_path: Path, library: Library) -> None:
    write_reports(
        write(tmp_path, [result(team="North"), result("b", reason="fell back", overall=1), failed()]), library
    )
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314
    assert (root.get("name"), root.get("tests"), root.get("failures"), root.get("errors")) == (
        "coach evaluate", "3", "0", "1",
    )  # fmt: skip
    assert [suite.get("name") for suite in root] == ["North", "recordings"]
    assert root[1][0].findtext("system-out") == "fell back"
    error = root[1][1].find("error")
    assert error is not None
    assert error.get("message") == "f1.jsonl:1: the line is not JSON"


def test_a_failure_stands_with_its_team(tmp_path: Path, library: Library) -> None:
    torn = failed().model_copy(update={"about": About(team="North", file="f1.jsonl")})
    write_reports(write(tmp_path, [result(team="North"), torn]), library)
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314
    assert (suite.get("name"), suite.get("errors")) == ("North", "1")


def test_the_roster_can_be_mended_and_given_back(tmp_path: Path, library: Library) -> None:
    guess = About(manager="Bo", rep="Ann Lee", file="a.txt", roles="guessed: Bo asks the only question")
    lines = [result("a.txt").model_copy(update={"about": guess}), result("A.TXT"), failed()]
    path = write_reports(write(tmp_path, lines), library)[-1]
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[1] == "a.txt,Bo,Ann Lee,,,guessed: Bo asks the only question"
    path.write_text(text.replace("a.txt,Bo,Ann Lee", "a.txt,Ann Lee,Bo"), encoding="utf-8")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Bo: Hi.\nAnn: Hello.\n")
    a, b = read_transcripts([tmp_path / "a.txt", tmp_path / "b.txt"], roster=path)
    assert [one.about.manager for one in (a, b)] == ["Ann Lee", "Ann Lee"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("{\n", ":1: this is no result line"),
        ("[]\n", ":1: this is no result line"),
        ('{"id": "a"}\n', r":1: this is no result line \(codes: Field required\)"),
        ("\xff", ":1: this is no result line"),
    ],
)
def test_what_is_no_result_is_told_and_leaves_nothing(tmp_path: Path, library: Library, text: str, words: str) -> None:
    (tmp_path / "critiques.jsonl").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=words):
        write_reports(tmp_path, library)
    assert [path.name for path in tmp_path.iterdir()] == ["critiques.jsonl"]


def test_a_folder_without_results_is_told(tmp_path: Path, library: Library) -> None:
    with pytest.raises(InputError, match="run coach evaluate first"):
        write_reports(tmp_path, library)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, library: Library) -> None:
    write(tmp_path, [result()])
    (tmp_path / "report.html").mkdir()
    with pytest.raises(InputError, match=r"report.html cannot be written"):
        write_reports(tmp_path, library)


def test_lines_of_other_versions_are_read_and_found_again(tmp_path: Path) -> None:
    folder = write(tmp_path, [result("a"), result("ß", turns=())], "about")
    path = folder / "critiques.jsonl"
    newer = [json.dumps({**json.loads(line), "new": 1}) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n\n".join(newer), encoding="utf-8")
    rows = [row_of(n, at, line) for n, (at, line) in enumerate(read_lines(path))]
    with path.open("rb") as file:
        assert [line_at(file, row).id for row in reversed(rows)] == ["ß", "a"]
    assert rows[0].about == About()


def test_trust_names_every_engine_and_what_was_measured_on_these_recordings(tmp_path: Path) -> None:
    lines = [*[result(reason=f"note {n}") for n in range(5)], result(model="openai:x", reliability="Not measured.")]
    rows = [row_of(n, 0, line) for n, line in enumerate(lines)]
    agreement = tmp_path / "agreement.json"
    agreement.write_text(json.dumps({"n": 6, "levels": {"weighted_kappa": 0.517}}))
    told = trust(rows, agreement)
    assert told[0].endswith("With 6 conversations, much of what follows may be chance.")
    assert told[1:4] == [
        "For 5 recordings: Measured on 42 talks.",
        "For 1 recording: Not measured.",
        "6 of these recordings came with reference labels: the levels agree with them at 0.52 (weighted kappa; 0 is "
        "chance, 1 is full agreement).",
    ]
    assert "2 more such remarks stand in the tables." in told
    assert told[-1] == "For 1 recording: Read by openai:x, local-3."
    agreement.write_text('{"n": 6, "levels": {"weighted_kappa": null}}')
    assert len(trust(rows, agreement)) == len(told) - 1


def test_a_critique_to_hand_over_says_all_and_holds_any_script(tmp_path: Path, library: Library) -> None:
    said = "Wie geht’s — “gut”? שלום مرحبا \U0001f600 #strong[x] $1 \\ \x07 <b>"
    passed = finding("missed", 3, "Well.", better_words="And then?", better_words_from="an exchange")
    line = result(
        "a/../b c", team="North", manager="Ann", date="2026-01-05", levels={"trust": 4},
        findings=(finding("strength", 1, said), finding("slip", 3, "You always complain."), passed),
        turns=(Said(speaker="rep", text=said), *TALK[1:]), provenance=MADE_BY,
    )  # fmt: skip
    path = write_critique(write(tmp_path, [result(), line]), "a/../b c", library)
    assert path == tmp_path / "critique-a_.._b_c.pdf"
    reader = PdfReader(path)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "5 Jan 2026, Ann, a/../b c. Team North", f"Keep: {library.acts['ASK']}",
        f"Change first: {library.acts['BLAME']}", f"An opening: there was room for {library.acts['coaching']}",
        "And then?", "an exchange", "Ask first.", "#strong[x] $1 \\", "Ann, 1st reply, at 1:07", "helped most; helps:",
        "not an assessment of a person", "Measured on 42 talks.", "Look Try",
    ):  # fmt: skip
        assert words in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_critique_without_findings_or_words_can_be_handed_over_too(tmp_path: Path, library: Library) -> None:
    bare = result(findings=(), keep=None, change=None, best=None, worst=None, turns=(), plan=())
    text = PdfReader(write_critique(write(tmp_path, [bare]), "t1", library)).pages[0].extract_text()
    assert "Nothing in this conversation could be read" in text
    assert "What was said" not in text


@pytest.mark.parametrize(("id", "words"), [("none", "There is no result 'none'"), ("f1", "f1 was not scored")])
def test_what_cannot_be_handed_over_is_told(tmp_path: Path, library: Library, id: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        write_critique(write(tmp_path, [failed()]), id, library)
    assert [path.name for path in tmp_path.iterdir()] == ["critiques.jsonl"]
