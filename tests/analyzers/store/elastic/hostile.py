"""An Elasticsearch that keeps documents as a real one does, and whose connections and answers fail by a schedule."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4


class Trouble(Enum):
    """What goes wrong with one request."""

    NOTHING = auto()
    SOME_429 = auto()
    """Some documents are not taken; the others are."""
    SOME_503 = auto()
    WHOLE_429 = auto()
    """Nothing is taken, and the answer says so."""
    WHOLE_502 = auto()
    WHOLE_503 = auto()
    WHOLE_504 = auto()
    COMMITTED_502 = auto()
    """All is taken, and the answer says the contrary."""
    COMMITTED_503 = auto()
    COMMITTED_504 = auto()
    CUT_BEFORE_READING = auto()
    CUT_BEFORE_COMMIT = auto()
    CUT_AFTER_COMMIT = auto()
    CUT_IN_ANSWER = auto()
    """All is taken; the connection ends in the middle of the answer."""
    TRUNCATED = auto()
    """All is taken; half of the answer comes as if it were the whole."""
    SLOW = auto()
    """All is taken at once; the answer comes too late."""
    LATE = auto()
    """All is taken, but only after the client has stopped waiting: its second attempt may come first."""


_STATUS = {
    Trouble.WHOLE_429: 429,
    Trouble.WHOLE_502: 502,
    Trouble.WHOLE_503: 503,
    Trouble.WHOLE_504: 504,
    Trouble.COMMITTED_502: 502,
    Trouble.COMMITTED_503: 503,
    Trouble.COMMITTED_504: 504,
}
_BEFORE_COMMIT = {
    Trouble.WHOLE_429,
    Trouble.WHOLE_502,
    Trouble.WHOLE_503,
    Trouble.WHOLE_504,
    Trouble.CUT_BEFORE_READING,
    Trouble.CUT_BEFORE_COMMIT,
}
_CUT = {Trouble.CUT_BEFORE_READING, Trouble.CUT_BEFORE_COMMIT, Trouble.CUT_AFTER_COMMIT}
_SOME = {Trouble.SOME_429: 429, Trouble.SOME_503: 503}


@dataclass(slots=True)
class Hostile:
    """What the stand-in holds, and what it still has in store for its client.

    Attributes:
        schedule: One trouble for each write, refresh or look at a stream; then there are no more.
        seed: Which documents of a request the partial failures hit.
        largest: The most bytes of a request; more is answered by 413.
        slow: How many seconds the slow answers take.
        documents: Stream and id to source.
        written: How many times each was written; 1 is the only right number.
        met: The troubles that were really had.
    """

    schedule: Sequence[Trouble]
    seed: int = 0
    largest: int = 1 << 30
    slow: float = 0.5
    documents: dict[tuple[str, str], object] = field(default_factory=dict)
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    met: Counter[Trouble] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: int = 0

    def trouble(self) -> Trouble:
        """Return what goes wrong with the next request."""
        with self._lock:
            trouble = self.schedule[self._next] if self._next < len(self.schedule) else Trouble.NOTHING
            self._next += 1
            self.met[trouble] += 1
            return trouble

    def commit(self, body: bytes, busy: int | None) -> Mapping[str, object]:
        """Write what a ``_bulk`` request asks for, but for some documents when a status for them is given."""
        lines = body.splitlines()
        chance = random.Random(f"{self.seed}-{self._next}")  # noqa: S311 - repeatable, no secret
        items = []
        with self._lock:
            for action, source in zip(lines[::2], lines[1::2], strict=True):
                ((verb, target),) = json.loads(action).items()
                if busy is not None and chance.random() < 0.4:
                    items.append(_item(verb, busy))
                else:
                    items.append(_item(verb, self._write(verb, target, json.loads(source))))
        return {"errors": True, "items": items}

    def _write(self, verb: str, target: Mapping[str, str], source: object) -> int:
        key = (target["_index"], target.get("_id") or uuid4().hex)
        if verb == "create" and key in self.documents:
            return 409
        self.documents[key] = source
        self.written[key] += 1
        return 201


def _item(verb: str, status: int) -> Mapping[str, object]:
    error = {"error": {"type": "trouble", "reason": "a reason"}} if status >= 400 else {}
    return {verb: {"status": status, **error}}


def schedule_of(seed: int, longest: int = 8) -> list[Trouble]:
    """Return the troubles of a seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    return chance.choices(list(Trouble), k=chance.randint(1, longest))


@contextmanager
def besieged(hostile: Hostile) -> Iterator[str]:
    """Serve it on a free port and yield its address."""
    handler = type("Bound", (_Handler,), {"hostile": hostile})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    server.block_on_close = True  # late commits are over when this ends
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection, which ends with its first request."""

    hostile: Hostile

    def do_GET(self) -> None:
        if self.path.startswith("/_resolve"):
            self._under_trouble(None)
        else:
            self._answer(404, {"error": {"reason": "no such template"}})

    def do_PUT(self) -> None:
        self._read()
        self._answer(200, {"acknowledged": True})

    def do_POST(self) -> None:
        self._under_trouble("_bulk" if self.path.startswith("/_bulk") else None)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def _under_trouble(self, bulk: str | None) -> None:
        trouble = self.hostile.trouble()
        body = b"" if trouble is Trouble.CUT_BEFORE_READING else self._read()
        if len(body) > self.hostile.largest:
            self._answer(413, {"error": "too large"})
            return
        if trouble is Trouble.LATE:
            self._wait()
        answer: Mapping[str, object] = {"indices": [], "aliases": [], "data_streams": []}
        if bulk is not None and trouble not in _BEFORE_COMMIT:
            answer = self.hostile.commit(body, _SOME.get(trouble))
        if trouble is Trouble.SLOW:
            self._wait()
        if trouble in _CUT:
            self._cut()
        elif trouble in _STATUS:
            self._answer(_STATUS[trouble], {"error": {"reason": "a reason"}})
        else:
            self._answer(200, answer, trouble)

    def _wait(self) -> None:
        threading.Event().wait(self.hostile.slow)

    def _read(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):  # the client may have gone first
            self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, status: int, body: object, trouble: Trouble = Trouble.NOTHING) -> None:
        data = json.dumps(body).encode()
        sent = data[: len(data) // 2] if trouble in {Trouble.CUT_IN_ANSWER, Trouble.TRUNCATED} else data
        told = len(data) if trouble is Trouble.CUT_IN_ANSWER else len(sent)
        self.close_connection = True
        with suppress(OSError):  # a client that stopped waiting has closed its side
            self.send_response(status)
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(told))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(sent)
