"""A server in the place of a Kibana: it keeps saved objects and answers import and export as the documentation says.

https://www.elastic.co/guide/en/kibana/current/saved-objects-api-import.html and …-export.html. It pretends to nothing
more: it draws no dashboard, and it checks only the references that the import checks.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from atalaia.kibana.objects import Json, JsonObject

Key = tuple[str, str]
CHECKED = ("index-pattern", "search")
"""The import refuses an object whose data view or search is missing; any other broken reference comes in."""
NEWEST = {"dashboard": (10, 3, 0), "search": (10, 5, 0), "index-pattern": (8, 0, 0), "tag": (8, 0, 0)}


@dataclass
class StandIn:
    """What it holds and how it is set.

    Attributes:
        spaces: Space -> the objects there, by type and id.
        authorization: The ``Authorization`` header it lets in; anybody when ``None``.
        forbidden: Whether who is let in may do nothing.
        starting: How many questions it answers with 503 before it is ready.
        trouble: The status that a proxy before it answers every request of the API with.
        name: The header that tells a Kibana; nothing else sends it.
        seen: Method, path and ``kbn-xsrf`` of each request.
    """

    spaces: dict[str, dict[Key, JsonObject]] = field(default_factory=lambda: {"default": {}})
    authorization: str | None = None
    forbidden: bool = False
    starting: int = 0
    trouble: int | None = None
    name: str | None = "kibana"
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)

    @property
    def objects(self) -> dict[Key, JsonObject]:
        """The objects of the default space."""
        return self.spaces["default"]


@contextmanager
def serving(kibana: StandIn, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve on loopback while the block runs, and give the address."""
    handler = type("Handler", (_Handler,), {"kibana": kibana})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request to a stand-in."""

    kibana: StandIn

    def do_GET(self) -> None:
        """Tell the status."""
        self._note()
        if self.kibana.starting > 0:
            self.kibana.starting -= 1
            self._send(503, "Kibana server is not ready yet")
        else:
            self._send(200, {"status": {"overall": {"level": "available"}}})

    def do_POST(self) -> None:
        """Import or export."""
        self._note()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        address = urlsplit(self.path)
        space, path = _space(address.path)
        refusal = self._refusal(space, path)
        if refusal:
            self._send(refusal[0], {"statusCode": refusal[0], "error": "…", "message": refusal[1]})
        elif path.endswith("_import"):
            given = message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\n\n".encode() + body)
            (part,) = [each.get_payload(decode=True) for each in given.walk() if not each.is_multipart()]
            assert isinstance(part, bytes)
            overwrite = parse_qs(address.query)["overwrite"] == ["true"]
            self._send(*_imported(self.kibana.spaces[space], part.decode(), overwrite=overwrite))
        else:
            self._send(*_exported(self.kibana.spaces[space], json.loads(body)))

    def _note(self) -> None:
        self.kibana.seen.append((self.command, self.path, self.headers.get("kbn-xsrf")))

    def _refusal(self, space: str, path: str) -> tuple[int, str] | None:
        if self.kibana.authorization not in {None, self.headers.get("Authorization")}:
            return 401, "[security_exception]: missing authentication credentials"
        if self.kibana.trouble is not None:
            return self.kibana.trouble, "origin unreachable"
        if self.kibana.forbidden:
            return 403, "Unable to bulk_create dashboard"
        if self.headers.get("kbn-xsrf") is None:
            return 400, "Request must contain a kbn-xsrf header."
        if space not in self.kibana.spaces or not path.startswith("/api/saved_objects/"):
            return 404, "Not Found"
        return None

    def _send(self, status: int, body: Json) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        if self.kibana.name:
            self.send_header("kbn-name", self.kibana.name)
        content = text.encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


def _space(path: str) -> tuple[str, str]:
    if path.startswith("/s/"):
        space, _, rest = path.removeprefix("/s/").partition("/")
        return space, f"/{rest}"
    return "default", path


def _imported(there: dict[Key, JsonObject], text: str, *, overwrite: bool) -> tuple[int, JsonObject]:
    sent: list[JsonObject] = [json.loads(line) for line in text.splitlines()]
    for each in sent:
        version, newest = str(each.get("typeMigrationVersion", "0.0.0")), NEWEST.get(str(each["type"]))
        if newest and tuple(map(int, version.split("."))) > newest:
            known = ".".join(map(str, newest))
            message = f'Document "{each["id"]}" belongs to a more recent version of Kibana [{version}] when the last'
            return 422, {"statusCode": 422, "error": "…", "message": f"{message} known version is [{known}]."}
    keys = {(str(each["type"]), str(each["id"])) for each in sent} | set(there)
    errors: list[Json] = []
    for each in sent:
        found = [_error(each, reason) for reason in _reasons(each, keys, there, overwrite=overwrite)]
        errors += found
    if not errors:
        # What a real one adds, and changes: who, when, a counter, and its own order of the keys.
        more: JsonObject = {"version": "WzEsMV0=", "updated_at": "2026-01-01T00:00:00Z", "managed": False}
        there |= {(str(each["type"]), str(each["id"])): {**each, **more} for each in sent}
    return 200, {"success": not errors, "successCount": 0 if errors else len(sent), "errors": errors}


def _reasons(
    each: JsonObject, keys: set[Key], there: dict[Key, JsonObject], *, overwrite: bool
) -> Iterator[JsonObject]:
    if each["type"] not in NEWEST:
        yield {"type": "unsupported_type"}
        return
    references = each.get("references", [])
    assert isinstance(references, list)
    pointed = [(str(ref["type"]), str(ref["id"])) for ref in references if isinstance(ref, dict)]
    missing: list[Json] = [
        {"type": kind, "id": name} for kind, name in pointed if kind in CHECKED and (kind, name) not in keys
    ]
    if missing:
        yield {"type": "missing_references", "references": missing}
    if (str(each["type"]), str(each["id"])) in there and not overwrite:
        yield {"type": "conflict"}


def _error(each: JsonObject, reason: JsonObject) -> JsonObject:
    return {"id": each["id"], "type": each["type"], "error": reason, "meta": {}}


def _exported(there: dict[Key, JsonObject], asked: JsonObject) -> tuple[int, Json]:
    objects = asked["objects"]
    assert isinstance(objects, list)
    keys = [(str(each["type"]), str(each["id"])) for each in objects if isinstance(each, dict)]
    missing: list[Json] = [
        {"type": kind, "id": name, "error": {"statusCode": 404}} for kind, name in keys if (kind, name) not in there
    ]
    if missing:
        message = "Error fetching objects to export"
        return 400, {"statusCode": 400, "error": "Bad Request", "message": message, "attributes": {"objects": missing}}
    return 200, "\n".join(json.dumps(there[key]) for key in keys)
