"""What the record says of rendering: its time, the slowest template, and what is no rendering."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask, Response, render_template, render_template_string, stream_template

import logging_lib
from logging_lib.flask import AtalaiaFlask
from logging_lib.request.rendering import Rendering
from logging_lib.testing import check_record
from tests.logging_lib.support import Lines, awaited


@pytest.fixture
def app(tmp_path: Path, lines: Lines) -> Flask:
    """Return an observed application with templates that take a known time at least."""
    assert not lines()
    (tmp_path / "base.html").write_text("<h1>{% block body %}{% endblock %}</h1>")
    (tmp_path / "slow.html").write_text("{% extends 'base.html' %}{% block body %}{{ wait(0.05) }}{% endblock %}")
    (tmp_path / "quick.html").write_text("{{ 1 + 1 }}")
    (tmp_path / "outer.html").write_text("{{ wait(0.01) }}{{ inner() }}")
    (tmp_path / "broken.html").write_text("{{ 1 // 0 }}")
    app = Flask(__name__, template_folder=str(tmp_path))
    app.jinja_env.globals["wait"] = time.sleep
    app.jinja_env.globals["inner"] = lambda: render_template("slow.html")
    AtalaiaFlask(app)
    return app


def one(app: Flask, lines: Lines) -> dict[str, object]:
    """Ask for the only page and return its record."""
    app.test_client().get("/", buffered=True)
    (record,) = awaited(lines, 1)
    assert not check_record(record)
    return dict(record)


def number(record: dict[str, object], key: str) -> float:
    """Return a number of a record."""
    value = record[key]
    assert isinstance(value, float)
    return value


def test_rendering_is_timed_and_the_slowest_is_named(app: Flask, lines: Lines) -> None:
    """Two templates, one of which takes 50 ms: the sum is at least that, and less than the whole request."""

    @app.get("/")
    def page() -> str:
        return render_template("quick.html") + render_template("slow.html")

    record = one(app, lines)
    assert 0.05 <= number(record, "template_time") <= number(record, "response_time")
    assert record["template"] == "slow.html"


def test_a_rendering_within_another_counts_once(app: Flask, lines: Lines) -> None:
    """The outer template renders the slow one: its 50 ms are in the sum once, and under the inner one's name."""

    @app.get("/")
    def page() -> str:
        return render_template("outer.html")

    record = one(app, lines)
    assert 0.06 <= number(record, "template_time") <= number(record, "response_time")
    assert record["template"] == "slow.html"


def test_without_rendering_there_is_no_time(app: Flask, lines: Lines) -> None:
    """Absent, never zero."""

    @app.get("/")
    def page() -> str:
        return "plain"

    assert not {"template_time", "template"} & set(one(app, lines))


def test_a_template_from_a_string_has_no_name(app: Flask, lines: Lines) -> None:
    """Its time is told all the same."""

    @app.get("/")
    def page() -> str:
        return render_template_string("{{ wait(0.01) }}")

    record = one(app, lines)
    assert number(record, "template_time") >= 0.01
    assert "template" not in record


def test_a_template_that_fails_hides_no_other(app: Flask, lines: Lines) -> None:
    """The page of the error is rendered after a template that raised: it is counted as ever."""

    @app.get("/")
    def page() -> str:
        return render_template("broken.html")

    @app.errorhandler(ZeroDivisionError)
    def failed(_: ZeroDivisionError) -> tuple[str, int]:
        return render_template("slow.html"), 500

    record = one(app, lines)
    assert number(record, "template_time") >= 0.05
    assert record["template"] == "slow.html"


def test_a_streamed_template_has_no_time_of_its_own(app: Flask, lines: Lines) -> None:
    """What takes time there may be the client: nothing is said rather than that."""

    @app.get("/")
    def page() -> Response:
        return Response(stream_template("slow.html"))

    assert "template_time" not in one(app, lines)


def test_other_frameworks_say_it_themselves(app: Flask, lines: Lines) -> None:
    """The two calls work for any engine, in any framework."""

    @app.get("/")
    def page() -> str:
        trace, template = logging_lib.current_trace(), object()
        assert trace is not None
        trace.rendering_begins(template)
        time.sleep(0.01)
        trace.rendering_ends(template, "mako.txt")
        return ""

    record = one(app, lines)
    assert number(record, "template_time") >= 0.01
    assert record["template"] == "mako.txt"


def test_times_by_hand() -> None:
    """Outer from 0 to 10 with inner from 2 to 9, and again from 20 to 21; an end without a beginning is nothing."""
    rendering, outer, inner = Rendering(), object(), object()
    rendering.begin(outer, 0)
    rendering.begin(inner, 2)
    rendering.end(inner, "inner", 9)
    rendering.end(outer, "outer", 10)
    rendering.begin(inner, 20)
    rendering.end(inner, "inner", 21)
    rendering.end(object(), "none", 30)
    assert rendering.total() == (11, "inner")
