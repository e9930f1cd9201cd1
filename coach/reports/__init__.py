"""What comes out: result lines for tools, rendered pages for people."""

from coach.reports.junit import Case, write_junit
from coach.reports.lines import critique_line, failed_line
from coach.reports.render import render

__all__ = ["Case", "critique_line", "failed_line", "render", "write_junit"]
