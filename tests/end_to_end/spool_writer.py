"""Write lines as an application does, by the file sink, its days passing fast: ``DIRECTORY NAME LINES SECONDS``."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile

PER_DAY = 300


def main() -> None:
    """Append lines, a new day after every three hundred, evenly over so many seconds."""
    directory, name, lines, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    today = datetime(2024, 1, 15, 12, tzinfo=UTC)
    number = 0
    sink = DatedFile(Path(directory), Identity("app", "test"), lambda: today + timedelta(days=number // PER_DAY))
    for number in range(lines):
        record = {
            "timestamp": "2024-01-15T10:30:00.000Z",
            "level": "INFO",
            "service": "app",
            "endpoint": f"/{name}/{number}",
            "user_id": None,
            "response_time": 0.01,
            "status_code": 200,
            "user_agent": "",
            "ip_address": "192.0.2.1",
            "event_id": f"{name}-{number}",
        }
        sink.write(json.dumps(record).encode() + b"\n")
        time.sleep(seconds / lines)


if __name__ == "__main__":
    main()
