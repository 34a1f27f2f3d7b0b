"""Build ``kibana/saved_objects/atalaia.ndjson`` from its sources: ``make kibana``.

A maintainer's tool: the result is committed, so nobody needs it to use the dashboards. The same source gives the same
bytes; a test builds again and compares.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from atalaia.kibana.objects import SavedObject, as_lines, read_objects
from logging_lib.errors import AtalaiaError
from tests.kibana.building.compiler import compile_dashboards
from tests.kibana.building.mending import mended, tagged
from tests.kibana.building.sources import data_views, searches, tags
from tests.kibana.saved_objects import KIBANA

RESULT = KIBANA / "saved_objects" / "atalaia.ndjson"


def built(source: Path) -> str:
    """Return the saved objects of a folder of sources as newline-delimited JSON.

    Raises:
        AtalaiaError: The sources cannot be compiled, or a tag is on an object that there is not.
    """
    with tempfile.TemporaryDirectory() as work:
        compiled = Path(work) / "dashboards.ndjson"
        compile_dashboards(source / "dashboards", compiled)
        dashboards = [mended(each) for each in read_objects(compiled.read_text(encoding="utf-8"), "the compiled file")]
    found = {each.id: each for each in [*searches(source / "searches.yaml"), *dashboards]}
    labels = list(tags(source / "tags.yaml"))
    for tag, marked in labels:
        for identifier in marked:
            if identifier not in found:
                raise AtalaiaError(f"the tag {tag.id} is on {identifier}, which is not there", "see kibana/tags.yaml")
            found[identifier] = tagged(found[identifier], tag.id)
    everything: list[SavedObject] = [*data_views(source / "data_views.yaml"), *(tag for tag, _ in labels)]
    return as_lines([*everything, *found.values()])


def main() -> int:
    """Write the file and say so; return the exit status."""
    try:
        text = built(KIBANA)
    except AtalaiaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")
    sys.stdout.write(f"wrote {RESULT.relative_to(KIBANA.parent)}: {len(text.splitlines())} objects\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
