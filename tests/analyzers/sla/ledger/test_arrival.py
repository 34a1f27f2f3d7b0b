"""Order and duplication of arrival change nothing while it is within the lateness."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.ledger import evidence_of, seal
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_json
from analyzers.store.document import Document
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.store.selection import Selection
from tests.analyzers.sla.contracts import AVAILABILITY, DAY, ERROR_RATE, LATENCY, MONTH, UPTIME
from tests.analyzers.sla.ledger.traffic import LATENESS, MINUTE, START, Request, answers, contract, message, sample

SPAN = timedelta(minutes=40)
PROMISED = replace(
    contract(),
    coverage=Fraction(0),
    objectives=(
        *(replace(each, periods=(DAY, MONTH)) for each in (AVAILABILITY, LATENCY, ERROR_RATE, UPTIME)),
        Objective("recovery", Kind.RTO, (DAY,), limit=timedelta(minutes=5)),
        Objective("backups", Kind.RPO, (DAY,), limit=timedelta(minutes=20)),
    ),
)
"""An objective of every kind."""


@dataclass(frozen=True)
class Arrival:
    """An event, and how much of the time that it has it takes to arrive: from 0 to 1."""

    document: Document
    when: datetime
    delay: float
    times: int

    def arrived(self, moment: datetime) -> bool:
        """Tell whether it has arrived. It has until its minute is sealed."""
        last = self.when.replace(second=0, microsecond=0) + MINUTE + LATENESS
        return self.when + self.delay * (last - self.when) <= moment


REQUESTS = st.builds(
    Request,
    st.integers(0, int(SPAN.total_seconds() * 1000)).map(lambda millis: START + timedelta(milliseconds=millis)),
    st.sampled_from((200, 404, 499, 500, 503)),
    st.none() | st.integers(0, 130_000),
    st.sampled_from((None, "/a", "/b")),
    st.sampled_from((1, 1, 3)),
)
OTHERS = st.tuples(st.sampled_from((None, "backup.completed", "sample")), st.integers(0, int(SPAN.total_seconds())))
DELAYS = st.tuples(st.floats(0, 1), st.integers(1, 3))
SEALS = st.lists(st.integers(1, 55 * 60), min_size=1, max_size=5, unique=True).map(sorted)


def other(number: int, what: str | None, second: int) -> tuple[Document, datetime]:
    """Return an event that is no request."""
    when = START + timedelta(seconds=second)
    document = sample(when) if what == "sample" else message(when, what, f"message-of-{number}")
    return document, when


def told(
    arrivals: list[Arrival], moments: list[datetime], dice: random.Random, store: Store, ledger: Store
) -> list[str]:
    """Let events arrive, seal at moments, and return what is said of what is sealed at each, and of all at the end.

    The last thing said is the report, as it is written.
    """
    said = []
    window = Window(START, START + SPAN)
    for before, moment in pairwise((START, *moments, START + timedelta(hours=2))):
        new = [each for each in arrivals if each.arrived(moment) and (before == START or not each.arrived(before))]
        copies = [each.document for each in new for _ in range(each.times)]
        dice.shuffle(copies)
        cut = dice.randint(0, len(copies))
        for batch in (copies[:cut], copies[cut:]):
            store.append(batch)
        if moment not in moments:
            continue
        summary = seal(store, ledger, contract(), partial(datetime.fromtimestamp, moment.timestamp(), UTC))
        assert not summary.environments or not summary.environments[0].restated
        evidence = evidence_of(store, ledger, contract(), moment)
        said += [answers(evidence, sealed) for sealed in evidence.provenance(window).sealed]
    last = START + timedelta(hours=2)
    said.append(answers(evidence_of(store, ledger, contract(), last), window))
    said.append(report_json(sla_report(PROMISED, evidence_of(store, ledger, PROMISED, last), last)))
    return said


def documents(ledger: Store) -> list[tuple[str, bytes]]:
    """Return all that is in a ledger: ids, and bodies whose keys are in order."""
    every = Selection("metrics-sla.slice-production", Window(START - timedelta(days=1), START + timedelta(days=1)))
    return [(each.id, orjson.dumps(each.body, option=orjson.OPT_SORT_KEYS)) for each in ledger.documents(every)]


@given(
    st.lists(st.tuples(REQUESTS, DELAYS, DELAYS), min_size=1, max_size=25),
    st.lists(st.tuples(OTHERS, DELAYS, DELAYS), max_size=6),
    SEALS,
    st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_arrival_changes_nothing(
    requests: list[tuple[Request, tuple[float, int], tuple[float, int]]],
    others: list[tuple[tuple[str | None, int], tuple[float, int], tuple[float, int]]],
    seconds: list[int],
    dice: random.Random,
) -> None:
    """However events come, in whatever batches, late and twice, the ledger is the same, and the report by the byte."""
    first = Request(START)  # the first event is on time: before it, there is nothing to seal
    events = [(first.document(), START, (0.0, 1), (0.0, 1))]
    events += [(each.document(), each.when, one, two) for each, one, two in requests]
    events += [(*other(number, *what), one, two) for number, (what, one, two) in enumerate(others)]
    moments = [START + timedelta(seconds=each) for each in seconds]
    found = []
    for way in (0, 1):
        arrivals = [Arrival(document, when, *delays[way]) for document, when, *delays in events]
        store, ledger = MemoryStore(), MemoryStore()
        found.append((told(arrivals, moments, dice, store, ledger), documents(ledger)))
    assert found[0] == found[1]


@given(st.lists(st.tuples(REQUESTS, DELAYS), min_size=5, max_size=15), SEALS, st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_arrival_changes_nothing_on_disk(
    requests: list[tuple[Request, tuple[float, int]]], seconds: list[int], dice: random.Random
) -> None:
    """An embedded store and a ledger of its own hold what the stores in memory hold."""
    events = [(Request(START), (0.0, 1)), *requests]
    arrivals = [Arrival(each.document(), each.when, *delay) for each, delay in events]
    moments = [START + timedelta(seconds=each) for each in seconds]
    memory = MemoryStore(), MemoryStore()
    expected = told(arrivals, moments, dice, *memory)
    with TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder) / "store", writable=True)
        ledger = EmbeddedStore(Path(folder) / "ledger", writable=True)
        with store, ledger:
            assert told(arrivals, moments, dice, store, ledger) == expected
            assert documents(ledger) == documents(memory[1])
