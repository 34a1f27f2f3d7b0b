"""The examples run as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK_FLASK = """
import runpy, sys
app = runpy.run_path(sys.argv[1])["app"]
print(app.test_client().get("/api/chamados/7").get_data(as_text=True))
"""
ASK_ASGI = """
import runpy, sys
import httpx
from tests.logging_lib.serving import uvicorn_in_thread
with uvicorn_in_thread(runpy.run_path(sys.argv[1])["app"]) as (host, port):
    print(httpx.get(f"http://{host}:{port}/api/chamados/7").text)
"""


@pytest.mark.parametrize(
    ("example", "ask", "template"),
    [
        ("flask_app.py", ASK_FLASK, "/api/chamados/<int:ticket_id>"),
        ("asgi_app.py", ASK_ASGI, "/api/chamados/{ticket_id}"),
    ],
)
def test_the_example_writes_the_documented_record(tmp_path: Path, example: str, ask: str, template: str) -> None:
    """In an empty directory the example answers, shows its log for eyes and writes two lines of one request."""
    ran = subprocess.run(
        [sys.executable, "-c", ask, str(ROOT / "examples" / example)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == {"id": 7, "situacao": "aberto"}
    assert "ticket shown" in ran.stderr
    (file,) = (tmp_path / "logs").iterdir()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (event,) = [line for line in lines if line.get("event") == "ticket shown"]
    (request,) = [line for line in lines if "endpoint" in line]
    assert event["ticket"] == 7
    assert (request["endpoint"], request["service"]) == (template, "example")
    assert event["request_id"] == request["request_id"]
