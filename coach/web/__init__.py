"""The web app: Gradio for the chat and the controls, FastAPI for the rest."""

from coach.web.server import create_server, serve

__all__ = ["create_server", "serve"]
