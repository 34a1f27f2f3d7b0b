"""The runbooks in a real browser."""

from __future__ import annotations

import pytest

from tests.end_to_end.web.browsing import OpenPage, Scheme

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/runbooks", "/runbooks/slow-queries", "/runbooks/flood?lang=pt-BR"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_a_runbook_can_be_read_by_everybody(
    site: str, open_page: OpenPage, path: str, width: int, scheme: Scheme
) -> None:
    """Nothing serious for axe; long commands do not make a narrow page scroll sideways."""
    watched = open_page(site + path, width=width, scheme=scheme)
    watched.assert_fits()
    watched.assert_clean()
    watched.assert_accessible()
