"""Build ``kibana/saved_objects/atalaia.ndjson`` from its sources: ``make kibana``.

A maintainer's tool: the result is committed, so nobody needs it to use the dashboards. The same source gives the same
bytes; a test builds again and compares.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from atalaia.kibana.objects import Json, SavedObject, as_lines, read_objects
from logging_lib.errors import AtalaiaError
from tests.kibana.building.compiler import compile_dashboards
from tests.kibana.building.mending import mended, tagged
from tests.kibana.building.sources import data_views, searches, tags
from tests.kibana.saved_objects import KIBANA, mapping, sequence, text

RESULT = KIBANA / "saved_objects" / "atalaia.ndjson"


def built(source: Path) -> str:
    """Return the saved objects of a folder of sources as newline-delimited JSON.

    Raises:
        AtalaiaError: The sources cannot be compiled, or a tag is on an object that there is not.
    """
    with tempfile.TemporaryDirectory() as work:
        compiled = Path(work) / "dashboards.ndjson"
        compile_dashboards(source / "dashboards", compiled)
        boards = sources_of(source / "dashboards")
        objects = read_objects(compiled.read_text(encoding="utf-8"), "the compiled file")
        dashboards = [mended(each, boards[each.id]) for each in objects]
    found = {each.id: each for each in [*searches(source / "searches.yaml"), *dashboards]}
    labels = list(tags(source / "tags.yaml"))
    for tag, marked in labels:
        for identifier in marked:
            if identifier not in found:
                raise AtalaiaError(f"the tag {tag.id} is on {identifier}, which is not there", "see kibana/tags.yaml")
            found[identifier] = tagged(found[identifier], tag.id)
    everything: list[SavedObject] = [*data_views(source / "data_views.yaml"), *(tag for tag, _ in labels)]
    return as_lines([*everything, *found.values()])


def sources_of(folder: Path) -> dict[str, dict[str, Json]]:
    """Return the dashboards of a folder of sources, by their ids."""
    loaded: list[Json] = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    boards = [mapping(each) for source in loaded for each in sequence(mapping(source)["dashboards"])]
    return {text(board["id"]): board for board in boards}


def main() -> int:
    """Write the file and say so; return the exit status."""
    try:
        lines = built(KIBANA)
    except AtalaiaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(lines, encoding="utf-8")
    sys.stdout.write(f"wrote {RESULT.relative_to(KIBANA.parent)}: {len(lines.splitlines())} objects\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
