"""The panes of the page, of which one is shown; each lays out its own controls and says what they do."""

from coach.web.panes.brief import Brief
from coach.web.panes.choose import Choose
from coach.web.panes.pane import Pane, Update, unseen
from coach.web.panes.read import Read
from coach.web.panes.reflect import Reflect
from coach.web.panes.rewind import Rewind
from coach.web.panes.talk import Talk

__all__ = ["Brief", "Choose", "Pane", "Read", "Reflect", "Rewind", "Talk", "Update", "unseen"]
