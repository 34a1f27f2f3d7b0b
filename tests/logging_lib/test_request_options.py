"""How requests are observed, from code and from the environment."""

from __future__ import annotations

import pytest
from flask import Flask

from logging_lib import AtalaiaError, RequestOptions
from logging_lib.flask import AtalaiaFlask
from tests.logging_lib.support import Lines, awaited


def test_the_environment_speaks_where_the_code_is_silent(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATALAIA_TRUSTED_PROXIES and ATALAIA_REQUEST_ID_HEADER hold without options; options given in code win."""
    monkeypatch.setenv("ATALAIA_TRUSTED_PROXIES", "2")
    monkeypatch.setenv("ATALAIA_REQUEST_ID_HEADER", "X-Correlation-ID")
    headers = {"X-Forwarded-For": "203.0.113.9, 10.0.0.1", "X-Correlation-ID": "c-1", "X-Request-ID": "r-1"}
    silent, speaking = Flask("silent"), Flask("speaking")
    AtalaiaFlask(silent)
    AtalaiaFlask(speaking, options=RequestOptions(trusted_proxies=1))
    answers = [app.test_client().get("/", headers=headers, buffered=True) for app in (silent, speaking)]
    records = awaited(lines, 2)
    assert [record["ip_address"] for record in records] == ["203.0.113.9", "10.0.0.1"]
    assert [record["request_id"] for record in records] == ["c-1", "r-1"]
    assert (answers[0].headers["X-Correlation-ID"], answers[1].headers["X-Request-ID"]) == ("c-1", "r-1")


@pytest.mark.parametrize("value", ["-1", "one", "1.5", "\u0661"])
def test_a_number_of_proxies_is_a_number(lines: Lines, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Anything else is refused when the application starts, with the variable's name and what to do."""
    assert lines() == []
    monkeypatch.setenv("ATALAIA_TRUSTED_PROXIES", value)
    with pytest.raises(
        AtalaiaError, match=r"ATALAIA_TRUSTED_PROXIES cannot be .*; use a whole number of proxies in front, at least 0"
    ):
        AtalaiaFlask(Flask("app"))


def test_impossible_options_are_refused() -> None:
    """A negative number of proxies and a header's name with a space in it."""
    with pytest.raises(AtalaiaError, match=r"trusted_proxies= cannot be -1; use a whole number"):
        RequestOptions(trusted_proxies=-1)
    with pytest.raises(AtalaiaError, match="letters, digits and hyphens"):
        RequestOptions(request_id_header="X Request")
