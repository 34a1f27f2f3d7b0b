"""What of the tests stays in one process when ``make test`` uses two."""

from __future__ import annotations

import pytest

from tests.spreading import FIRST, TOGETHER, part_of


@pytest.mark.parametrize(
    ("nodeid", "part"),
    [
        ("tests/test_docs.py::test_a", "tests/test_docs.py"),
        ("tests/a/test_b.py::test_c[2001:db8::1]", "tests/a/test_b.py"),
        ("logstash/cases/access.yaml::a request", "logstash/cases/access.yaml"),
        ("tests/store_conformance/test_pages.py::test_a[x::y]", "tests/store_conformance/"),
        ("tests/kibana/building/test_a.py::test_b", "tests/kibana/"),
    ],
)
def test_a_file_or_a_folder_that_shares_a_server_stays_together(nodeid: str, part: str) -> None:
    """By the path alone, whatever the parameters of a test look like."""
    assert part_of(nodeid) == part


def test_what_goes_first_is_there(request: pytest.FixtureRequest) -> None:
    """No name is left over of a file or folder that is gone."""
    root = request.config.rootpath
    assert [name for name in (*FIRST, *TOGETHER) if not (root / name).exists()] == []
