"""Settings of PostgreSQL, advised from samples, on numbers worked out by hand."""

from __future__ import annotations

from analyzers.blocks import Advice
from analyzers.recommendations import remedies
from analyzers.store.document import Document
from tests.analyzers.recommendations.histories import (
    GIB,
    SETTINGS,
    blocks,
    checkpoints,
    connections,
    database,
    memory,
    moved,
    server,
    temporary,
)
from tests.analyzers.recommendations.told import ADDRESS, MIB, advised, requests, said

RULES = (*SETTINGS, "pool-size")


def at_server(event: Document, address: str) -> Document:
    """Return an event of another server."""
    sampled = event.body.get("postgresql")
    named = {"postgresql": {**sampled, "address": address}} if isinstance(sampled, dict) else {}
    return Document(event.stream, f"{event.id} of {address}", {**event.body, **named})


def only(events: list[Document], rule: str) -> Advice:
    """Return the one advice of a rule."""
    (found,) = advised(events, rule).advice
    assert found.rule == rule
    return found


def test_a_cache_that_misses_is_to_be_a_quarter_of_the_memory() -> None:
    """Between the samples 900,000 blocks hit and 100,000 read: 90 %. Of 16 GiB a quarter is 4,096 MiB."""
    events = [*blocks(1_000_000, 500_000), *blocks(1_900_000, 600_000), *memory(16), *server()]
    found = only(events, "shared-buffers")
    assert said(found.evidence[0]) == "90.00 % of the 1,000,000 blocks wanted were in the cache; 99.00 % is usual"
    assert said(found.evidence[1]) == "its machine has 16.0 GiB, a quarter of which is advised"
    assert found.commands == (
        "SHOW shared_buffers;",
        "ALTER SYSTEM SET shared_buffers = '4096MB';",
        "sudo systemctl restart postgresql",
    )
    assert said(found.gain).startswith("Unknown")


def test_a_reset_of_the_counters_is_no_growth() -> None:
    """Minute by minute: 99,000 hits and 1,000 reads, a reset with a burst of reads, and the same once more: 99 %."""
    counted = ((500_000, 90_000), (599_000, 91_000), (10, 50_000), (99_010, 51_000))
    events = [moved(each, minute) for minute, pair in enumerate(counted) for each in blocks(*pair)]
    assert advised([*events, *memory(16), *server()], "shared-buffers").advice == ()
    events += [moved(each, 4) for each in blocks(99_010, 52_100)]
    found = only([*events, *memory(16), *server()], "shared-buffers")
    assert said(found.evidence[0]).startswith("98.458 % of the 201,100 blocks")


def test_the_time_of_reading_bounds_the_gain() -> None:
    """The reads took 5,000 ms; the control group's 2 GiB count, not the machine's 16: a quarter is 512 MiB."""
    timed = "blocks__time__read__ms"
    limited = memory(16, system__cgroup__memory__limit__bytes=2 * GIB)
    events = [*blocks(0, 0, **{timed: 0.0}), *blocks(100_000, 50_000, **{timed: 5000.0}), *limited, *server()]
    found = only(events, "shared-buffers")
    assert said(found.gain).startswith("At most the 5.00 s")
    assert found.commands[1] == "ALTER SYSTEM SET shared_buffers = '512MB';"


def test_memory_that_was_not_sampled_is_a_gap() -> None:
    """The ratio is low, and how much memory there is nobody knows: no number is made up."""
    found = advised([*blocks(0, 0), *blocks(100_000, 50_000), *server()], "shared-buffers")
    assert found.advice == ()
    assert [said(each.why) for each in found.unmeasured] == [
        f"the memory of the machine of {ADDRESS} was not sampled: run the sampler there"
    ]


def test_the_same_command_on_another_machine_is_another_remedy() -> None:
    """Two servers whose machines nobody sampled: two remedies, each with both rules that lack the memory."""
    servers = ("10.0.0.9:5432", ADDRESS)
    lacking = [*blocks(0, 0), *blocks(100_000, 50_000), *temporary(20, 100), *connections(64)]
    events = [at_server(each, one) for each in lacking for one in servers]
    found = remedies(advised(events, "shared-buffers", "work-mem").unmeasured)
    assert [(said(each.why), each.rules) for each in found] == [
        (f"the memory of the machine of {each} was not sampled: run the sampler there", ("shared-buffers", "work-mem"))
        for each in servers
    ]


def test_few_blocks_have_no_ratio() -> None:
    """99,999 blocks are too few to judge."""
    assert advised([*blocks(0, 0), *blocks(50_000, 49_999), *memory(16), *server()], "shared-buffers").advice == ()


def test_sorts_on_the_disk_get_three_times_their_file() -> None:
    """400 files of 5 MiB: 15 MiB, as a power of two 16. With 64 connections a quarter of 16 GiB is 64 MiB for each."""
    found = only([*temporary(20, 100), *connections(64), *memory(16)], "work-mem")
    assert said(found.evidence[0]) == (
        "400 temporary files of 5.00 MiB on average, 1.95 GiB together, were written in the window"
    )
    assert said(found.evidence[1]).startswith("with the connections at their peak, each can have 64.0 MiB")
    assert found.commands == ("SHOW work_mem;", "ALTER SYSTEM SET work_mem = '16MB';", "SELECT pg_reload_conf();")


def test_great_sorts_are_found_instead() -> None:
    """Files of 50 MiB want 256 MiB: too much for every session, so the statements are to be found."""
    found = only([*temporary(2, 100), *connections(64), *memory(16)], "work-mem")
    assert found.commands[1] == "ALTER SYSTEM SET log_temp_files = '10MB';"
    assert found.commands[-1] == "SET LOCAL work_mem = '256MB';"


def test_few_temporary_files_are_normal() -> None:
    """19 files, or 99 MiB, are nothing to act on."""
    few = [*database(19, interval__temporary__files=1, interval__temporary__bytes=100 * MIB)]
    small = [*database(33, interval__temporary__files=1, interval__temporary__bytes=3 * MIB)]
    for events in (few, small):
        assert advised([*events, *connections(64), *memory(16)], "work-mem").advice == ()


def test_connections_near_the_limit_at_work() -> None:
    """78 of 97 are 80.4 %, a fifth of them idle: 78 / 0.6 is 130, and 3 in reserve."""
    found = only([*connections(78, idle=15)], "max-connections")
    assert said(found.evidence[0]).startswith("78 of 97 connections were in use at the peak (80.412 %)")
    assert found.commands == (
        "SHOW max_connections;",
        "ALTER SYSTEM SET max_connections = '133';",
        "sudo systemctl restart postgresql",
    )
    assert advised([*connections(77, idle=15)], "max-connections").advice == ()


def test_connections_near_the_limit_and_idle() -> None:
    """90 open, 70 of them idle, at most 12 at work and 2 in a transaction: half as many again as 14 is 21."""
    events = [*connections(90, idle=70, active=12, idle_in_transaction=2)]
    found = only(events, "pool-size")
    assert "on average 70 of 90 were idle; at the peak 14 were" in said(found.evidence[1])
    assert said(found.gain).startswith("Room for 69 more connections")
    assert found.commands[0].startswith("size = max(1, 21 // int(os.environ['WEB_CONCURRENCY']))")
    assert advised(events, "max-connections").advice == ()


def test_idle_connections_in_nobodys_way() -> None:
    """48 of 97 are less than half of the limit."""
    assert advised([*connections(48, idle=40, active=2)], "pool-size").advice == ()


def test_checkpoints_before_their_time() -> None:
    """5 were due and 7 were asked for: 58.333 % of 12. 6 of 12 are half, and no more; 11 are too few."""
    found = only([*checkpoints(100, 10), *checkpoints(105, 17)], "checkpoints")
    assert said(found.evidence[0]).startswith("7 of 12 checkpoints (58.333 %)")
    for grown in ((106, 16), (104, 17)):
        assert advised([*checkpoints(100, 10), *checkpoints(*grown)], "checkpoints").advice == ()


def test_deadlocks_of_each_database() -> None:
    """Two in one database, of 400 transactions; one in another, which is an accident."""
    place = "interval__transactions"
    many = {f"{place}__commit": 19, f"{place}__rollback": 1}
    events = [*database(18, interval__deadlocks=0, **many), *database(2, interval__deadlocks=1, **many)]
    events += [*database(1, "wiki", interval__deadlocks=1)]
    found = only(events, "deadlocks")
    assert said(found.title) == f"Lock rows in one order in tickets of {ADDRESS}"
    assert said(found.evidence[0]) == "2 deadlocks in 400 transactions: each cancelled one of them"


def test_forgotten_transactions() -> None:
    """In 3 of 23 samples somebody sat in a transaction while one was 5 minutes old; long ones at work are not meant."""
    at_work = server(20, transactions__longest__sec=900.0, connections__idle_in_transaction=0)
    forgotten = server(3, transactions__longest__sec=300.0, connections__idle_in_transaction=2)
    found = only([*at_work, *forgotten], "idle-in-transaction")
    assert said(found.evidence[0]).startswith("in 3 of 23 samples a client sat idle in a transaction")
    assert found.commands[1] == "ALTER SYSTEM SET idle_in_transaction_session_timeout = '300s';"
    short = server(23, transactions__longest__sec=299.0, connections__idle_in_transaction=2)
    assert advised([*short], "idle-in-transaction").advice == ()


def test_a_failure_goes_before_time() -> None:
    """A limit nearly reached comes before a slow cache, however slow that is."""
    events = [*connections(96, idle=1), *blocks(0, 0), *blocks(100_000, 900_000), *memory(16)]
    assert [each.rule for each in advised(events, *RULES).advice] == ["max-connections", "shared-buffers"]


def test_no_sample_is_unmeasured_for_each_rule() -> None:
    """Requests alone say nothing of the server: each rule says so, and what to run."""
    found = advised([*requests(100, "/a", 0.1)], *RULES)
    assert found.advice == ()
    assert {each.rule for each in found.unmeasured} == set(RULES)
    assert all("metrics run" in each.commands[0] for each in found.unmeasured)


def test_a_healthy_server_needs_nothing_and_is_measured() -> None:
    """With all numbers as they should be there is neither advice nor a gap."""
    quiet = {"interval__temporary__files": 0, "interval__temporary__bytes": 0, "interval__deadlocks": 0}
    events = [*blocks(0, 0), *blocks(999_000, 1_000), *database(20, **quiet), *memory(16)]
    events += [*connections(10, idle=2, active=2, idle_in_transaction=0), *checkpoints(0, 0), *checkpoints(20, 1)]
    found = advised(events, *RULES)
    assert (found.advice, found.unmeasured) == ((), ())


def test_the_memory_of_the_samplers_machine_is_not_that_of_a_server_elsewhere() -> None:
    """The server is db.example.org: what the sampler's own machine has is no measure of it."""
    elsewhere = "db.example.org:5432/tickets"
    events = [*blocks(0, 0), *blocks(100_000, 50_000), *server(), *memory(16)]
    found = advised([at_server(each, elsewhere) for each in events], "shared-buffers")
    assert found.advice == ()
    assert [said(each.why) for each in found.unmeasured] == [
        f"the memory of the machine of {elsewhere} was not sampled: run the sampler there"
    ]
