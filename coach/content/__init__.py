"""Authored content: found, read, checked. Trainers write it, nothing here invents any."""

from coach.content.exchanges import Exchange, read_exchanges
from coach.content.library import Library, load_library, load_scenarios
from coach.content.lint import lint
from coach.content.own import keep, own_files, remove, written
from coach.content.places import OWN, SCENARIOS, Places, digest
from coach.content.prompts import Prompt, read_prompt
from coach.content.yaml_forms import line_of, read_text, read_yaml

__all__ = [
    "OWN",
    "SCENARIOS",
    "Exchange",
    "Library",
    "Places",
    "Prompt",
    "digest",
    "keep",
    "line_of",
    "lint",
    "load_library",
    "load_scenarios",
    "own_files",
    "read_exchanges",
    "read_prompt",
    "read_text",
    "read_yaml",
    "remove",
    "written",
]
