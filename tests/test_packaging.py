"""The wheel: it carries every module and every asset, and works in an empty environment outside the checkout."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

PACKAGES = ("logging_lib", "analyzers", "atalaia")

ASSETS = {
    "elasticsearch": "analyzers/_assets/elasticsearch",
    "logstash": "atalaia/_assets/logstash",
    "docs/runbooks": "atalaia/_assets/docs/runbooks",
    "examples": "atalaia/_assets/examples",
    "kibana": "atalaia/_assets/kibana",
}
"""Folder of the checkout -> where the wheel carries it."""

MAINTAINERS_ONLY = {"kibana/requirements.txt"}
"""What stays out of the wheel: the build of the saved objects is not for users."""


LOGGING_NEEDS = ("orjson", "python-json-logger", "structlog")
"""What the logging library needs, as docs/logging.md names it."""

INTEGRATIONS = {
    "logging_lib.celery": "celery",
    "logging_lib.flask": "flask",
    "logging_lib.gunicorn": "gunicorn",
    "logging_lib.metrics.host": "psutil",
    "logging_lib.metrics.postgresql": "psycopg[binary]",
    "logging_lib.metrics.redis": "redis",
    "logging_lib.request.flask_user": "flask",
    "logging_lib.sqlalchemy": "sqlalchemy",
}
"""Module of the logging library -> the package that it is about. A module whose name begins so is a part of it."""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the checkout's influence and return what it printed; its errors are the failure."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ATALAIA"))}
    command_line = [str(part) for part in command]
    done = subprocess.run(command_line, check=False, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def source_files() -> list[str]:
    """Return the files of the checkout that git tracks or would track, as they are now."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    return [name for name in listed if (ROOT / name).is_file()]


@dataclass(frozen=True)
class Installation:
    """The wheel, and an environment that holds nothing but it and its dependencies."""

    wheel: Path
    environment: Path

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.environment / "bin" / "python"

    def names(self) -> set[str]:
        """Return the names of the files in the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())


PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a clean copy of the sources."""
    base = tmp_path_factory.mktemp("wheel")
    for name in source_files():
        target = base / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    run(*PIP, "wheel", "--no-deps", "--wheel-dir", base / "dist", base / "source", cwd=base)
    (built,) = (base / "dist").glob("atalaia-*.whl")
    return built


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel, with the pinned dependencies, in an environment of its own."""
    base = tmp_path_factory.mktemp("installation")
    venv.create(base / "environment", with_pip=False)
    built = Installation(wheel, base / "environment")
    run(*PIP, "--python", built.python, "install", "-c", ROOT / "constraints.txt", wheel, cwd=base)
    return built


@pytest.fixture(scope="module")
def logging_alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel as docs/logging.md says for the logging library alone: with its three packages, no others."""
    base = tmp_path_factory.mktemp("alone")
    venv.create(base / "environment", with_pip=False)
    built = Installation(wheel, base / "environment")
    install = (*PIP, "--python", built.python, "install", "-c", ROOT / "constraints.txt")
    run(*install, *LOGGING_NEEDS, cwd=base)
    run(*install, "--no-deps", wheel, cwd=base)
    return built


def test_every_package_is_listed() -> None:
    """``packages`` in setup.cfg is written by hand; a folder of modules that is missing there would not be shipped."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = config["options"]["packages"].split()
    folders = {Path(name).parent for name in source_files() if name.endswith(".py") and name.split("/")[0] in PACKAGES}
    expected = {".".join(folder.parts) for folder in folders} | {path.replace("/", ".") for path in ASSETS.values()}
    assert sorted(expected) == listed, "list it in setup.cfg, sorted"


def test_every_package_is_a_regular_one() -> None:
    """A folder of modules without ``__init__.py`` would import in the checkout and vanish from the wheel."""
    modules = [Path(name) for name in source_files() if name.endswith(".py") and name.split("/")[0] in PACKAGES]
    assert {str(path) for path in modules if not (ROOT / path.parent / "__init__.py").is_file()} == set()


@pytest.mark.slow
def test_the_wheel_carries_every_file(installation: Installation) -> None:
    """Modules, templates, grammars, patterns, style sheets and the three asset folders: nothing is left behind."""
    expected = {name for name in source_files() if name.split("/")[0] in PACKAGES}
    for folder, target in ASSETS.items():
        files = {name for name in source_files() if name.startswith(f"{folder}/")} - MAINTAINERS_ONLY
        expected |= {target + name.removeprefix(folder) for name in files}
    assert expected - installation.names() == set()


@pytest.mark.slow
def test_the_wheel_holds_nothing_else(installation: Installation) -> None:
    """No tests, no benchmarks, and no top-level ``elasticsearch`` that would break the client of that name."""
    tops = {name.split("/")[0] for name in installation.names()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.slow
def test_the_assets_are_found_in_the_wheel(installation: Installation, tmp_path: Path) -> None:
    """Outside the checkout, ``asset_root`` leads to folders inside the installed packages."""
    code = (
        "import analyzers, atalaia\n"
        "from pathlib import Path\n"
        "from analyzers.assets import asset_root\n"
        "print(asset_root('elasticsearch'))\n"
        "package = Path(atalaia.__file__).parent\n"
        "print(asset_root('logstash', package))\n"
        "print(asset_root('docs/runbooks', package))\n"
        "print(asset_root('examples', package))\n"
        "print(asset_root('kibana', package))\n"
    )
    printed = run(installation.python, "-c", code, cwd=tmp_path).splitlines()
    (site,) = (installation.environment / "lib").glob("python3.*/site-packages")
    assert printed == [str(site / target) for target in ASSETS.values()]


@pytest.mark.slow
def test_the_client_of_elasticsearch_is_not_shadowed(installation: Installation, tmp_path: Path) -> None:
    """The folder of templates named ``elasticsearch`` never takes the client's name."""
    assert run(installation.python, "-c", "from elasticsearch import Elasticsearch", cwd=tmp_path) == ""


@pytest.mark.slow
def test_the_dependencies_agree(installation: Installation, tmp_path: Path) -> None:
    """What the wheel asks for is installed, and the pinned versions satisfy each other."""
    checked = run(sys.executable, "-m", "pip", "--python", installation.python, "check", cwd=tmp_path)
    assert checked.strip() == "No broken requirements found."


@pytest.mark.slow
def test_the_command_answers(installation: Installation, tmp_path: Path) -> None:
    """``atalaia`` is on the environment's path, knows its version and explains itself."""
    command = installation.environment / "bin" / "atalaia"
    assert "0.1.0" in run(command, "--version", cwd=tmp_path)
    assert "Usage: atalaia" in run(command, "--help", cwd=tmp_path)


@pytest.mark.slow
def test_pytest_is_told_of_the_plugins(installation: Installation, tmp_path: Path) -> None:
    """The wheel's plugins for pytest are announced, and name modules that the wheel carries."""
    code = (
        "from importlib.metadata import entry_points\n"
        "print(*[each.value for each in entry_points(group='pytest11') if each.name.startswith('atalaia')])\n"
    )
    modules = run(installation.python, "-c", code, cwd=tmp_path).split()
    assert len(modules) == 2
    assert {f"{module.replace('.', '/')}.py" for module in modules} <= installation.names()


IMPORT_ALL = """
import importlib
for name in NAMES:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(name, type(error).__name__, error, sep="|")
"""
LOG_ALONE = """
import logging
import logging_lib
from logging_lib.wsgi import RequestLog
logging_lib.configure(service="alone", stream="stdout")
logging_lib.get_logger("a").info("structlog", b=1)
logging.getLogger("c").warning("logging")
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"x"]
body = RequestLog(app)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: None)
list(body); body.close()
"""


def test_the_documentation_names_what_the_logging_library_needs() -> None:
    """The command that the page shows installs the packages that the next tests find to be enough."""
    page = (ROOT / "docs" / "logging.md").read_text(encoding="utf-8")
    assert f"pip install {' '.join(LOGGING_NEEDS)}\n" in page


@pytest.mark.slow
def test_the_logging_library_works_alone(logging_alone: Installation, tmp_path: Path) -> None:
    """With its three packages and nothing else, both roads and the middleware write their lines."""
    lines = [json.loads(line) for line in run(logging_alone.python, "-c", LOG_ALONE, cwd=tmp_path).splitlines()]
    assert [line.get("event", line.get("path")) for line in lines] == ["structlog", "logging", "/"]


@pytest.mark.slow
def test_an_integration_alone_names_what_it_lacks(logging_alone: Installation, tmp_path: Path) -> None:
    """Every module imports without the integrations' packages, or refuses by the command that installs its own."""
    files = sorted(name for name in logging_alone.names() if re.fullmatch(r"logging_lib/.*(?<!__)\.py", name))
    modules = [name.removesuffix(".py").replace("/", ".") for name in files]
    packages = {module.rpartition(".")[0] for module in modules} - {"logging_lib"}
    names = sorted({*modules, *packages} - {"logging_lib.pytest_plugin"})  # only pytest itself loads that one
    code = f"NAMES = {names!r}\n{IMPORT_ALL}"
    refused = {}
    for line in run(logging_alone.python, "-c", code, cwd=tmp_path).splitlines():
        name, kind, said = line.split("|")
        package = next((needs for module, needs in INTEGRATIONS.items() if name.startswith(module)), None)
        assert package is not None, f"{name} needs more than {LOGGING_NEEDS}: {said}"
        refused[name] = (kind, f"{package} is not installed" in said, f"pip install {package}" in said)
    entries = {name for name in INTEGRATIONS if name in names}
    assert {name: refused.get(name) for name in entries} == dict.fromkeys(entries, ("AtalaiaError", True, True))


@pytest.mark.slow
def test_the_demonstration_runs_from_the_wheel(installation: Installation, tmp_path: Path) -> None:
    """The whole job works from the wheel alone: history, alerts, SLA, weekly report, the site."""
    command = installation.environment / "bin" / "atalaia"
    printed = run(command, "demo", "--seconds", "20", "--port", "0", cwd=tmp_path)
    assert "http://127.0.0.1:" in printed
    assert [*tmp_path.glob("atalaia-demo/**/*.html")], printed
