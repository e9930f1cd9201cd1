"""Recorded conversations, whatever file they come in."""

from coach.transcripts.jsonl import TranscriptForm
from coach.transcripts.source import FORMATS, read_transcripts
from coach.transcripts.unreadable import Unreadable

__all__ = ["FORMATS", "TranscriptForm", "Unreadable", "read_transcripts"]
