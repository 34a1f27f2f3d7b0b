"""The smallest Flask application that logs with Atalaia.

Run it with ``flask --app examples/flask_app run``, ask for http://127.0.0.1:5000/api/chamados/7 and read
``logs/example-<date>.ndjson``.
"""

# ruff: noqa: INP001 - a script to copy from, not a package

from __future__ import annotations

from flask import Flask

import logging_lib
from logging_lib.flask import AtalaiaFlask

logging_lib.configure(service="example", environment="development")
log = logging_lib.get_logger(__name__)

app = Flask(__name__)
AtalaiaFlask(app)


@app.get("/api/chamados/<int:ticket_id>")
def show_ticket(ticket_id: int) -> dict[str, int | str]:
    """Show one invented ticket."""
    log.info("ticket shown", ticket=ticket_id)
    return {"id": ticket_id, "situacao": "aberto"}
