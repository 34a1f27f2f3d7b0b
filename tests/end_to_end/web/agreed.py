"""What the tests of drill-downs and of the agreement have beside the requests: a contract, and slow statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.store.document import Document
from analyzers.store.open import open_store

STATEMENTS: Final = (("SELECT", 3, 2.0), ("UPDATE", 1, 5.0))
"""Type, how many slow statements of it there are, and how long each takes."""
NOON: Final = datetime(2024, 1, 15, 12, tzinfo=UTC)
"""When the hour of requests ends that the contract judges."""
REASON: Final = "<b>new disk</b>"
_STREAM: Final = "logs-sql.query-production"


def write_contract(path: Path) -> None:
    """Write a contract: by month 99.9 % of requests do not fail, and 50 % of one endpoint; an hour was excluded."""
    path.write_text(
        f"""
service = "ti-osn"
zone = "UTC"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
target = 99.9
periods = ["month", "day"]
[[objective]]
name = "tickets"
kind = "availability"
target = 50
route = "/api/chamados"
[[exclusion]]
from = {(NOON - timedelta(hours=3)).isoformat()}
to = {(NOON - timedelta(hours=2)).isoformat()}
reason = "{REASON}"
approved_by = "Ana Souza"
""",
        encoding="utf-8",
    )


def add_statements(store: Path) -> None:
    """Store slow statements of the last minutes, all of one endpoint."""
    now = datetime.now(tz=UTC)
    kinds = [(kind, seconds) for kind, number, seconds in STATEMENTS for _ in range(number)]
    documents = [
        Document(
            _STREAM,
            f"sql-{place}",
            {
                "@timestamp": (now - timedelta(minutes=place + 1)).isoformat(),
                "sql": {
                    "operation": kind,
                    "text": f"{kind} <i>chamados</i> $1",
                    "endpoint": "/api/chamados",
                    "duration": {"sec": seconds},
                },
            },
        )
        for place, (kind, seconds) in enumerate(kinds)
    ]
    with open_store(str(store), writable=True) as opened:
        assert opened.append(documents).stored == len(documents)
