"""Models: any OpenAI-compatible endpoint, or another LangChain provider. The authored floor needs none."""

from coach.models.chat import ChatModel, Message
from coach.models.names import OFFLINE, ModelName, parse
from coach.models.providers import destination, open_model
from coach.models.structured import Structured
from coach.models.usage import Meter, metering, usage_of

__all__ = [
    "OFFLINE",
    "ChatModel",
    "Message",
    "Meter",
    "ModelName",
    "Structured",
    "destination",
    "metering",
    "open_model",
    "parse",
    "usage_of",
]
