"""What is said of an answer that rests on a sample, and what is judged by the requests it stands for."""

from __future__ import annotations

from datetime import timedelta

from analyzers.alerts.rules.loading import STANDARD_MINIMUM, default_rules
from analyzers.analysis import Selection
from analyzers.jobs import ANALYSES
from analyzers.sampling import Sampling
from analyzers.sla import run as run_sla
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.thresholds import Severity, load_thresholds
from tests.analyzers.events import at, request

NOW = at("2024-01-15T10:30:00Z")
WINDOW = Window(NOW - timedelta(minutes=5), NOW)
THRESHOLDS = load_thresholds("production")


def _weighing(weight: int, status: int = 200, seconds: float = 0.1) -> Document:
    plain = request(NOW - timedelta(minutes=1), status, seconds)
    return Document(plain.stream, plain.id, {**plain.body, "sample_weight": weight, "_doc_count": weight})


def test_every_analysis_tells_its_sample() -> None:
    """Three documents stand for 8 requests: 2 + 5 + 1; an answer over single requests says nothing."""
    single = request(NOW - timedelta(minutes=2), 500)
    sampled, plain = MemoryStore([_weighing(2), _weighing(5), single]), MemoryStore([single])
    for job in ANALYSES.values():
        assert job.run(sampled, Selection(WINDOW), THRESHOLDS).sampling == Sampling(3, 8, 2, 5)
        assert job.run(plain, Selection(WINDOW), THRESHOLDS).sampling is None
    assert run_sla(sampled, Selection(WINDOW)).sampling == Sampling(3, 8, 2, 5)
    assert run_sla(plain, Selection(WINDOW)).sampling is None


def test_the_sample_in_words() -> None:
    """One weight is one number; thousands are told apart."""
    assert Sampling(1_200, 9_843, 2, 10).sentence.startswith(
        "sampled: 1,200 of 9,843 requests were kept, with weights of 2 to 10; "
    )
    assert "weights of 10;" in Sampling(12, 120, 10, 10).sentence


def test_alerts_need_so_many_requests_not_documents() -> None:
    """Two documents stand for 40 requests, enough to judge: 5 % of them failed. One that was kept proves nothing."""
    assert 2 < STANDARD_MINIMUM <= 40
    store = MemoryStore([_weighing(38), _weighing(2, 500)])
    (found,) = default_rules("production").rules[0].evaluate(store, NOW, ())
    assert (found.events, found.value) == (40, 5.0)
    assert found.severity is Severity.OK
    assert "5.00 % (2 of 40 requests), at or above the warning threshold of 5 %" in found.message
    assert found.message.endswith("rests on a sample: 2 of 40 requests kept")
