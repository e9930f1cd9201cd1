"""What comes out: result lines for tools, rendered pages, tables and prints for people."""

from coach.reports.junit import Case, write_junit
from coach.reports.lines import critique_line, failed_line
from coach.reports.paper import write_critique
from coach.reports.render import render
from coach.reports.write import write_reports

__all__ = ["Case", "critique_line", "failed_line", "render", "write_critique", "write_junit", "write_reports"]
