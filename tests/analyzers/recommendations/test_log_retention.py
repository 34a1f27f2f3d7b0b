"""How long logs can be kept, by the sizes of a real embedded store, on numbers of a disk made up to fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.recommendations import Advised, recommend, rules_named
from analyzers.store.document import Document
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.recommendations.told import START, document, said, spread

DAYS = 10
END = START.replace(hour=0) + timedelta(days=DAYS)
WHOLE = Window(START.replace(hour=0), END)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """Return a store with requests on ten days."""
    folder = tmp_path_factory.mktemp("retention") / "data"
    with EmbeddedStore(folder, writable=True) as opened:
        days = (START.replace(hour=5) + timedelta(days=day) for day in range(DAYS))
        opened.append([document("logs-web.request", at, {"response_time": 0.5, "url.path": "/x" * 50}) for at in days])
        yield opened


def disk(store: EmbeddedStore, used: int, available: int, host: str = "web-1") -> Iterator[Document]:
    """Yield samples of the file systems of the store's machine: its own, and the root beside it."""
    for mount, share in ((str(Path(store.url).parent), 1), ("/", 100)):
        place = "system__filesystem"
        fields = {f"{place}__used__bytes": used * share, f"{place}__available": available * share}
        named = {f"{place}__mount_point": mount, "host__name": host, "metricset__name": "filesystem"}
        yield from spread("metrics-host.system", 20, **named, **fields)


class _Asked(MemoryStore):
    """Samples in memory beside the files of the real store."""

    def __init__(self, sampled: list[Document], store: EmbeddedStore) -> None:
        super().__init__(sampled)
        self.segments = store.segments
        self.url = store.url


def advised(sampled: list[Document], store: EmbeddedStore) -> Advised:
    """Return what the rule says of the ten days."""
    return recommend(_Asked(sampled, store), WHOLE, rules=rules_named(["log-retention"]))


def size(store: EmbeddedStore) -> int:
    """Return the bytes of the store's files on the disk."""
    return sum(path.stat().st_size for path in Path(store.url).rglob("*.parquet"))


def test_a_disk_that_the_retention_would_fill(store: EmbeddedStore) -> None:
    """Ten days take S; kept for 30 they take 3 S. The disk has 4 S in use of 7: 85 % are 5.95 S, so 1.95 S more fit.

    That is 2.95 S of logs, 29 days and a half: 29, give or take one for days that are not quite equal.
    """
    whole = size(store)
    sampled = list(disk(store, 4 * whole, 3 * whole))
    (found,) = advised(sampled, store).advice
    days = int(said(found.title).split(" for ")[1].split()[0])
    assert days in {28, 29, 30}
    told = f"atalaia store expire {store.url} --older-than {days}d --stream logs-web.request-production"
    assert found.commands == (f"{told} --dry-run", f"{told} --yes")
    assert "it is kept for 30 days" in said(found.evidence[0])
    assert f"its file system {Path(store.url).parent} has" in said(found.evidence[1])


def test_a_disk_with_room_for_the_retention(store: EmbeddedStore) -> None:
    """With 4 S in use of 8 the 2 S that are to come fit below 85 %."""
    found = advised(list(disk(store, 4 * size(store), 4 * size(store))), store)
    assert (found.advice, found.unmeasured) == ((), ())


def test_a_disk_that_nobody_or_that_two_machines_sampled_is_unmeasured(store: EmbeddedStore) -> None:
    """Which machine the store is on is not known then."""
    whole = size(store)
    two = [*disk(store, whole, 1), *disk(store, whole, 1, "web-2")]
    for sampled in ([], two):
        found = advised(sampled, store)
        assert (found.advice, len(found.unmeasured)) == ((), 1)


def test_a_store_that_tells_no_sizes_is_unmeasured() -> None:
    """The store in memory has no files, Elasticsearch's are not asked for."""
    found = recommend(MemoryStore([]), WHOLE, rules=rules_named(["log-retention"]))
    assert [said(each.why) for each in found.unmeasured] == ["how large it is was not asked of this kind of store"]
