"""The geoip filter on databases written for the tests; what is expected stands in the records."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmdb_writer import MMDBType, MMDBWriter
from netaddr import IPSet

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json, corpus_root
from tests.atalaia.pipeline.filters.running import RunningFilter, run_filter

DISABLED, V8 = EcsCompatibility.DISABLED, EcsCompatibility.V8
ADDRESS = "203.0.113.7"
NETWORK = "203.0.112.0/20"

ASN: dict[str, MMDBType] = {
    "autonomous_system_number": 4200000000,
    "autonomous_system_organization": "Example, SA",
}
COUNTRY: dict[str, MMDBType] = {
    "continent": {"code": "SA", "names": {"en": "South America", "pt-BR": "América do Sul"}},
    "country": {"iso_code": "BR", "names": {"en": "Brazil", "pt-BR": "Brasil"}},
    "registered_country": {"iso_code": "US"},
}
CITY: dict[str, MMDBType] = {
    **COUNTRY,
    "city": {"names": {"en": "Campinas"}},
    "location": {"latitude": -22.9, "longitude": -47.06, "metro_code": 7, "time_zone": "America/Sao_Paulo"},
    "postal": {"code": "13000"},
    "subdivisions": [
        {"iso_code": "XX", "names": {"en": "The wider region"}},
        {"iso_code": "SP", "names": {"en": "São Paulo"}},
    ],
}
ANONYMITY: dict[str, MMDBType] = {"is_anonymous": True, "is_tor_exit_node": True, "is_hosting_provider": False}


def database(folder: Path, kind: str, record: MMDBType, *, version: int = 6) -> Path:
    """Write a database that knows the one network."""
    path = folder / f"{kind}.mmdb"
    writer = MMDBWriter(ip_version=version, ipv4_compatible=version == 6, database_type=kind)
    writer.insert_network(IPSet([NETWORK]), record)
    writer.to_db_file(str(path))
    return path


def looked_up(path: Path, options: str = "", *, ecs: EcsCompatibility = DISABLED, source: Value = ADDRESS) -> Json:
    """Return what the filter puts below ``client`` for an address."""
    section = f'geoip {{ source => "ip" target => "client" database => "{path}" {options} }}'
    return run_filter(section, {"ip": source}, ecs=ecs)["client"]


FLAGS = ("hosting_provider", "tor_exit_node", "anonymous_vpn", "anonymous", "public_proxy", "residential_proxy")
TRAITS: Json = {name: name in ("tor_exit_node", "anonymous") for name in FLAGS}
KINDS: list[tuple[str, MMDBType, Json, Json]] = [  # type, record, found without ECS, found with it
    (
        "GeoLite2-City",
        CITY,
        {
            "ip": ADDRESS,
            "city_name": "Campinas",
            "continent_code": "SA",
            "country_name": "Brazil",
            "country_code2": "BR",
            "country_code3": "BR",
            "postal_code": "13000",
            "dma_code": 7,
            "region_name": "São Paulo",
            "region_code": "SP",
            "timezone": "America/Sao_Paulo",
            "location": {"lat": -22.9, "lon": -47.06},
            "latitude": -22.9,
            "longitude": -47.06,
        },
        {
            "ip": ADDRESS,
            "geo": {
                "city_name": "Campinas",
                "continent_code": "SA",
                "country_name": "Brazil",
                "country_iso_code": "BR",
                "postal_code": "13000",
                "region_name": "São Paulo",
                "region_iso_code": "BR-SP",
                "timezone": "America/Sao_Paulo",
                "location": {"lat": -22.9, "lon": -47.06},
            },
            "mmdb": {"dma_code": 7},
        },
    ),
    (
        "GeoIP2-Country",
        COUNTRY,
        {"ip": ADDRESS, "country_code2": "BR", "country_name": "Brazil", "continent_name": "South America"},
        {
            "ip": ADDRESS,
            "geo": {"country_iso_code": "BR", "country_name": "Brazil", "continent_name": "South America"},
        },
    ),
    (
        "GeoLite2-ASN",
        ASN,
        {"ip": ADDRESS, "asn": 4200000000, "as_org": "Example, SA"},
        {"ip": ADDRESS, "as": {"number": 4200000000, "organization": {"name": "Example, SA"}}},
    ),
    (
        "GeoIP2-ISP",
        {**ASN, "isp": "Provider", "organization": "Customer"},
        {
            "ip": ADDRESS,
            "asn": 4200000000,
            "as_org": "Example, SA",
            "isp": "Provider",
            "organization": "Customer",
        },
        {
            "ip": ADDRESS,
            "as": {"number": 4200000000, "organization": {"name": "Example, SA"}},
            "mmdb": {"isp": "Provider", "organization": "Customer"},
        },
    ),
    ("GeoIP2-Domain", {"domain": "example.com"}, {"domain": "example.com"}, {"domain": "example.com"}),
    ("GeoIP2-Domain", {"other": "x"}, {"domain": None}, {"domain": None}),
    ("GeoIP2-Anonymous-IP", ANONYMITY, TRAITS, {"ip_traits": TRAITS}),
    (
        "GeoIP2-Enterprise",
        {**CITY, "traits": {**ASN, **ANONYMITY}},
        {
            "ip": ADDRESS,
            "country_code2": "BR",
            "country_name": "Brazil",
            "continent_name": "South America",
            "region_iso_code": "BR-SP",
            "region_name": "São Paulo",
            "city_name": "Campinas",
            "location": {"lat": -22.9, "lon": -47.06},
        },
        {
            "ip": ADDRESS,
            "geo": {
                "country_iso_code": "BR",
                "country_name": "Brazil",
                "continent_name": "South America",
                "region_iso_code": "BR-SP",
                "region_name": "São Paulo",
                "city_name": "Campinas",
                "location": {"lat": -22.9, "lon": -47.06},
            },
        },
    ),
]


@pytest.mark.parametrize(("kind", "record", "plain", "ecs"), KINDS)
def test_kinds_of_databases(tmp_path: Path, kind: str, record: MMDBType, plain: Json, ecs: Json) -> None:
    """Each kind has its usual fields, at other places with ECS; names are the English ones."""
    path = database(tmp_path, kind, record)
    assert looked_up(path) == plain
    assert looked_up(path, ecs=V8) == ecs
    assert looked_up(path, "ecs_compatibility => v8") == ecs


FIELDS: list[tuple[str, MMDBType, str, EcsCompatibility, Json]] = [  # type, record, fields, ECS, found
    ("DBIP-City-Lite", CITY, '"Continent_Name"', DISABLED, {"continent_name": "South America"}),
    ("GeoIP2-City", CITY, '"region_iso_code"', DISABLED, {"region_iso_code": "BR-SP"}),
    ("GeoIP2-City", CITY, '"region_code"', V8, {"geo": {"region_code": "SP"}}),
    ("GeoIP2-City", CITY, '"longitude"', V8, {"geo": {"location": {"lon": -47.06}}}),
    ("GeoIP2-City", CITY, '"country_code3"', V8, {}),
    ("GeoLite2-ASN", ASN, '"network", "isp"', DISABLED, {"network": NETWORK}),
    ("GeoLite2-ASN", ASN, '"network"', V8, {"ip_traits": {"network": NETWORK}}),
    ("GeoIP2-Enterprise", {"traits": ASN}, '"autonomous_system_number"', V8, {"as": {"number": 4200000000}}),
    ("GeoIP2-Enterprise", {"traits": ANONYMITY}, '"anonymous"', V8, {"ip_traits": {"anonymous": True}}),
    ("GeoIP2-Enterprise", {}, '"public_proxy", "timezone"', DISABLED, {"public_proxy": False}),
    ("GeoIP2-Enterprise", {}, '"network"', DISABLED, {"network": NETWORK}),
    ("GeoIP2-Anonymous-IP", ANONYMITY, '"ip", "anonymous"', DISABLED, {"ip": ADDRESS, "anonymous": True}),
]


@pytest.mark.parametrize(("kind", "record", "fields", "ecs", "found"), FIELDS)
def test_fields(tmp_path: Path, kind: str, record: MMDBType, fields: str, ecs: EcsCompatibility, found: Json) -> None:
    """Only the fields asked for are put, in whatever letters they are written."""
    section = f'geoip {{ source => "ip" target => "client" fields => [{fields}] add_tag => ["done"]'
    after = run_filter(f'{section} database => "{database(tmp_path, kind, record)}" }}', {"ip": ADDRESS}, ecs=ecs)
    assert after == {"ip": ADDRESS, "client": found, "tags": ["done"]}


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        (ADDRESS, NETWORK),
        (f"::ffff:{ADDRESS}", NETWORK),
        ("203.0.28935", NETWORK),  # the last part fills two bytes
        (f"::{ADDRESS}", "0:0:0:0:0:0:cb00:7000/116"),
        ([ADDRESS, "8.8.8.8"], NETWORK),
    ],
)
def test_addresses_and_their_networks(tmp_path: Path, address: Value, prefix: str) -> None:
    """The network is written as Java writes it; the values are those of MaxMind's Java reader."""
    path = database(tmp_path, "GeoLite2-ASN", ASN)
    assert looked_up(path, 'fields => ["network"]', source=address) == {"network": prefix}


NOT_FOUND: list[tuple[Value, Json]] = [  # an address, what the target becomes; null when it is not set
    ("8.8.8.8", {}),
    ("2001:db8::1", {}),
    ("example.com", {}),
    ("203.0.113.7 ", {}),
    ("", None),
    ("\t \n", None),
    (None, None),
]


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize(("address", "target"), NOT_FOUND)
def test_what_is_not_found(tmp_path: Path, address: Value, target: Json, version: int) -> None:
    """The event is tagged and the filter counts a failure; the target is an object unless there was no address."""
    path = database(tmp_path, "GeoLite2-ASN", ASN, version=version)
    options = 'tag_on_failure => ["a", "b", "a"] add_tag => ["done"]'
    running = RunningFilter(f'geoip {{ source => "ip" database => "{path}" {options} }}')
    expected = {"ip": address, "tags": ["a", "b"], **({} if target is None else {"geoip": target})}
    assert running.run({"ip": address}) == expected
    assert [plugin.failed for plugin in running.pipeline.counters.plugins] == [1]


@pytest.mark.parametrize("record", [COUNTRY, {"location": {"time_zone": "UTC"}}])
def test_a_city_without_a_location_is_none(tmp_path: Path, record: MMDBType) -> None:
    """The other fields do not count then; half a location is one."""
    assert looked_up(database(tmp_path, "GeoIP2-City", record)) == {}
    half = database(tmp_path, "GeoLite2-City", {**COUNTRY, "location": {"latitude": 1.5}})
    assert looked_up(half, 'fields => ["location", "latitude", "country_name"]') == {
        "latitude": 1.5,
        "country_name": "Brazil",
    }


def test_what_is_in_the_target_stays(tmp_path: Path) -> None:
    """Findings are added to it, a null is replaced; each event has its own location."""
    path = database(tmp_path, "GeoLite2-City", CITY)
    move = 'mutate { rename => { "[client][location]" => "[moved]" } }'
    section = f'geoip {{ source => "ip" target => "client" database => "{path}" fields => ["location"] }}'
    running = RunningFilter(f"{section} {move}")
    clients: list[Value] = [{"port": 80}, None, {"location": "old"}]
    for client in clients:
        after = running.run({"ip": ADDRESS, "client": client})
        assert after["moved"] == {"lat": -22.9, "lon": -47.06}
        assert after["client"] == ({"port": 80} if client == {"port": 80} else {})
    take = 'mutate { rename => { "[a][b][location][lat]" => "lat" } }'
    nested = RunningFilter(section.replace('"client"', '"[a][b]"') + take)
    for _ in range(2):
        after = nested.run({"ip": ADDRESS})
        assert (after["lat"], after["a"]) == (-22.9, {"b": {"location": {"lon": -47.06}}})


def test_the_target_of_ecs_is_what_holds_the_source(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Another place than those of ECS is warned of; without ECS it is ``geoip``."""
    path = database(tmp_path, "GeoLite2-ASN", ASN)
    section = f'geoip {{ source => "[%s][ip]" database => "{path}" fields => ["autonomous_system_number"] }}'
    fields: dict[str, Value] = {"client": {"ip": ADDRESS}, "mine": {"ip": ADDRESS}}
    assert run_filter(section % "client", fields, ecs=V8)["client"] == {"ip": ADDRESS, "as": {"number": 4200000000}}
    assert caplog.text == ""
    assert run_filter(section % "mine", fields, ecs=V8)["mine"] == {"ip": ADDRESS, "as": {"number": 4200000000}}
    assert "ECS expects" in caplog.text
    assert run_filter(section % "client", fields)["geoip"] == {"asn": 4200000000}


ERRORS: list[tuple[Value, str]] = [
    (5, "not text"),
    ([], "not text"),
    ([None], "not text"),
    ([5, ADDRESS], "not text"),
    ({"a": ADDRESS}, "not text"),
]


@pytest.mark.parametrize(("value", "reason"), ERRORS)
def test_what_would_stop_logstash_is_an_error_of_the_event(tmp_path: Path, value: Value, reason: str) -> None:
    """The event is rejected with the filter's name and the reason."""
    with pytest.raises(PluginError, match=f"geoip: .*{reason}"):
        looked_up(database(tmp_path, "GeoLite2-ASN", ASN), source=value)


def test_a_target_that_holds_no_object(tmp_path: Path) -> None:
    """A text in the target is an error of the event, too."""
    path = database(tmp_path, "GeoLite2-ASN", ASN)
    with pytest.raises(PluginError, match=r"geoip: .*cannot be set"):
        run_filter(f'geoip {{ source => "ip" database => "{path}" }}', {"ip": ADDRESS, "geoip": "text"})


REFUSED = [
    ('source => "ip"', V8, r"target.*ECS needs it"),
    ('source => "[ip]"', V8, r"target.*ECS needs it"),
    ('source => "ip"', DISABLED, r"'database'.*not supported[\s\S]*download a file such as GeoLite2-City.mmdb"),
    ('source => "ip" default_database_type => "ASN"', DISABLED, "'database'.*not supported"),
    ('source => "ip" default_database_type => "Country"', DISABLED, "default_database_type"),
    ('source => "ip" database => "missing.mmdb"', DISABLED, "cannot be used"),
    ('source => "ip" database => "text.mmdb"', DISABLED, "cannot be used"),
    ('source => "ip" database => "GeoIP2-Connection-Type.mmdb"', DISABLED, "of the type GeoIP2-Connection-Type"),
    ('source => "ip" database => "GeoLite2-ASN.mmdb" fields => ["asn"]', DISABLED, "no field 'asn'"),
    ('source => "ip" database => "GeoLite2-ASN.mmdb" cache_size => -1', DISABLED, "cache_size"),
    ('source => "[ip" database => "GeoLite2-ASN.mmdb"', DISABLED, "not a field reference"),
]


@pytest.mark.parametrize(("options", "ecs", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(
    tmp_path: Path, options: str, ecs: EcsCompatibility, reason: str
) -> None:
    """The refusal names the plugin and says why; without a database, what to do."""
    (tmp_path / "text.mmdb").write_text("no database")
    database(tmp_path, "GeoLite2-ASN", ASN)
    database(tmp_path, "GeoIP2-Connection-Type", {"connection_type": "Cable/DSL"})
    with pytest.raises(ConfigurationError, match=rf"geoip[\s\S]*{reason}"):
        run_filter(f"geoip {{ {options} }}", {}, ecs=ecs, directory=tmp_path)


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_the_cache_changes_nothing(size: int) -> None:
    """MaxMind's own test database, whatever is remembered; the expected names are those of its source."""
    path = corpus_root() / "geoip" / "GeoIP2-City-Test.mmdb"
    section = f'geoip {{ source => "ip" database => "{path}" fields => ["city_name"] cache_size => {size} }}'
    running = RunningFilter(section)
    cities = {"81.2.69.142": "London", "89.160.20.112": "Linköping", "2.125.160.216": "Boxford"}
    for address in [*cities, *cities]:
        assert running.run({"ip": address})["geoip"] == {"city_name": cities[address]}
