"""Authored content: found, read, checked. Trainers write it, nothing here invents any."""

from coach.content.library import Library, load_library, load_scenarios
from coach.content.places import Places, digest
from coach.content.yaml_forms import line_of, read_yaml

__all__ = ["Library", "Places", "digest", "line_of", "load_library", "load_scenarios", "read_yaml"]
