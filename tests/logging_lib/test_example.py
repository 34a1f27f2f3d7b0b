"""The example runs as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import runpy, sys
app = runpy.run_path(sys.argv[1])["app"]
print(app.test_client().get("/api/chamados/7").get_data(as_text=True))
"""


def test_the_example_writes_the_documented_record(tmp_path: Path) -> None:
    """In an empty directory the example answers, shows its log for eyes and writes two lines of one request."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK, str(ROOT / "examples" / "flask_app.py")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == {"id": 7, "situacao": "aberto"}
    assert "ticket shown" in ran.stderr
    (file,) = (tmp_path / "logs").iterdir()
    event, request = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (event["event"], event["ticket"]) == ("ticket shown", 7)
    assert (request["endpoint"], request["service"]) == ("/api/chamados/<int:ticket_id>", "example")
    assert event["request_id"] == request["request_id"]
