"""``coach doctor``: what is configured and what is missing."""

from __future__ import annotations

import os

import pytest

import coach as package
from coach.errors import KnowledgeError

CHECKS = ("folder can be written", "content", "coder", "knowledge index", "database")


def test_a_sound_installation(coach, own_home):
    result = coach("doctor")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"coach {package.__version__} on Python ")
    assert f"stores everything in {own_home}" in result.out
    assert "voice: offline" in result.out
    assert "MISSING" not in result.out
    assert all(f"ok       {check}: " in result.out for check in CHECKS)


def test_own_content_is_named(coach, tmp_path):
    assert f"own content: {tmp_path}" in coach("doctor", "--content", tmp_path).out


def test_a_home_that_is_a_file_is_told_with_what_to_do(coach, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "file"))
    result = coach("doctor")
    assert result.code == 2
    for check in ("folder can be written", "knowledge index", "database"):
        assert f"MISSING  {check}: " in result.out
    assert "set COACH_HOME to a folder of yours" in result.out
    assert "ok       content: " in result.out
    assert "Everything is in place" not in result.out


def test_a_home_without_leave_to_write_is_told(coach, own_home, monkeypatch):
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, *rest, **more: path != own_home and access(path, *rest, **more))
    result = coach("doctor")
    assert result.code == 2
    assert "cannot be written; set COACH_HOME to a folder of yours" in result.out


def test_broken_content_is_told_and_the_rest_is_still_checked(coach, tmp_path):
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge/principles.yaml").write_text("- id: vision\n")
    result = coach("doctor", "--content", tmp_path)
    assert result.code == 2
    assert "MISSING  content: " in result.out
    assert "principles.yaml:1" in result.out
    assert "ok       database: " in result.out


def test_a_database_that_is_none_is_told(coach, own_home):
    (own_home / "coach.db").write_bytes(b"no database at all, only words " * 50)
    result = coach("doctor")
    assert result.code == 2
    assert "MISSING  database: " in result.out
    assert str(own_home / "coach.db") in result.out


@pytest.mark.parametrize("fault", ["finds nothing", "is broken"])
def test_an_index_that_does_not_serve_is_told(coach, monkeypatch, fault):
    def search(*_args: object) -> list[object]:
        if fault == "is broken":
            raise KnowledgeError("The knowledge index is broken.")
        return []

    monkeypatch.setattr("coach.knowledge.KnowledgeBase.search", search)
    result = coach("doctor")
    assert result.code == 2
    assert "MISSING  knowledge index: The knowledge " in result.out
    assert fault in result.out
