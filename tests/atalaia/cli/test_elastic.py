"""``atalaia elasticsearch`` as a person uses it, on a real server: set up, look, compare, ingest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias, cast

import httpx
import pytest

from analyzers.store.elastic.connection import Credentials
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.schema import load_templates
from atalaia.cli.main import main
from tests.store_conformance.events import document

_COMPONENT = "_component_template/atalaia-web.request"
Told: TypeAlias = tuple[str, str, str, str | None, str | None]


@pytest.fixture
def url(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server, with its templates as we ship them before and after, and nothing in the environment."""
    for name in ("ATALAIA_STORE", *(f"ATALAIA_ES_{each}" for each in ("API_KEY", "USER", "PASSWORD", "CA_CERTS"))):
        monkeypatch.delenv(name, raising=False)
    put(elasticsearch_url)
    yield elasticsearch_url
    put(elasticsearch_url)


@pytest.fixture
def stream(url: str, unique_environment: str) -> str:
    """A data stream with one document."""
    name = f"logs-web.request-{unique_environment}"
    with ElasticStore(url, credentials=Credentials()) as store:
        store.append([document(name, "a", "2024-01-15T10:30:00Z")])
    return name


def put(url: str, **changes: object) -> None:
    """Put the component template of requests as we ship it, or changed."""
    body = dict(load_templates().component["atalaia-web.request"]) | changes
    httpx.put(f"{url}/{_COMPONENT}", json=body, timeout=120).raise_for_status()


def tampered() -> dict[str, object]:
    """Return that template's mappings as somebody has changed them by hand."""
    template = json.loads(json.dumps(load_templates().component["atalaia-web.request"]["template"]))
    properties = template["mappings"]["properties"]
    properties["http"]["properties"]["route"] = {"type": "text"}
    del properties["db_time"]
    properties["extra"] = {"type": "keyword"}
    properties["url"]["properties"]["path"]["ignore_above"] = 99
    return {"template": template}


def run(url: str, *words: str) -> int:
    """Run ``atalaia elasticsearch`` on the server."""
    return main(["elasticsearch", *words, "--elasticsearch", url])


def installed(url: str) -> dict[str, object]:
    """Return that template as the server has it."""
    (entry,) = httpx.get(f"{url}/{_COMPONENT}", timeout=120).json()["component_templates"]
    return cast("dict[str, object]", entry["component_template"])


def indices_of(url: str, stream: str) -> list[str]:
    """Return the backing indices of a data stream."""
    (found,) = httpx.get(f"{url}/_resolve/index/{stream}", timeout=120).json()["data_streams"]
    return cast("list[str]", found["backing_indices"])


def compared(url: str, capsys: pytest.CaptureFixture[str]) -> dict[str, list[Told]]:
    """Return what ``diff --format json`` says, by name: change, subject, parameter, shipped, found."""
    capsys.readouterr()
    run(url, "diff", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    return {
        each["name"]: [
            (one["change"], f"{one['kind']} {one['name']}", one["parameter"], one["shipped"], one["found"])
            for one in each["differences"]
        ]
        for each in answer["compared"]
    }


def test_a_fresh_set_up_is_equal_and_a_second_one_changes_nothing(
    url: str, stream: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the server adds is no difference, in templates and in the stream that grew from them."""
    assert run(url, "setup") in {0, 1}  # streams of other tests may need a roll-over
    before = installed(url)
    capsys.readouterr()
    run(url, "setup")
    out = capsys.readouterr().out
    shipped = load_templates()
    assert f"nothing to do: all {len(shipped.component) + len(shipped.index)} templates are up to date" in out
    assert f"data stream {stream}: its write index follows our templates" in out
    assert installed(url) == before
    found = compared(url, capsys)
    (index,) = indices_of(url, stream)
    names = ("atalaia-common", "atalaia-web.request", "atalaia-app.event", "atalaia-logs-web.request", stream, index)
    assert [found[name] for name in names] == [[]] * 6


def test_a_template_that_was_changed_is_told_field_by_field_and_restored(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Added, removed and changed fields and parameters, for programs and people; then ``setup`` restores them."""
    put(url, **tampered())
    assert compared(url, capsys)["atalaia-web.request"] == [
        ("missing", "field db_time", "", "double", None),
        ("extra", "field extra", "", None, "keyword"),
        ("missing", "field http.route", "ignore_above", "1024", None),
        ("changed", "field http.route", "type", "keyword", "text"),
        ("changed", "field url.path", "ignore_above", "8191", "99"),
    ]
    assert run(url, "diff") == 1
    out = capsys.readouterr().out
    assert "component template atalaia-web.request: different\n  - field db_time: double\n  + field extra: key" in out
    assert "\n  ~ field http.route type: keyword → text\n" in out
    assert run(url, "status") == 1
    assert "✘ the component template atalaia-web.request is different" in capsys.readouterr().out
    run(url, "setup", "--dry-run")
    assert "component template atalaia-web.request: would be restored (version 3)" in capsys.readouterr().out
    assert compared(url, capsys)["atalaia-web.request"]
    run(url, "setup")
    assert "component template atalaia-web.request: restored (version 3)" in capsys.readouterr().out
    assert compared(url, capsys)["atalaia-web.request"] == []


def test_a_newer_template_is_not_replaced_without_force(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal that changes nothing; ``--force`` is the only way back."""
    put(url, version=7, **tampered())
    before = installed(url)
    assert run(url, "setup") == 2
    error = capsys.readouterr().err
    assert "atalaia-web.request has version 7, newer than ours, 3; nothing was changed" in error
    assert "--force" in error
    assert installed(url) == before
    run(url, "setup", "--force")
    assert "downgraded (version 7 → 3)" in capsys.readouterr().out
    assert installed(url)["version"] == 3


def test_an_existing_stream_is_rolled_over_only_when_asked(
    url: str, unique_environment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stream that grew from another template: ``setup`` says what it needs, and ``--rollover`` does it."""
    name = f"logs-web.request-{unique_environment}"
    put(url, **tampered())
    lines = f'{{"create":{{"_index":"{name}"}}}}\n{{"@timestamp":"2024-01-15T10:30:00Z"}}\n'
    headers = {"content-type": "application/x-ndjson"}
    assert not httpx.post(f"{url}/_bulk", content=lines, headers=headers, timeout=120).json()["errors"]
    assert run(url, "setup") == 1
    out = capsys.readouterr().out
    assert (
        f"data stream {name}: {indices_of(url, name)[0]} differs from our templates; run again with --rollover" in out
    )
    assert "field http.route type is text, shipped is keyword" in out
    assert run(url, "setup", "--dry-run") == 1
    assert run(url, "setup", "--rollover", "--dry-run") == 0
    assert len(indices_of(url, name)) == 1
    capsys.readouterr()
    run(url, "setup", "--rollover")
    assert f"data stream {name}: rolled over to {indices_of(url, name)[1]}" in capsys.readouterr().out
    run(url, "setup")
    assert f"data stream {name}: its write index follows our templates" in capsys.readouterr().out


def test_a_template_that_goes_before_ours_is_found_out(
    url: str, unique_environment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where another template of higher priority makes the stream, a roll-over does not help, and that is told."""
    name = f"logs-web.request-{unique_environment}"
    template = {"index_patterns": [name], "priority": 999, "data_stream": {}}
    httpx.put(f"{url}/_index_template/{name}", json=template, timeout=120).raise_for_status()
    lines = f'{{"create":{{"_index":"{name}"}}}}\n{{"@timestamp":"2024-01-15T10:30:00Z"}}\n'
    httpx.post(f"{url}/_bulk", content=lines, headers={"content-type": "application/x-ndjson"}, timeout=120)
    assert run(url, "setup", "--rollover") == 1
    told = capsys.readouterr().out.partition(f"data stream {name}: rolled over")[2].splitlines()
    assert "another template goes before ours" in told[1]
    assert told[2].strip() == f"POST /_index_template/_simulate_index/{name}"
    assert run(url, "status") == 1
    assert f"✘ {name} maps client.address as unmapped, not as keyword" in capsys.readouterr().out


def test_the_status_shows_each_stream(url: str, stream: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Documents, size, indices, retention, templates, mapping; and for programs the same numbers."""
    run(url, "status", "--format", "json")
    status = json.loads(capsys.readouterr().out)
    (ours,) = [each for each in status["data_streams"] if each["name"] == stream]
    size = ours.pop("bytes")
    assert size > 0
    assert ours == {
        "name": stream,
        "documents": 1,
        "backing_indices": 1,
        "retention": "30d",
        "templates": "up to date",
        "misfit": None,
    }
    assert status["nodes"] == [{"name": "atalaia-local", "version": "9.2.2"}]
    shipped = {*load_templates().component, *load_templates().index}
    assert {each["name"]: each["state"] for each in status["templates"]} == dict.fromkeys(shipped, "up to date")
    run(url, "status")
    out = capsys.readouterr().out
    assert "Elasticsearch 9.2.2, 1 node" in out
    assert re.search(r"^data stream +documents +size +indices +kept +templates +mapping *$", out, re.MULTILINE)


def test_what_the_mapping_refuses_becomes_a_dead_letter_with_the_server_s_reason(
    url: str, stream: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``atalaia ingest`` into a cluster where an administrator mapped one of the application's own keys as a number."""
    mapping = {"properties": {"record": {"properties": {"size": {"type": "long"}}}}}
    httpx.put(f"{url}/{stream}/_mapping", json=mapping, timeout=120).raise_for_status()
    record = {
        "timestamp": "2024-01-15T10:30:00Z", "level": "INFO", "service": "s", "endpoint": "/a", "user_id": None,
        "response_time": 0.1, "status_code": 200, "user_agent": "u", "ip_address": "10.0.0.1",
        "environment": stream.removeprefix("logs-web.request-"),
    }  # fmt: skip
    sizes = (1, "big", 3)
    lines = [json.dumps({**record, "event_id": f"e{size}", "size": size}) for size in sizes]
    (tmp_path / "app.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    letters = tmp_path / "letters"
    words = ["ingest", str(tmp_path / "app.ndjson"), "--pipeline", "request", "--store", url, "--format", "json"]
    assert main([*words, "--dead-letter", str(letters)]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["lines"], summary["stored"], summary["dead_lettered"]) == (3, 2, 1)
    (letter,) = [json.loads(line) for file in letters.iterdir() for line in file.read_text().splitlines()]
    assert "failed to parse field [record.size] of type [long]" in letter["reason"]
    assert letter["event"]["event"]["id"] == "ebig"
