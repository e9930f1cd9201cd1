"""Authored content: found, read, checked. Trainers write it, nothing here invents any."""

from coach.content.exchanges import Exchange, read_exchanges
from coach.content.library import Library, load_library, load_scenarios
from coach.content.places import Places, digest
from coach.content.prompts import Prompt, read_prompt
from coach.content.yaml_forms import line_of, read_text, read_yaml

__all__ = [
    "Exchange",
    "Library",
    "Places",
    "Prompt",
    "digest",
    "line_of",
    "load_library",
    "load_scenarios",
    "read_exchanges",
    "read_prompt",
    "read_text",
    "read_yaml",
]
