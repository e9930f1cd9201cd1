"""Authored content: found, read, checked. Trainers write it, nothing here invents any."""

from coach.content.drafts import MAX_BYTES, Draft, discard, drafted, put, saved, scenario_files, version
from coach.content.exchanges import Exchange, read_exchanges
from coach.content.library import Library, load_library, load_scenarios
from coach.content.lint import Finding, lint, placed, where
from coach.content.own import keep, own_files, remove, written
from coach.content.places import OWN, SCENARIOS, SCRIPTS, Places, digest
from coach.content.portraits import DEFAULT, Look, load_looks
from coach.content.prompts import Prompt, read_prompt
from coach.content.yaml_forms import line_of, read_text, read_yaml

__all__ = [
    "DEFAULT",
    "MAX_BYTES",
    "OWN",
    "SCENARIOS",
    "SCRIPTS",
    "Draft",
    "Exchange",
    "Finding",
    "Library",
    "Look",
    "Places",
    "Prompt",
    "digest",
    "discard",
    "drafted",
    "keep",
    "line_of",
    "lint",
    "load_library",
    "load_looks",
    "load_scenarios",
    "own_files",
    "placed",
    "put",
    "read_exchanges",
    "read_prompt",
    "read_text",
    "read_yaml",
    "remove",
    "saved",
    "scenario_files",
    "version",
    "where",
    "written",
]
