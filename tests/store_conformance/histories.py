"""Generated histories: few distinct values, so that groups, matches and ties are common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from tests.store_conformance.events import document

# Instants near which a clock changes, and the zone where it does.
CHANGES = {
    "Europe/Lisbon": (datetime(2024, 3, 31, 1, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC)),
    "America/Sao_Paulo": (datetime(2018, 2, 18, 2, tzinfo=UTC), datetime(2018, 11, 4, 3, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2024, 4, 6, 15, tzinfo=UTC), datetime(2024, 10, 5, 15, 30, tzinfo=UTC)),
    "Asia/Kathmandu": (datetime(2024, 1, 1, tzinfo=UTC), datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),
    "Pacific/Apia": (datetime(2011, 12, 30, 10, tzinfo=UTC),),
    "UTC": (datetime(2024, 2, 29, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
}
ZONES = tuple(CHANGES)

ENVIRONMENTS = ("a", "b")
ROUTES = ("/api/chamados", "/api/chamados/<int:id>", "/login", "", "é/ç", "\uffee", "\U0001f600")
STATUSES = (200, 201, 404, 499, 500, 503, -32768, 32767)
QUERY_COUNTS = (0, 1, 2, -(2**31), 2**31 - 1)
ADDRESSES = ("10.0.0.1", "10.0.0.2", "9.255.255.255", "2001:db8::1", "2001:db8::a", "::")
TAGS = ("late", "_grokparsefailure", "slow", "é")
USERS = ("1", "10", "9", "ana", "Ana", "\x00")
MESSAGES = ("pool exhausted", "Pool, the exhausted", "não há", "a.b c_d", "\U0001f600 é-É", "x" * 300)
DURATIONS = (0, 1, 2**53, 2**53 + 1, 2**53 + 3, 2**63 - 1, -(2**63), -(2**53) - 1)
TIMES = st.floats(min_value=0, max_value=1000, allow_nan=False, width=32) | st.sampled_from((0.1, 0.2, 0.3, 2.0))
WILD = (0.0, -0.0, 0.1, -0.1, 5e-324, 1e-12, 1e300, -1e300, 1.7976931348623157e308, 2.0)
BYTES = st.integers(min_value=0, max_value=2**40) | st.sampled_from((0, 100, 200))

_FIELDS: dict[str, st.SearchStrategy[JsonValue]] = {
    "http.route": st.sampled_from(ROUTES),
    "http.response.status_code": st.sampled_from(STATUSES),
    "response_time": TIMES,
    "http.request.body.bytes": BYTES,
    "client.ip": st.sampled_from((*ADDRESSES, "2001:DB8:0:0::1", "::ffff:10.0.0.1")),
    "tags": st.lists(st.sampled_from(TAGS), max_size=3).map(list),
    "user.id": st.sampled_from(USERS) | st.sampled_from((1, 10, True)),
    "event.duration": st.sampled_from(DURATIONS),
    "db_time": st.sampled_from(WILD),
    "message": st.sampled_from(MESSAGES),
    "db_queries": st.sampled_from(QUERY_COUNTS) | st.none(),
}


@st.composite
def instants(draw: st.DrawFn, zone: str) -> str:
    """Draw an instant, mostly close to a change of the zone's clock, as RFC 3339 text with a fraction."""
    reach = draw(st.sampled_from((2 * 3600, 3 * 86400, 40 * 86400, 800 * 86400)))
    seconds = draw(st.integers(min_value=-reach, max_value=reach))
    at = draw(st.sampled_from(CHANGES[zone])) + timedelta(seconds=seconds)
    fraction = draw(st.sampled_from(("", ".0", ".999", ".9999", ".123456")))
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z"


@cache
def histories(zone: str) -> st.SearchStrategy[tuple[Document, ...]]:
    """Draw up to 50 events, mostly many, in streams that are called by the names of :data:`ENVIRONMENTS` alone.

    One ``_id`` may be in both of them, and is then two events.
    """
    fields = st.fixed_dictionaries({}, optional=_FIELDS)
    event = st.tuples(st.sampled_from(ENVIRONMENTS), instants(zone), fields)
    sizes = st.sampled_from((30, 50, 40, 30, 5, 1, 0))
    return sizes.flatmap(lambda size: st.lists(event, min_size=size, max_size=size)).map(_documents)


def _documents(events: list[tuple[str, str, dict[str, JsonValue]]]) -> tuple[Document, ...]:
    numbers = dict.fromkeys(ENVIRONMENTS, 0)
    found: list[Document] = []
    for environment, at, values in events:
        found.append(document(environment, f"e{numbers[environment]}", at, values))
        numbers[environment] += 1
    return tuple(found)
