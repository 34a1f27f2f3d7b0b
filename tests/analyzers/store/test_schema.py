"""The schema is what the template files say, under stored names and aliases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzers.store.query import QueryError
from analyzers.store.schema import FieldSpec, FieldType, load_schema, load_templates
from logging_lib.errors import AtalaiaError


def test_a_stream_and_its_pattern_have_one_schema() -> None:
    """A data stream's fields are those of the template whose pattern matches it."""
    assert load_schema("logs-web.request-production").fields == load_schema("logs-web.request-*").fields


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("@timestamp", FieldSpec("@timestamp", FieldType.DATE)),
        ("endpoint", FieldSpec("http.route", FieldType.KEYWORD, 1024)),
        ("status_code", FieldSpec("http.response.status_code", FieldType.SHORT)),
        ("service", FieldSpec("service.name", FieldType.KEYWORD, 1024)),
        ("ip_address", FieldSpec("client.ip", FieldType.IP)),
        ("url.path", FieldSpec("url.path", FieldType.KEYWORD, 8191)),
        ("response_time", FieldSpec("response_time", FieldType.DOUBLE)),
        ("event.duration", FieldSpec("event.duration", FieldType.LONG)),
        ("message", FieldSpec("message", FieldType.TEXT)),
    ],
)
def test_names_and_aliases_mean_stored_fields(name: str, expected: FieldSpec) -> None:
    """The types are those that section 4 of the design lists; ``service`` is accepted although it is no alias."""
    assert load_schema("logs-web.request-*").field(name) == expected


def test_an_unknown_field_names_its_neighbours() -> None:
    """A typing error is answered with what was probably meant."""
    with pytest.raises(QueryError) as caught:
        load_schema("logs-web.request-*").field("respons_time")
    assert "respons_time" in caught.value.message
    assert "response_time" in caught.value.remedy


@pytest.mark.parametrize("stream", ["logs-web.request-", "logs-other-x", "", "metrics-web.request-x"])
def test_an_unknown_stream_is_refused(stream: str) -> None:
    """No template, no schema: the error names the patterns there are."""
    with pytest.raises(QueryError, match=r"logs-web\.request-\*"):
        load_schema(stream)


def test_a_broken_template_names_its_file(tmp_path: Path) -> None:
    """A damaged installation says which file is damaged."""
    for folder in ("component_templates", "index_templates"):
        (tmp_path / folder).mkdir()
    broken = tmp_path / "index_templates" / "web.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(AtalaiaError, match=r"web\.json"):
        load_templates(tmp_path)


def test_index_templates_are_composed_of_files_that_exist() -> None:
    """Every component an index template names is there, above the priority of the built-in ``logs-*-*`` (100)."""
    templates = load_templates()
    for body in templates.index.values():
        parts, priority = body["composed_of"], body["priority"]
        assert isinstance(parts, list)
        assert set(parts) <= set(templates.component)
        assert isinstance(priority, int)
        assert priority > 100


def test_templates_use_types_of_the_core_server_only() -> None:
    """Every leaf is of a type that :class:`FieldType` lists, or an alias of such a field."""
    text = json.dumps([*load_templates().component.values()])
    types = {piece.split('"')[1] for piece in text.split('"type": ')[1:] if piece.startswith('"')}
    assert types <= {*FieldType, "alias"}
