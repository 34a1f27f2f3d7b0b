"""The help desk of the demonstration for a few seconds, in a process of its own, with its logs of every kind.

``python -m tests.kibana.demonstration FOLDER ENVIRONMENT DATABASE-URL``: requests that end well and with 401, 404 and
500, log lines, and one page more, whose SQL statements are all told as slow.
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from pathlib import Path

import sqlalchemy

import logging_lib
from atalaia.demo.helpdesk import SERVICE, HelpdeskSettings, create_app
from atalaia.demo.helpdesk.incident import Incident
from logging_lib.sqlalchemy import observe

SLOW = 1e-6
"""Every statement is a slow one."""


def main(folder: Path, environment: str, database: str) -> None:
    """Serve some requests and end."""
    logging_lib.configure(service=SERVICE, environment=environment, directory=folder, console=False)
    incident = Incident(delay=2.1, failing_share=0.5)
    app = create_app(HelpdeskSettings(secret_key="for a test only", incident=incident))  # noqa: S106 - of this process
    engine = sqlalchemy.create_engine(database)
    observe(engine, slow=SLOW)

    @app.get("/relatorio-sql")
    def with_sql() -> str:
        with engine.connect() as connection:
            rows = connection.execute(sqlalchemy.text("SELECT n FROM generate_series(1, 10) AS n")).all()
        logging_lib.get_logger(__name__).warning("report made", rows=len(rows))
        return str(len(rows))

    client = app.test_client()
    for _ in range(5):
        assert client.get("/relatorio-sql").status_code == HTTPStatus.OK
        client.post("/login", data={"usuario": "usuario01", "senha": "wrong"})
        client.get("/.env")
        client.get("/api/chamados")
    with incident.going_on():
        for _ in range(8):
            client.get("/api/chamados")
        client.get("/relatorios")
    logging_lib.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
