"""The ELK deployment: the compose file against the published schema and our own rules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.kibana.saved_objects import Json, mapping, sequence, text

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"

VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::?([-?])([^}]*))?\}")
STACK = {"elasticsearch", "logstash", "kibana"}
OF_COMPOSE = {"COMPOSE_PROJECT_NAME"}
"""Read by docker compose itself."""


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


def compose() -> list[str]:
    """Return the real tool: the plugin of Docker's client, or Debian's own command."""
    plugin = subprocess.run(["docker", "compose", "version"], check=False, capture_output=True) if docker() else None
    if plugin and plugin.returncode == 0:
        return ["docker", "compose"]
    found = shutil.which("docker-compose")
    assert found, "docker compose is missing; install it with: make test-system"
    return [found]


def docker() -> str | None:
    """Return Docker's client, where there is one."""
    return shutil.which("docker")


def configured(folder: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Run ``docker compose config`` with the values of ``.env.example`` and others."""
    lines = [f"{name}={value}" for name, value in (documented() | values).items()]
    (folder / "env").write_text("\n".join(lines), encoding="utf-8")
    command = [*compose(), "--env-file", str(folder / "env"), "-f", str(COMPOSE), "config"]
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder)}  # no engine, and nothing of whoever runs the tests
    return subprocess.run(command, check=False, capture_output=True, text=True, env=clean)


def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    """``docker compose config``, the real tool, resolves every service with the values of a filled ``.env``."""
    secrets = {name: f"of {name}" for name, value in documented().items() if not value and name != "ATALAIA_WEBHOOK"}
    done = configured(tmp_path, **secrets)
    assert done.returncode == 0, done.stderr
    resolved: Json = yaml.safe_load(done.stdout)
    found = {name: mapping(value) for name, value in mapping(mapping(resolved)["services"]).items()}
    assert set(found) == set(services())
    assert mapping(found["kibana-setup"]["environment"])["ATALAIA_ES_PASSWORD"] == secrets["ELASTIC_PASSWORD"]
    assert text(found["kibana"]["image"]).endswith(f"/kibana:{documented()['STACK_VERSION']}")


def test_docker_compose_names_a_secret_that_is_missing(tmp_path: Path) -> None:
    """With ``.env.example`` as it is, nothing starts: the tool says that a value has to be set, and where."""
    done = configured(tmp_path)
    assert done.returncode != 0
    assert "set it in .env, see .env.example" in done.stderr


def test_every_variable_is_documented_and_every_documented_one_used() -> None:
    """``.env.example`` and the compose file name the same variables, with the same defaults."""
    used = {name: (kind, default) for name, kind, default in VARIABLE.findall(COMPOSE.read_text(encoding="utf-8"))}
    assert set(used) == set(documented()) - OF_COMPOSE
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


def test_the_demonstration_is_the_help_desk() -> None:
    """What the stack logs and shows out of the box is the application that the documentation speaks of."""
    assert "helpdesk:application" in sequence(services()["helpdesk"]["command"])
    assert "atalaia.demo.helpdesk" in (ROOT / "docker" / "helpdesk.py").read_text(encoding="utf-8")


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
    """Each has limits, and a log that is rotated; one that keeps running is watched, and comes back after a crash."""
    for name, service in services().items():
        assert "mem_limit" in service, name
        assert "cpus" in service, name
        options = mapping(mapping(service["logging"])["options"])
        assert {"max-size", "max-file"} <= set(options), name
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


def test_the_script_is_executable_and_parses() -> None:
    """A container starts it directly; bash accepts its syntax."""
    script = ROOT / "docker" / "setup-elasticsearch"
    assert os.access(script, os.X_OK)
    parsed = subprocess.run(["bash", "-n", script], check=False, capture_output=True, text=True)
    assert parsed.returncode == 0, parsed.stderr


def test_the_image_is_built_from_what_exists() -> None:
    """What the Dockerfile copies and ``.dockerignore`` lets through is in the checkout."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {name for name in allowed if not (ROOT / name).exists()} == set()
    lines = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]}
    assert {name for name in copied if name not in allowed} == {".", "--from=build", "/wheels"}
