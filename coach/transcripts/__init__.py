"""Recorded conversations, whatever file they come in."""

from coach.transcripts.formats import FORMATS
from coach.transcripts.forms import TranscriptForm
from coach.transcripts.roster import RosterRow
from coach.transcripts.source import read_transcripts, recording_files, transcript_of
from coach.transcripts.unreadable import Unreadable

__all__ = [
    "FORMATS",
    "RosterRow",
    "TranscriptForm",
    "Unreadable",
    "read_transcripts",
    "recording_files",
    "transcript_of",
]
