"""The smallest FastAPI application that logs with Atalaia.

Run it with ``uvicorn --app-dir examples asgi_app:app``, ask for http://127.0.0.1:8000/api/chamados/7 and read
``logs/example-<date>.ndjson``.
"""

# ruff: noqa: INP001 - a script to copy from, not a package

from __future__ import annotations

from fastapi import FastAPI

import logging_lib
from logging_lib.asgi import AtalaiaASGI

logging_lib.configure(service="example", environment="development")
log = logging_lib.get_logger(__name__)

api = FastAPI()


@api.get("/api/chamados/{ticket_id}")
async def show_ticket(ticket_id: int) -> dict[str, int | str]:
    """Show one invented ticket."""
    await log.ainfo("ticket shown", ticket=ticket_id)
    return {"id": ticket_id, "situacao": "aberto"}


app = AtalaiaASGI(api)  # around the whole: what uvicorn is told to serve
