"""What every test may use: the real Elasticsearch, started once for a run and only when a test asks for it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from analyzers.store.elastic.local import LocalElasticsearch
from tests.servers import PostgresServer, RedisServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

# On a busy machine an example may take its time. What else Hypothesis does in CI, it goes on doing.
settings.register_profile("atalaia", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("atalaia")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Keep a file's tests, and some folders', in one of the processes of ``make test``."""
    from tests.spreading import Spreading  # noqa: PLC0415 - of a plugin that only a run in several processes needs

    return Spreading(config, log)


def pytest_configure() -> None:
    """Have the processes of tests end by Ctrl-C, also where a shell runs the tests in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the real Elasticsearch, so that ``-m "not elasticsearch"`` is a quick run without it."""
    for item in items:
        if "elasticsearch_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.elasticsearch)


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real Elasticsearch. A test that cannot have it fails; it is never skipped.

    All tests of a run share it: a test keeps to streams of its own by way of :func:`unique_environment`.
    """
    with LocalElasticsearch(tmp_path_factory.mktemp("elasticsearch"), heap="768m") as server:
        yield server.url


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """Return a real PostgreSQL that all tests of a run share: each makes a database of its own there."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Return a real Redis that all tests of a run share; a test that sets or breaks it starts another."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a real Chromium that the tests of a file share: each opens a page, or a context, of its own.

    Not of a whole run: Playwright keeps an event loop running, and other tests run loops of their own.
    """
    from tests.browsers import chromium  # noqa: PLC0415 - takes long to import, for tests that have a browser

    with chromium() as started:
        yield started


@pytest.fixture
def unique_environment() -> str:
    """Return a data stream's environment (``logs-web.request-<this>``) that no other test uses."""
    return f"t{uuid4().hex}"
