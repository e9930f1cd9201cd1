"""The page: choose, read the brief, talk, end, say how it went, read the critique.

Gradio is the chat and the controls; what is read comes from the shared templates. Each pane is a module of
``coach/web/panes``; here they are put together, and one of them is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.data_classes import GradioModel, GradioRootModel
from gradio.events import Dependency

from coach.app import OWNER, App
from coach.errors import CoachError
from coach.web import views
from coach.web.panes import Brief, Choose, Pane, Read, Reflect, Rewind, Talk, Update, unseen

# Gradio's list of messages scrolls; without a mouse that needs a place to stand. Where the list gives way to a longer
# answer or a hint below it, its last words stay in sight.
SCROLLABLE = """
  for (const talk of document.querySelectorAll('.talked .bubble-wrap:not([tabindex])')) {
    let height = talk.clientHeight;
    talk.tabIndex = 0;
    new ResizeObserver(() => {
      const below = talk.scrollHeight - talk.scrollTop - height;
      talk.scrollTop = below < 160 ? talk.scrollHeight : talk.scrollTop + height - talk.clientHeight;
      height = talk.clientHeight;
    }).observe(talk);
  }"""
# The address names the session, so that a reload or a bookmark leads back to it. Where the control that had the focus
# is gone with its pane, the focus goes to what is shown now, so that keyboard and screen reader go on from there.
TO_SESSION = (
    f"(id) => {{ {SCROLLABLE}"
    + """
  history.replaceState(null, '', id ? '?session=' + id : location.pathname);
  if (document.activeElement && document.activeElement !== document.body) return;
  const pane = [...document.querySelectorAll('.pane')].find((pane) => pane.offsetParent);
  const next = pane?.querySelector('#words textarea:not([disabled])') ?? pane;
  if (next === pane) pane?.setAttribute('tabindex', '-1');
  next?.focus({ preventScroll: true });
}"""
)
CLOSE, OPEN = (f"() => ({{ __type__: 'update', interactive: {able} }})" for able in ("false", "true"))
TO_TOP = "() => { window.scrollTo({ top: 0 }); }"
# What a link within the page leads to is unfolded first.
UNFOLD = """
  const unfold = () => {
    const to = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!to) return;
    for (let fold = to.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    to.scrollIntoView({ block: 'nearest' });
  };
  addEventListener('hashchange', unfold);
  document.addEventListener('click', (event) => event.target.closest?.('a[href*="#"]') && setTimeout(unfold));"""
# What a click has opened further down comes into sight and gets the focus, so that nobody has to look for it.
TO_PART = """() => setTimeout(() => {
  const part = document.getElementById('%s');
  if (!part?.offsetParent) return;
  if (part.tabIndex < 0) part.setAttribute('tabindex', '-1');
  part.scrollIntoView({ block: 'center' });
  part.focus({ preventScroll: true });
}, 50)"""
CONCURRENT = 20  # talks answered at the same time; the default of 1 makes everyone wait for everyone


def build(app: App) -> gr.Blocks:
    """Build the page for an app."""
    blocks = gr.Blocks(title="Sales leadership coach", analytics_enabled=False)
    with blocks:
        page = Page(app)
        shown = blocks.load(page.load, None, page.everything, api_visibility="private", show_progress="hidden")
        shown.then(None, js=f"() => {{ {SCROLLABLE} {UNFOLD} }}", api_visibility="private")
    return blocks


class Page:
    """The panes, of which one is shown, and what they share."""

    def __init__(self, app: App) -> None:
        """Lay the panes out and wire their controls, inside an open ``gr.Blocks``."""
        self.app = app
        # Hidden, not a State: the address in the browser is made from it.
        self.session_id = unseen("session-id")
        gr.HTML(views.top(app), padding=False, elem_classes="top")
        self.choose = Choose(self, visible=True)
        self.brief = Brief(self)
        self.talk = Talk(self)
        self.reflect = Reflect(self)
        self.read = Read(self)
        self.rewind = Rewind(self)
        self.panes: tuple[Pane, ...] = (
            self.choose, self.brief, self.talk, self.reflect, self.read, self.rewind,
        )  # fmt: skip
        changing = [part for pane in self.panes for part in (pane.column, *pane.parts)]
        self.everything = [self.session_id, *changing]
        for pane in self.panes:
            pane.wire()

    def on(
        self,
        trigger: Callable[..., Dependency],
        handler: Callable[..., Any],
        *inputs: gr.blocks.Block,
        top: bool = False,
        to: str = "",
        changes: Sequence[gr.blocks.Block] = (),
        closes: gr.blocks.Block | None = None,
    ) -> None:
        """Have a control call a handler, which returns an update of any parts of any panes.

        Args:
            trigger: the control's event.
            handler: gets the values of the inputs; a generator may update several times.
            inputs: the controls whose values it gets. Values come from a browser and prove nothing.
            top: whether the window goes back to its top afterwards.
            to: the id of what comes into sight and gets the focus afterwards.
            changes: all that the handler, then a generator, gives new values, where time counts: Gradio makes every
                control that a handler may change anew with every update, and takes a thread of its own for each; so
                these few are made where the handler runs. Left out, it may change anything.
            closes: the control that the browser closes meanwhile, until the last update has come, or none comes any
                more. Were it closed from here, Gradio would make it anew, and what it remembers of the page with it.
        """
        if closes is not None:  # before the handler is called: a page does one after the other
            trigger(None, None, closes, js=CLOSE, api_visibility="private")
        done: Dependency = trigger(
            _made(handler) if changes else handler,
            list(inputs),
            list(changes or self.everything),
            postprocess=not changes,
            api_visibility="private",
            concurrency_limit=CONCURRENT,
            show_progress="hidden",
        )
        if closes is not None:
            done = done.then(None, None, closes, js=OPEN, api_visibility="private")
        addressed: Dependency = done.then(None, self.session_id, None, js=TO_SESSION, api_visibility="private")
        if top:
            addressed.then(None, js=TO_TOP, api_visibility="private")
        if to:
            addressed.then(None, js=TO_PART % to, api_visibility="private")

    def load(self, request: gr.Request) -> Update:
        """Show the session, a moment of it or the brief that the address names, or the choice."""
        asked = request.query_params.get("session", "")
        if asked and (turn := request.query_params.get("rewind")):
            return self.rewind.look(asked, turn)
        chosen = self.app.library.scenarios.get(request.query_params.get("scenario", ""))
        if chosen and not asked:
            following = views.suggestion(self.app)
            level = following.difficulty if following.scenario.id == chosen.id else chosen.difficulty
            return self.brief.choose(chosen.id, level)
        # Without a session the choice is there already; a click may even have left it by now.
        return self.conversation(asked) if asked else self.choose.choices()

    def home(self, told: str = "") -> Update:
        """Show what can be practised, under a sentence on what has just been done."""
        return {**self.show(self.choose), self.session_id: "", **self.choose.choices(told)}

    def conversation(self, session_id: str) -> Update:
        """Show a session where it stands, from the store; begin anew if it is gone."""
        try:
            session = self.app.practice.resume(OWNER, session_id)
            self.app.practice.scenario(session)
        except CoachError:  # it was deleted, or its scenario was
            return self.home()
        if not session.ended_at:
            pane: Pane = self.talk
        elif not any(turn.speaker == "manager" for turn in self.app.store.path(session)):
            return self.home()
        else:
            pane = self.read if self.app.store.critique(session) else self.reflect
        return {**self.show(pane), self.session_id: session.id, **self.talk.shown(session), **pane.shown(session)}

    def show(self, chosen: Pane) -> Update:
        """Show one pane and hide the others."""
        return {pane.column: gr.update(visible=pane is chosen) for pane in self.panes}


def _made(handler: Callable[..., Iterator[Update]]) -> Callable[..., Iterator[Update]]:
    """Turn what a generator yields into what the browser takes, in the generator's own thread."""

    def run(*values: object) -> Iterator[Update]:
        for update in handler(*values):
            yield {part: _wire_form(part, value) for part, value in update.items()}

    return run


def _wire_form(part: Component, value: object) -> object:
    made = part.postprocess(value)  # type: ignore[no-untyped-call]
    return made.model_dump() if isinstance(made, GradioModel | GradioRootModel) else made
