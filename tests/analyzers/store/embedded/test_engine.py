"""DuckDB as the embedded store uses it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

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
