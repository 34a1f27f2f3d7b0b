"""The demonstration's webhook receiver."""

from __future__ import annotations

from queue import SimpleQueue

import httpx

from atalaia.demo.receiver import WebhookReceiver


def test_a_notice_is_passed_on_and_garbage_is_refused() -> None:
    """A notice reaches the callback; a body that is none gets status 400 and nothing else happens."""
    received: SimpleQueue[tuple[str, str]] = SimpleQueue()
    with WebhookReceiver(lambda kind, message: received.put((kind, message))) as receiver:
        garbage = httpx.post(receiver.url, content=b"\x00 not json", timeout=60)
        taken = httpx.post(receiver.url, json={"kind": "firing", "message": "error rate critical"}, timeout=60)
    assert (garbage.status_code, taken.status_code) == (400, 204)
    assert received.get_nowait() == ("firing", "error rate critical")
    assert received.empty()
