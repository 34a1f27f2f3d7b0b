"""A local Elasticsearch as a process of its own: started, waited for, stopped."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from analyzers.store.elastic.local.packages import default_cache, require_extra
from analyzers.store.interface import StoreError

START_SECONDS: Final = 180.0
"""How long the first start may take: it fetches 40 MB. Later ones take some seconds."""

STOP_SECONDS: Final = 30.0


@dataclass(slots=True)
class LocalElasticsearch:
    """An Elasticsearch on a free port of 127.0.0.1; a context manager.

    It dies with the process that started it, however that ends.

    Attributes:
        data: Where it keeps its indices and ``server.log``.
        port: The port; 0 for any free one.
        heap: The JVM's heap, as in ``512m``.
        cache: Where downloads are kept.
    """

    data: Path
    port: int = 0
    heap: str = "512m"
    cache: Path = field(default_factory=default_cache)
    _process: subprocess.Popen[str] | None = None
    _url: str = ""

    @property
    def url(self) -> str:
        """Its address, once it has started."""
        if not self._url:
            raise StoreError("the local Elasticsearch is not running", "start it first")
        return self._url

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data / "server.log"

    def start(self, timeout: float = START_SECONDS) -> Self:
        """Start it and wait until it answers.

        Args:
            timeout: How long to wait, in seconds.

        Raises:
            StoreError: When the extra is not installed, or it ends or says nothing in this time; the message holds its
                last words.
        """
        require_extra()
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, arguments from our own code
                self._command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                # Ctrl-C belongs to the parent, which stops the server in order.
                start_new_session=True,
            )
        try:
            self._url = self._read_address(timeout)
        except BaseException:
            self.stop()
            raise
        return self

    def check(self) -> None:
        """Make sure that it still runs.

        Raises:
            StoreError: When it has ended by itself; the message holds its last words.
        """
        if self._process is not None and self._process.poll() is not None:
            raise StoreError(f"the local Elasticsearch has ended: {self._last_words()}", f"see {self.log}")

    def stop(self) -> None:
        """End it: SIGTERM first, SIGKILL when it does not close in time."""
        process, self._process, self._url = self._process, None, ""
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # nothing was ever written, so nothing can be lost
                    pipe.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self) -> list[str]:
        module = [sys.executable, "-m", "analyzers.store.elastic.local", "--stop-with-stdin"]
        options = {"--data": self.data, "--port": self.port, "--heap": self.heap, "--cache": self.cache}
        return [
            *module,
            *(
                os.fspath(part) if isinstance(part, Path) else str(part)
                for option in options.items()
                for part in option
            ),
        ]

    def _read_address(self, timeout: float) -> str:
        if self._process is None or self._process.stdout is None:
            raise StoreError("the local Elasticsearch is not running", "start it first")
        if not _readable(self._process.stdout, timeout):
            raise StoreError(f"Elasticsearch did not answer within {timeout:.0f} s", f"see {self.log}")
        address = self._process.stdout.readline().strip()
        if not address:
            raise StoreError(f"Elasticsearch did not start: {self._last_words()}", f"see {self.log}")
        return address

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].removeprefix("atalaia: ") if lines else "it said nothing"


def _readable(pipe: IO[str], timeout: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        return bool(selector.select(timeout))
