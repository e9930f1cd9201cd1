"""A model that may look things up before it answers: LangChain's agent, bounded in steps and time.

A failing call is not tried again: whoever asks has an answer without a model at hand, and nobody likes to wait.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from coach.errors import ModelError
from coach.models.chat import GIVEN_UP, ChatModel, late
from coach.models.failures import explain
from coach.models.usage import count

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
    from langchain_core.language_models import BaseChatModel

MAX_CALLS = 6  # of the model, for one answer
MAX_TOOL_CALLS = 10
STEPS_A_CALL = 8  # of the graph, middleware included: more than a call can take, so that the limits above end it
Form = TypeVar("Form", bound=BaseModel)
Tool = Callable[..., str]
"""A function with a docstring and annotated arguments, which the model is told; it returns text and never raises."""


class Agent:
    """Asks one model that may call tools; safe to share between threads."""

    def __init__(self, model: ChatModel) -> None:
        """Take the model, whose places it shares."""
        self._model = model
        self.name = model.name

    def ask(self, system: str, question: str, tools: Sequence[Tool], form: type[Form], deadline: float) -> Form:
        """An answer that fits the form.

        Args:
            system: what the model is and may do.
            question: what is asked, as data.
            tools: what it may call.
            form: of the answer; its docstring and fields are told to the model.
            deadline: seconds for everything, the wait for a free place included.

        Raises:
            ModelError: if a call fails, the time or the steps are over, or no answer fits the form.
        """
        end = time.monotonic() + deadline
        with self._model.lent(deadline) as client:
            arrived: queue.Queue[Any] = queue.Queue()
            given_up = threading.Event()

            def work() -> None:
                GIVEN_UP.set(given_up)
                try:
                    arrived.put(self._run(client, system, question, tools, form, end, given_up))
                except Exception as error:  # noqa: BLE001 - the border to any vendor; told to the user as ModelError
                    arrived.put(error if isinstance(error, ModelError) else explain(error, self.name))

            threading.Thread(target=copy_context().run, args=(work,), daemon=True).start()
            try:
                found = arrived.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise late(self.name, deadline) from None
            finally:
                given_up.set()
        if isinstance(found, ModelError):
            raise found
        if not isinstance(found, form):
            raise ModelError(f"The model {self.name} gave no usable answer (it did not use the form).", "answer")
        return found

    def _run(
        self,
        client: BaseChatModel,
        system: str,
        question: str,
        tools: Sequence[Tool],
        form: type[Form],
        end: float,
        given_up: threading.Event,
    ) -> object:
        """Run the agent to its answer; None if it ends without one."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
        from langchain.agents.structured_output import ToolStrategy
        from langchain_core.messages import HumanMessage
        from langchain_core.tools import tool

        bounds: list[AgentMiddleware[Any, Any, Any]] = [
            ModelCallLimitMiddleware(run_limit=MAX_CALLS),
            ToolCallLimitMiddleware(run_limit=MAX_TOOL_CALLS),
            _bounded(end, given_up, self._model.own_options),
        ]
        agent = create_agent(
            client,
            [tool(one) for one in tools],
            system_prompt=system,
            middleware=bounds,
            response_format=ToolStrategy(form),
        )
        asked = {"messages": [HumanMessage(question)]}
        state = agent.invoke(asked, {"recursion_limit": STEPS_A_CALL * MAX_CALLS})  # type: ignore[call-overload]
        return state.get("structured_response")


def _bounded(end: float, given_up: threading.Event, own_options: bool) -> AgentMiddleware[Any, Any]:
    """Give each call the time that is left, and count it."""
    from langchain.agents.middleware import AgentMiddleware

    class Bounded(AgentMiddleware[Any, Any]):
        def wrap_model_call(
            self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
        ) -> ModelResponse[Any]:
            if given_up.is_set():
                raise ModelError("Nobody waits for this answer any more.", "deadline")
            left = {"timeout": max(0.1, end - time.monotonic())} if own_options else {}
            count(0, 0)  # a call that fails is a call too
            answered = handler(request.override(model_settings={**request.model_settings, **left}))
            for message in answered.result:
                used = getattr(message, "usage_metadata", None)
                if used:
                    count(used["input_tokens"], used["output_tokens"], calls=0)
            return answered

    return Bounded()
