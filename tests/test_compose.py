"""The ELK deployment: the compose file against the published schema and our own rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.kibana.saved_objects import Json, mapping, sequence, text

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"

VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::?([-?])([^}]*))?\}")
STACK = {"elasticsearch", "logstash", "kibana"}


def services() -> dict[str, dict[str, Json]]:
    """Return the services of the compose file."""
    loaded: Json = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return {name: mapping(value) for name, value in mapping(mapping(loaded)["services"]).items()}


def pipelines() -> list[dict[str, Json]]:
    """Return the entries of ``logstash/pipelines.yml``."""
    loaded: Json = yaml.safe_load((ROOT / "logstash" / "pipelines.yml").read_text(encoding="utf-8"))
    return [mapping(entry) for entry in sequence(loaded)]


def mounts() -> list[tuple[str, str]]:
    """Return source and target of every mount."""
    texts = [text(mount) for service in services().values() for mount in sequence(service.get("volumes", []))]
    return [(source, rest.split(":")[0]) for source, _, rest in (mount.partition(":") for mount in texts)]


def documented() -> dict[str, str]:
    """Return the variables of ``.env.example`` and the values it gives them."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_file_fits_the_compose_specification() -> None:
    """The published JSON schema of the Compose Specification accepts the file: no misspelt key is ignored."""
    checked = subprocess.run(
        [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_variable_is_documented_and_every_documented_one_used() -> None:
    """``.env.example`` and the compose file name the same variables, with the same defaults."""
    used = {name: (kind, default) for name, kind, default in VARIABLE.findall(COMPOSE.read_text(encoding="utf-8"))}
    assert set(used) == set(documented())
    defaults = {name: default for name, (kind, default) in used.items() if kind == "-"}
    assert {name: documented()[name] for name in defaults} == defaults


def test_there_is_no_default_password() -> None:
    """A secret is a required variable, empty in ``.env.example``; none stands in the file itself."""
    secret = re.compile(r"PASSWORD|ENCRYPTION_?KEY|SECRET|TOKEN")
    for name, service in services().items():
        for key, value in mapping(service.get("environment", {})).items():
            if secret.search(key):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", text(value)), f"{name}: {key}"
    secrets = {key: value for key, value in documented().items() if secret.search(key)}
    assert len(secrets) == 5
    assert set(secrets.values()) == {""}


def test_the_stack_has_one_version() -> None:
    """Elasticsearch, Logstash and Kibana come at the one version that STACK_VERSION names, a 9.x."""
    images = {text(service["image"]) for service in services().values()} - {"atalaia:local"}
    assert {image.split("/")[-1].split(":")[0] for image in images} == STACK
    assert {image.split(":", 1)[1].split(":?")[0] for image in images} == {"${STACK_VERSION"}
    assert re.fullmatch(r"9\.\d+\.\d+", documented()["STACK_VERSION"])


def test_every_mounted_path_exists() -> None:
    """Docker would create a missing source as an empty folder, and the service would start without its files."""
    loaded: Json = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    volumes = set(mapping(mapping(loaded)["volumes"]))
    sources = {source for source, _ in mounts()}
    assert {source for source in sources if source.startswith("./") and not (ROOT / source).exists()} == set()
    assert {source for source in sources if not source.startswith("./")} == volumes


def test_our_files_are_mounted_read_only() -> None:
    """No container can change the checkout."""
    texts = [text(mount) for service in services().values() for mount in sequence(service.get("volumes", []))]
    assert [mount for mount in texts if mount.startswith("./") and not mount.endswith(":ro")] == []


def test_ports_are_published_on_loopback_only() -> None:
    """The stack speaks plain HTTP; nobody else on the network may reach it."""
    ports = [text(port) for service in services().values() for port in sequence(service.get("ports", []))]
    assert len(ports) == 3
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_service_is_bounded_and_watched() -> None:
    """Each has a memory limit; each that keeps running has a health check and comes back after a crash."""
    for name, service in services().items():
        assert "mem_limit" in service, name
        if name not in {"setup", "kibana-setup"}:
            assert "healthcheck" in service, name
            assert service["restart"] == "unless-stopped", name


def test_waiting_is_for_what_exists() -> None:
    """``depends_on`` names services; one that is waited for as healthy has a health check."""
    for service in services().values():
        for name, how in mapping(service.get("depends_on", {})).items():
            if mapping(how)["condition"] == "service_healthy":
                assert "healthcheck" in services()[name]


def test_the_heap_is_half_of_the_memory_limit() -> None:
    """The other half is for the file system cache and off-heap buffers; least and greatest heap are equal."""
    mebibytes = {"m": 1, "g": 1024}
    for name, key in {"elasticsearch": "ES_JAVA_OPTS", "logstash": "LS_JAVA_OPTS"}.items():
        options = text(mapping(services()[name]["environment"])[key])
        least, greatest = re.findall(r"-Xm[sx](\d+[mg])", options)
        limit = text(services()[name]["mem_limit"])
        assert least == greatest
        assert 2 * int(greatest[:-1]) * mebibytes[greatest[-1]] == int(limit[:-1]) * mebibytes[limit[-1]]


def shipped() -> list[Path]:
    """Return the pipelines that run by themselves; ``receive.conf`` is but an input for another one."""
    return [path for path in (ROOT / "logstash" / "pipeline").glob("*.conf") if path.name != "receive.conf"]


def test_pipelines_are_those_that_exist() -> None:
    """``pipelines.yml`` runs every shipped pipeline, from the folder it is mounted on, in ECS v8 mode."""
    (target,) = {target for source, target in mounts() if source == "./logstash/pipeline"}
    listed = {text(entry["path.config"]) for entry in pipelines()}
    assert listed == {f"{target}/{path.name}" for path in shipped()}
    for entry in pipelines():
        assert entry["pipeline.id"] == Path(text(entry["path.config"])).stem
        assert entry["pipeline.ecs_compatibility"] == "v8"
        assert entry["queue.type"] == "persisted"


def test_pipelines_are_told_where_things_are() -> None:
    """The service sets no variable that no pipeline reads, and reaches Elasticsearch as the least privileged user."""
    configurations = "".join(path.read_text(encoding="utf-8") for path in shipped())
    read = {name for name, _, _ in re.findall(r"\$\{(\w+)(:)?([^}]*)\}", configurations)}
    environment = mapping(services()["logstash"]["environment"])
    assert set(environment) - {"LS_JAVA_OPTS"} <= read
    assert {name for name in read if re.search(r"HOST|USER$|PASSWORD", name)} <= set(environment)


@pytest.mark.parametrize("script", ["docker/setup-elasticsearch", "docker/setup-kibana"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    """Containers start them directly; bash accepts their syntax."""
    assert os.access(ROOT / script, os.X_OK)
    parsed = subprocess.run(["bash", "-n", ROOT / script], check=False, capture_output=True, text=True)
    assert parsed.returncode == 0, parsed.stderr


def test_the_image_is_built_from_what_exists() -> None:
    """What the Dockerfile copies and ``.dockerignore`` lets through is in the checkout."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {name for name in allowed if not (ROOT / name).exists()} == set()
    lines = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]}
    assert {name for name in copied if name not in allowed} == {".", "--from=build", "/wheels"}
