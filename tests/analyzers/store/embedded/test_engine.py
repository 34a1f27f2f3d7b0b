"""DuckDB as the embedded store uses it."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NoReturn

import pytest

from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.statement import Statement


def test_engines_that_run_out_of_memory_go_on_in_directories_of_their_own(tmp_path: Path) -> None:
    """Two analyses at once must not touch each other's temporary files; and nothing is made before it is needed."""
    with ExitStack() as stack:
        engines = [stack.enter_context(closing(Engine(tmp_path))) for _ in range(2)]
        asked = Statement("SELECT current_setting('temp_directory')", {})
        places = {Path(str(engine.run(asked, [])[0][0])) for engine in engines}
        assert len(places) == 2
        assert {place.parent for place in places} == {Path(tempfile.gettempdir())}
        assert not any(place.exists() for place in places)


def ask_for_ever(engine: Engine, asked: Statement) -> NoReturn:
    """Ask again and again."""
    while True:
        engine.run(asked, [])


def test_ctrl_c_in_the_midst_of_a_query_is_ctrl_c(tmp_path: Path) -> None:
    """DuckDB may stop and raise an error of its own, which nobody may take for a defect. Five times, for it is chance.

    One query after the other, each of a tenth of a second or so: DuckDB does not always hear a signal before its end.
    """
    asked = Statement("SELECT count(*) FROM range(10000000) WHERE hash(range) = 1", {})
    with closing(Engine(tmp_path)) as engine:
        for _ in range(5):
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            with pytest.raises(KeyboardInterrupt):
                ask_for_ever(engine, asked)
