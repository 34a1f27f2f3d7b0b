"""The Redis sampler on a real server, its numbers beside those of redis-cli and of what the test did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.redis import RedisSampler, sampler
from logging_lib.metrics.registry import fields_of
from logging_lib.metrics.sample import MetricValue, Sample, SamplingError
from tests.logging_lib.metrics.reading import flat, number, of, read, undocumented
from tests.ports import free_port
from tests.servers import RedisServer, wait_until

SECRET = "Zq7s3cr3tX"  # noqa: S105 - planted, to be looked for


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """Return a server of the test's own, small enough to be filled."""
    settings = {"maxmemory": "4mb", "maxmemory-policy": "allkeys-lru", "slowlog-log-slower-than": "0"}
    with RedisServer(settings) as server:
        yield server


@pytest.fixture
def sampled(server: RedisServer) -> Iterator[RedisSampler]:
    """Return a sampler of it."""
    found = sampler(f"redis://127.0.0.1:{server.port}")
    yield found
    found.close()


def said(server: RedisServer) -> dict[str, str]:
    """Return what ``redis-cli INFO`` says."""
    lines = server.cli("INFO").splitlines()
    return dict(line.strip().split(":", 1) for line in lines if ":" in line)


def server_of(samples: list[Sample] | tuple[Sample, ...]) -> dict[str, MetricValue]:
    """Return the one record of the server."""
    (fields,) = of(samples, "server")
    return fields


def test_hits_and_misses_are_those_of_the_interval(server: RedisServer, sampled: RedisSampler) -> None:
    """Seven found of ten looked for are a ratio of 0.7 in the interval; the first reading has no interval."""
    with server.client() as client:
        client.set("a", 1)
        client.mget("a", "x", "y")
        first = server_of([*read(sampled)])
        for _ in range(7):
            client.get("a")
        for _ in range(3):
            client.get("nada")
        fields = server_of([*read(sampled)])
    assert not any(".interval." in name for name in first)
    assert fields["redis.info.interval.keyspace.hits"] == 7
    assert fields["redis.info.interval.keyspace.misses"] == 3
    assert fields["redis.info.interval.keyspace.hit.pct"] == 0.7
    assert fields["redis.info.stats.keyspace.hit.pct"] == pytest.approx(8 / 13, abs=1e-6)
    told = said(server)
    assert (told["keyspace_hits"], told["keyspace_misses"]) == ("8", "5")
    assert number(fields, "redis.info.interval.sec") > 0


def test_memory_clients_and_evictions_are_the_servers(server: RedisServer, sampled: RedisSampler) -> None:
    """Filled beyond its limit the server throws keys out: the sampler has the numbers redis-cli has."""
    read(sampled)
    with server.client() as client, server.client() as blocked:
        for key in range(3000):
            client.set(f"k{key}", "x" * 2000)
        client.set("curta", 1, px=1)
        wait_until(lambda: client.get("curta") is None, "expiring a key")
        connection = blocked.connection_pool.get_connection()
        connection.send_command("BLPOP", "fila", 600)
        wait_until(lambda: said(server)["blocked_clients"] == "1", "blocking a client")
        fields = server_of([*read(sampled)])
        told = said(server)
        connection.disconnect()
    assert int(told["evicted_keys"]) > 500
    assert fields["redis.info.interval.keys.evicted"] == fields["redis.info.stats.keys.evicted"]
    assert fields["redis.info.stats.keys.evicted"] == int(told["evicted_keys"])
    assert fields["redis.info.interval.keys.expired"] == int(told["expired_keys"]) == 1
    assert fields["redis.info.clients.blocked"] == 1
    assert fields["redis.info.clients.connected"] == int(told["connected_clients"]) - 1  # redis-cli itself
    assert (fields["redis.info.memory.max.value"], fields["redis.info.memory.max.policy"]) == (4194304, "allkeys-lru")
    assert fields["redis.info.memory.used.value"] == pytest.approx(int(told["used_memory"]), rel=0.05)
    assert 0.8 < number(fields, "redis.info.memory.used.pct") < 1.1
    assert fields["redis.info.server.version"] == told["redis_version"]


def test_commands_are_counted(server: RedisServer, sampled: RedisSampler) -> None:
    """A hundred commands of the test's are in the interval, beside the few of the sampler."""
    read(sampled)
    before = int(said(server)["total_commands_processed"])
    with server.client() as client, client.pipeline(transaction=False) as pipeline:
        for _ in range(100):
            pipeline.ping()
        pipeline.execute()
    after = int(said(server)["total_commands_processed"])
    counted = number(server_of([*read(sampled)]), "redis.info.interval.commands_processed")
    assert after - before <= counted <= after - before + 8
    assert counted >= 100


def test_each_database_has_its_keys(server: RedisServer, sampled: RedisSampler) -> None:
    """Keys and those that expire, by database; an empty one has no record."""
    with server.client() as zero, server.client(database=3) as three:
        zero.set("a", 1)
        zero.set("b", 1, ex=100)
        three.set("c", 1)
        samples = read(sampled)
    found = of(samples, "keyspace")
    assert [
        (each["redis.keyspace.id"], each["redis.keyspace.keys"], each["redis.keyspace.expires"]) for each in found
    ] == [
        ("db0", 2, 1),
        ("db3", 1, 0),
    ]


def test_the_slow_log_is_told_without_arguments(server: RedisServer, sampled: RedisSampler) -> None:
    """The latest slow command's name and time are told, and how many there are; not what it was about."""
    with server.client() as client:
        client.slowlog_reset()
        client.set(f"senha:{SECRET}", SECRET)
        client.config_set("slowlog-log-slower-than", 1000000)
        samples = read(sampled)
    fields = server_of([*samples])
    assert number(fields, "redis.info.slowlog.count") >= 2
    assert fields["redis.info.slowlog.latest.command"] in {"SET", "CONFIG"}
    assert SECRET not in str(samples)


def test_a_restart_gives_no_negative_numbers(server: RedisServer, sampled: RedisSampler) -> None:
    """Down, a reading fails and says why; up again, the counters that began anew are no interval."""
    with server.client() as client:
        for _ in range(50):
            client.get("nada")
    read(sampled)
    server.stop()
    with pytest.raises(SamplingError, match=r"(?i)connect"):
        read(sampled)
    server.start()
    first = server_of([*read(sampled)])
    assert not any(".interval." in name for name in first)
    with server.client() as client:
        client.get("nada")
    assert server_of([*read(sampled)])["redis.info.interval.keyspace.misses"] == 1


def test_a_replica_that_lags_is_seen(server: RedisServer) -> None:
    """A primary has its replica's lag, the replica its link; cut off, the link is down."""
    with RedisServer({"replicaof": f"127.0.0.1 {server.port}"}) as replica:
        here, there = sampler(f"unix://{replica.socket}"), sampler(f"redis://127.0.0.1:{server.port}/0")
        wait_until(lambda: said(replica)["master_link_status"] == "up", "connecting the replica")
        wait_until(lambda: "lag=0" in said(server).get("slave0", "") or "lag=1" in said(server)["slave0"], "answering")
        own, primary = server_of([*read(here)]), server_of([*read(there)])
        assert here.name == f"redis {replica.socket}"
        assert (own["redis.info.replication.role"], own["redis.info.replication.master.link_status"]) == ("slave", "up")
        assert (primary["redis.info.replication.role"], primary["redis.info.replication.connected_slaves"]) == (
            "master",
            1,
        )
        assert number(primary, "redis.info.replication.lag.sec") <= 60
        assert number(primary, "redis.info.replication.lag.bytes") >= 0
        everything = [*read(here), *read(there)]
        server.stop()
        wait_until(lambda: said(replica)["master_link_status"] == "down", "losing the primary")
        assert server_of([*read(here)])["redis.info.replication.master.link_status"] == "down"
        here.close()
        there.close()
    assert undocumented("redis", everything) == set()
    names = {name for sample in everything for name, _ in flat(sample.values)}
    absent = {field.name for field in fields_of("redis") if ".keyspace." not in field.name} - names
    assert absent == {"redis.missing"}


def test_a_user_of_an_access_list_is_enough(server: RedisServer) -> None:
    """INFO and SLOWLOG are all it needs; without SLOWLOG the rest is read, and what is missing is told."""
    server.cli("ACL", "SETUSER", "vigia", "on", f">{SECRET}", "+info", "+slowlog", "+client|setname")
    url = f"redis://vigia:{SECRET}@127.0.0.1:{server.port}"
    found = sampler(url)
    fields = server_of([*read(found)])
    assert "redis.missing" not in fields
    assert "redis.info.slowlog.count" in fields
    assert found.name == f"redis 127.0.0.1:{server.port}"
    server.cli("ACL", "SETUSER", "vigia", "-slowlog")
    fields = server_of([*read(found)])
    assert fields["redis.missing"] == ["slowlog: allow this user SLOWLOG"]
    assert "redis.info.slowlog.count" not in fields
    server.cli("ACL", "SETUSER", "vigia", "-info")
    with pytest.raises(SamplingError, match=r"(?i)no permissions"):
        read(found)
    found.close()


def test_a_password_is_never_told(server: RedisServer) -> None:
    """Not when it is wrong, not when the URL cannot be understood."""
    wrong = sampler(f"redis://ana:{SECRET}@127.0.0.1:{server.port}")
    with pytest.raises(SamplingError, match="invalid username-password pair") as refused:
        read(wrong)
    wrong.close()
    assert SECRET not in str(refused.value)
    for target in (f"redis//:{SECRET}@h", f"redis://:{SECRET}/x@h:6379", f"redis://h:{SECRET}", "", f"http://{SECRET}"):
        with pytest.raises(AtalaiaError, match="no URL of a Redis") as misread:
            sampler(target)
        assert SECRET not in str(misread.value)


def test_tls_is_spoken_where_the_url_says_so(tmp_path: Path) -> None:
    """``rediss://`` reads a server that wants TLS, and refuses one whose certificate nobody vouches for."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    for name, blob in (("key", certificate.private_key_pem), ("cert", certificate.cert_chain_pems[0])):
        blob.write_to_path(tmp_path / f"{name}.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    port = free_port()
    files = {"tls-key-file": "key", "tls-cert-file": "cert", "tls-ca-cert-file": "ca"}
    settings = {option: str(tmp_path / f"{name}.pem") for option, name in files.items()}
    with RedisServer({"tls-port": str(port), "tls-auth-clients": "no", **settings}):
        trusted = sampler(f"rediss://127.0.0.1:{port}?ssl_ca_certs={tmp_path / 'ca.pem'}")
        assert server_of([*read(trusted)])["redis.info.server.mode"] == "standalone"
        trusted.close()
        stranger = sampler(f"rediss://127.0.0.1:{port}")
        with pytest.raises(SamplingError, match=r"(?i)certificate"):
            read(stranger)
        stranger.close()
