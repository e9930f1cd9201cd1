"""Models: any OpenAI-compatible endpoint, or another LangChain provider. The authored floor needs none."""

from coach.models.agent import Agent
from coach.models.cache import Answers, Remembering
from coach.models.chat import ChatModel, Message
from coach.models.names import OFFLINE, ModelName, parse
from coach.models.providers import destination, open_model
from coach.models.structured import Structured
from coach.models.usage import Meter, approximate_tokens, metering, usage_of

__all__ = [
    "OFFLINE",
    "Agent",
    "Answers",
    "ChatModel",
    "Message",
    "Meter",
    "ModelName",
    "Remembering",
    "Structured",
    "approximate_tokens",
    "destination",
    "metering",
    "open_model",
    "parse",
    "usage_of",
]
