"""The settings of ``configure``: argument, variable and default, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from logging_lib.errors import AtalaiaError
from logging_lib.log_options import OPTIONS
from logging_lib.settings import Given, resolve

SERVICE = {"ATALAIA_SERVICE": "ti-osn"}


def test_the_services_name_alone_is_enough() -> None:
    """With one variable set everything has a value fit for production."""
    settings = resolve({}, SERVICE)
    assert (settings.identity.service, settings.identity.environment) == ("ti-osn", "production")
    assert (settings.directory, settings.level, settings.console, settings.stream) == (
        Path("logs"),
        "INFO",
        False,
        "none",
    )


@pytest.mark.parametrize(
    ("given", "environ", "console"),
    [
        ({"environment": "development"}, {}, True),
        ({"environment": "development", "stream": "stdout"}, {}, False),
        ({"environment": "development", "stream": "stdout", "console": True}, {}, True),
        ({}, {"ATALAIA_LOG_CONSOLE": "on"}, True),
        ({"console": False}, {"ATALAIA_LOG_CONSOLE": "on"}, False),
        ({"environment": "development"}, {"ATALAIA_LOG_STREAM": "stderr"}, False),
    ],
)
def test_the_console_gives_way_to_a_stream(given: Given, environ: dict[str, str], *, console: bool) -> None:
    """In development it is on, unless JSON lines go to a stream; who asks for both on two streams gets both."""
    assert resolve(given, {**SERVICE, **environ}).console is console


def test_levels_by_logger_are_read_from_a_variable() -> None:
    """Spaces and the case of letters do not matter; the reloaders' defaults stay unless they are named."""
    text = " sqlalchemy.engine=info, werkzeug = ERROR ,watchdog=DEBUG,"
    assert resolve({}, {**SERVICE, "ATALAIA_LOG_LEVELS": text}).levels == {
        "sqlalchemy.engine": "INFO",
        "werkzeug": "ERROR",
        "watchdog": "DEBUG",
        "watchfiles": "WARNING",
    }


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("ATALAIA_LOG_LEVELS", "=INFO", "name a logger before each '='"),
        ("ATALAIA_LOG_LEVELS", "werkzeug", "use one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("ATALAIA_LOG_STREAM", "syslog", "use one of none, stdout, stderr"),
        ("ATALAIA_LOG_CONSOLE", "perhaps", "use one of 1, true, yes, on, 0, false, no, off"),
        ("ATALAIA_LOG_LEVEL", "loud", "use one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("ATALAIA_VERSION", "1.\udcff", "use printable characters"),  # what Python makes of a byte that is no UTF-8
    ],
)
def test_a_wrong_variable_is_named_with_its_value(variable: str, value: str, remedy: str) -> None:
    """The reader sees which variable holds what, and what it could hold instead."""
    with pytest.raises(AtalaiaError) as caught:
        resolve({}, {**SERVICE, variable: value})
    assert caught.value.message == f"{variable} cannot be {value!r}"
    assert remedy in caught.value.remedy


def test_a_misspelt_variable_is_refused() -> None:
    """A variable that would do nothing is told, with the one that was meant; the pipelines' own is none of ours."""
    with pytest.raises(AtalaiaError, match=r"ATALAIA_LOG_LEVLE is no setting of the log; use ATALAIA_LOG_LEVEL"):
        resolve({}, {**SERVICE, "ATALAIA_LOG_LEVLE": "DEBUG"})
    assert resolve({}, {**SERVICE, "ATALAIA_LOG_DIR": "/var/log/atalaia"}).directory == Path("logs")


def test_two_forms_on_one_stream_are_refused() -> None:
    """Console and JSON lines on standard error would be every line twice in one place."""
    with pytest.raises(AtalaiaError, match="both go to standard error") as caught:
        resolve({"console": True, "stream": "stderr"}, SERVICE)
    assert "stdout" in caught.value.remedy


def test_every_option_is_an_argument() -> None:
    """The table and the arguments of ``configure`` are the same names, each with a variable of its own."""
    assert [option.name for option in OPTIONS] == list(Given.__annotations__)
    assert len({option.variable for option in OPTIONS}) == len(OPTIONS)
