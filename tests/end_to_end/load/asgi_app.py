"""The FastAPI application: ``python -m uvicorn --factory tests.end_to_end.load.asgi_app:create``."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from logging_lib.asgi import AtalaiaASGI
from tests.end_to_end.load.talking import configure, talk


def create() -> ASGIApp:
    """Return the application; each worker configures itself."""
    configure()
    app = FastAPI()

    @app.get("/pedido/{number}")
    def pedido(number: int) -> str:
        return talk(number)

    return AtalaiaASGI(app)
