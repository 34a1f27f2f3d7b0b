"""The set-up jobs of the ELK deployment, run with a real curl against a server that records what it is asked."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    method: str
    path: str
    credentials: str
    body: bytes


@dataclass
class Recorder:
    """A local HTTP server in the place of Elasticsearch; it answers everything alike and remembers it."""

    status: int = 200
    answer: bytes = b"{}"
    requests: list[Request] = field(default_factory=list)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on loopback while the block runs, and give the address."""
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Record the request and send the recorder's answer."""
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                sent = self.headers.get("Authorization", "").removeprefix("Basic ")
                credentials = base64.b64decode(sent).decode()
                recorder.requests.append(Request(self.command, self.path, credentials, body))
                self.send_response(recorder.status)
                self.send_header("Content-Length", str(len(recorder.answer)))
                self.end_headers()
                self.wfile.write(recorder.answer)

            def do_PUT(self) -> None:
                """Answer as to a POST."""
                self.do_POST()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_address[1]}"
            server.shutdown()
            thread.join()


def run_job(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Lay out a set-up container's files as the compose file mounts them, and run its script."""
    for name in ("http", script):
        shutil.copy2(ROOT / "docker" / name, folder / name)
    shutil.copytree(ROOT / "elasticsearch", folder / "elasticsearch")
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(folder), **variables}
    return subprocess.run(["bash", folder / script], env=environment, check=False, capture_output=True, text=True)


PASSWORDS = {
    "ELASTIC_PASSWORD": 'el"as\\tic: 1',
    "KIBANA_PASSWORD": 'ki"ba\\na',
    "LOGSTASH_PASSWORD": "log$tash`",
    "ANALYZERS_PASSWORD": "ana'lyzers",
}
"""Characters that mean something to a shell, to JSON or to curl's configuration."""


STREAMS = (
    "logs-web.request-*",
    "logs-app.event-*",
    "logs-sql.query-*",
    "metrics-host.system-*",
    "metrics-postgresql.server-*",
    "metrics-redis.server-*",
)
"""What the pipelines write."""
LEDGER = "metrics-sla.slice-*"
"""What the analyses write: the SLA ledger."""


def test_the_setup_job_installs_templates_roles_and_users(tmp_path: Path) -> None:
    """Components come before the template composed of them; passwords arrive as they are, whatever they contain."""
    server = Recorder()
    with server.serving() as address:
        done = run_job(tmp_path, "setup-elasticsearch", ELASTICSEARCH_URL=address, **PASSWORDS)
    assert done.returncode == 0, done.stderr
    templates = [
        f"/_{kind}_template/{path.stem}"
        for kind in ("component", "index")
        for path in sorted((ROOT / "elasticsearch" / f"{kind}_templates").glob("*.json"))
    ]
    assert [request.path for request in server.requests] == [
        *templates,
        "/_security/role/atalaia_writer",
        "/_security/role/atalaia_reader",
        "/_security/user/atalaia_logstash",
        "/_security/user/atalaia_analyzers",
        "/_security/user/kibana_system/_password",
    ]
    assert {request.credentials for request in server.requests} == {f"elastic:{PASSWORDS['ELASTIC_PASSWORD']}"}
    bodies = [json.loads(request.body) for request in server.requests]
    installed = ROOT / "elasticsearch" / "index_templates" / "atalaia-logs-web.request.json"
    web = templates.index("/_index_template/atalaia-logs-web.request")
    assert bodies[web] == json.loads(installed.read_text(encoding="utf-8"))
    assert bodies[-3] == {"roles": ["atalaia_writer"], "password": PASSWORDS["LOGSTASH_PASSWORD"]}
    assert bodies[-2] == {"roles": ["atalaia_reader"], "password": PASSWORDS["ANALYZERS_PASSWORD"]}
    assert bodies[-1] == {"password": PASSWORDS["KIBANA_PASSWORD"]}


def test_the_writer_cannot_change_and_the_reader_can_only_add_to_the_ledger() -> None:
    """The accounts of Logstash and of the analyses have the least privileges their work needs."""
    script = (ROOT / "docker" / "setup-elasticsearch").read_text(encoding="utf-8")
    roles = [json.loads(body) for body in re.findall(r"put \"role \w+\" \S+ '(\{.*?\n\})'", script, re.DOTALL)]
    privileges = [set(index["privileges"]) for role in roles for index in role["indices"]]
    assert privileges == [
        {"auto_configure", "create_doc", "view_index_metadata"},
        {"read", "view_index_metadata"},
        {"read", "view_index_metadata", "auto_configure", "create_doc", "maintenance"},
    ]


def test_the_accounts_may_use_every_stream_that_a_template_is_for() -> None:
    """The patterns of the roles are those of the index templates: no stream is forgotten, none is beside them."""
    script = (ROOT / "docker" / "setup-elasticsearch").read_text(encoding="utf-8")
    roles = [json.loads(body) for body in re.findall(r"put \"role \w+\" \S+ '(\{.*?\n\})'", script, re.DOTALL)]
    files = (ROOT / "elasticsearch" / "index_templates").glob("*.json")
    patterns = {pattern for file in files for pattern in json.loads(file.read_text("utf-8"))["index_patterns"]}
    assert patterns == {*STREAMS, LEDGER}
    names = [set(index["names"]) for role in roles for index in role["indices"]]
    assert names == [set(STREAMS), set(STREAMS), {LEDGER}]


def test_the_setup_job_stops_at_the_first_refusal(tmp_path: Path) -> None:
    """A refused template ends the job with the server's words, so that nothing starts on a half-made set-up."""
    server = Recorder(status=400, answer=b'{"error":"unknown setting [x]"}')
    with server.serving() as address:
        done = run_job(tmp_path, "setup-elasticsearch", ELASTICSEARCH_URL=address, **PASSWORDS)
    assert done.returncode == 1
    assert len(server.requests) == 1
    assert "component template atalaia-app.event: status 400" in done.stderr
    assert "unknown setting [x]" in done.stderr


def test_passwords_are_not_left_behind(tmp_path: Path) -> None:
    """The temporary files that hold credentials are gone when the job ends, and its output does not show them."""
    server = Recorder()
    with server.serving() as address:
        done = run_job(tmp_path, "setup-elasticsearch", ELASTICSEARCH_URL=address, **PASSWORDS)
    left = list(tmp_path.glob("tmp.*"))
    assert left == []
    assert [word for word in PASSWORDS.values() if word in done.stdout + done.stderr] == []
