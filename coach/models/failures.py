"""What a vendor's failure means for the person in front of it: one sentence and what to do."""

from __future__ import annotations

from coach.errors import ModelError
from coach.models.names import ModelName

MAX_WAIT = 120.0  # seconds that a server may ask us to wait


def explain(error: Exception, name: ModelName) -> ModelError:
    """Turn any vendor's exception into ours; the vendor's stays attached as the cause."""
    status = getattr(error, "status_code", None)
    body = getattr(error, "body", None)
    code = str(getattr(error, "code", None) or (body.get("code") if isinstance(body, dict) else None) or "")
    told = str(getattr(error, "type", None) or "")  # an error event in a stream has no status
    kind, sentence = _meaning(status, code, told, type(error).__name__, str(error), name)
    found = ModelError(sentence, kind)
    found.__cause__ = error
    return found


def _meaning(status: int | None, code: str, kind: str, vendor: str, text: str, name: ModelName) -> tuple[str, str]:
    if status in (401, 403):
        return "key", f"The key for {name} was refused; check OPENAI_API_KEY (or your provider's key)."
    if status == 404:
        return "unknown", f"The server does not know the model {name.model!r}; check the name and OPENAI_BASE_URL."
    if code == "insufficient_quota":
        return "quota", f"The account behind {name} has no quota left; top it up or choose another model."
    if status == 429:
        return "rate", f"The server of {name} takes no more requests right now; try again in a minute."
    if code == "context_length_exceeded" or "context length" in text or "context_length" in text:
        return "length", f"The conversation is longer than {name} can read; choose a model with a larger context."
    if status in (400, 422):
        return "request", f"The server of {name} refused the request: {text.splitlines()[0][:200] if text else code}"
    if (status is not None and status >= 500) or (status is None and kind == "server_error"):
        return "server", f"The server of {name} failed ({status or kind}); try again, or look at its log."
    if "Timeout" in vendor:
        return "deadline", f"The model {name} did not answer in time."
    if "Connect" in vendor:
        return "unreachable", f"The server of {name} cannot be reached; check OPENAI_BASE_URL and that it is running."
    return "answer", f"The answer of {name} could not be read ({vendor}); the server may not speak the OpenAI protocol."


def retry_after(error: BaseException | None) -> float:
    """Seconds the server asked us to wait, 0 if it did not say; never more than two minutes."""
    response = getattr(error.__cause__ if error else None, "response", None)
    value = response.headers.get("retry-after", "") if response is not None else ""
    try:
        seconds = float(value)
        return max(0.0, min(MAX_WAIT, seconds)) if seconds == seconds else 0.0  # not a number
    except ValueError:
        return 0.0
