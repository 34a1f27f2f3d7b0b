"""Every page of the navigation in a real browser: accessible, narrow enough, deaf to hostile text, one host only."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from atalaia.web.pages import PAGES
from tests.end_to_end.web.browsing import OpenPage, Scheme, serving

pytestmark = pytest.mark.browser

PATHS = [page.path for page in PAGES]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_every_page_can_be_used_by_everybody(
    site: str, open_page: OpenPage, path: str, width: int, scheme: Scheme
) -> None:
    """Nothing serious for axe, no sideways scrolling, no complaint, no other host, no hostile text that ran."""
    watched = open_page(site + path, width=width, scheme=scheme)
    watched.assert_fits()
    watched.assert_clean()
    watched.assert_accessible()


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_in_the_language_of_its_reader(site: str, open_page: OpenPage, path: str) -> None:
    """A browser of Brazil gets Portuguese; the address may say otherwise."""
    watched = open_page(site + path, locale="pt-BR")
    assert watched.page.locator("html").get_attribute("lang") == "pt-BR"
    watched.page.goto(f"{site}{path}?lang=en")
    assert watched.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize(("options", "default"), [((), "pt-BR"), (("--lang", "en"), "en")])
def test_whose_language_we_do_not_have_gets_the_servers(
    filled_store: Path, options: tuple[str, ...], default: str
) -> None:
    """That of ATALAIA_LANG, as for reports, unless --lang says otherwise; a browser's own wins over both."""
    with serving(filled_store, *options, environment={"ATALAIA_LANG": "pt_BR"}) as (url, _):
        for wanted, given in (("de", default), ("en", "en"), ("pt-BR", "pt-BR")):
            page = httpx.get(url + "/alerts", headers={"Accept-Language": wanted}, timeout=60)
            assert f'<html lang="{given}">' in page.text
