"""What comes out: result lines for tools, rendered pages for people."""

from coach.reports.lines import critique_line, failed_line
from coach.reports.render import render

__all__ = ["critique_line", "failed_line", "render"]
