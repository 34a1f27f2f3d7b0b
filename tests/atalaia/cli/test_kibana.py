"""``atalaia kibana import`` and ``export`` against a server that answers as Kibana's documentation says."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import pytest
import trustme

from analyzers.store.elastic.connection import Credentials
from atalaia.cli.main import main
from atalaia.kibana.connection import Kibana, Place
from atalaia.kibana.objects import JsonObject, read_objects
from tests.atalaia.kibana.standin import StandIn, serving
from tests.ports import free_port

SHIPPED = Path(__file__).resolve().parents[3] / "kibana" / "saved_objects" / "atalaia.ndjson"
COUNT = len(SHIPPED.read_text(encoding="utf-8").splitlines())
_SECRET = "open-sesame"  # noqa: S105 - made up, to see that no message shows it


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of ours in the environment."""
    for name in ("ATALAIA_KIBANA", *(f"ATALAIA_ES_{each}" for each in ("API_KEY", "USER", "PASSWORD", "CA_CERTS"))):
        monkeypatch.delenv(name, raising=False)


def run(kibana: StandIn, *words: str) -> int:
    """Run a command below ``atalaia kibana`` on a stand-in and return its exit status."""
    with serving(kibana) as url:
        return main(["kibana", *words, "--kibana", url])


def object_file(folder: Path, *objects: JsonObject) -> str:
    """Write objects as a file and return its name."""
    path = folder / "some.ndjson"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in objects), encoding="utf-8")
    return str(path)


def search(view: str, **more: str) -> JsonObject:
    """Return a saved search of a data view."""
    reference: JsonObject = {"type": "index-pattern", "id": view, "name": "index"}
    return {"type": "search", "id": "s", "attributes": {"title": "s"}, "references": [reference], **more}


def test_what_is_shipped_is_imported_and_comes_back_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every object arrives, a second import replaces the first, and the export is the file byte for byte."""
    kibana = StandIn()
    assert run(kibana, "import") == 0
    assert capsys.readouterr().out.startswith(f"imported {COUNT} objects into http://127.0.0.1:")
    assert len(kibana.objects) == COUNT
    assert run(kibana, "import") == 0
    exported = tmp_path / "out.ndjson"
    assert run(kibana, "export", "--output", str(exported)) == 0
    assert exported.read_bytes() == SHIPPED.read_bytes()
    posts = [(path, xsrf) for method, path, xsrf in kibana.seen if method == "POST"]
    assert posts[0] == ("/api/saved_objects/_import?overwrite=true", "atalaia")


def test_a_space_is_part_of_the_path(capsys: pytest.CaptureFixture[str]) -> None:
    """Objects go into the named space only; one that is not there is told."""
    kibana = StandIn(spaces={"default": {}, "ti-osn": {}})
    assert run(kibana, "import", "--space", "ti-osn") == 0
    assert (len(kibana.spaces["ti-osn"]), len(kibana.objects)) == (COUNT, 0)
    capsys.readouterr()
    assert run(kibana, "import", "--space", "nowhere") == 2
    err = capsys.readouterr().err
    assert "(space nowhere) refuses (404): Not Found; check the address, its base path and the space" in err


def test_a_dry_run_says_what_would_become_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    """New ones, equal ones, and one that somebody changed, with the place; nothing is sent."""
    kibana = StandIn()
    run(kibana, "import")
    del kibana.objects["tag", "atalaia"]
    attributes = kibana.objects["dashboard", "atalaia-sla"]["attributes"]
    assert isinstance(attributes, dict)
    attributes["title"] = "mine"
    before = dict(kibana.objects)
    capsys.readouterr()
    assert run(kibana, "import", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "tag atalaia: would be new" in lines
    assert lines[lines.index("dashboard atalaia-sla: would be replaced") + 1] == (
        '    attributes.title: "Atalaia: SLA and budget" → "mine"'
    )
    assert sum(line.endswith("is there as in the file") for line in lines) == COUNT - 2
    assert kibana.objects == before


def test_compare_says_what_somebody_changed(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0 while nothing is different, 1 with the objects and places that are."""
    kibana = StandIn()
    run(kibana, "import")
    capsys.readouterr()
    assert run(kibana, "export", "--compare") == 0
    assert capsys.readouterr().out == f"{COUNT} of {COUNT} objects are as in the file\n"
    del kibana.objects["search", "atalaia-errors"]
    kibana.objects["tag", "atalaia"]["attributes"] = {"name": "Atalaia", "color": "#0B64DD", "description": "ours"}
    assert run(kibana, "export", "--compare") == 1
    assert capsys.readouterr().out.splitlines() == [
        "tag atalaia: changed in Kibana",
        '    attributes.description: "Everything that Atalaia brings." → "ours"',
        "search atalaia-errors: not in Kibana",
        f"{COUNT - 2} of {COUNT} objects are as in the file",
    ]


def test_an_export_says_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """What is there is exported, what is not is named; of nothing at all the status is 2."""
    kibana = StandIn()
    run(kibana, "import")
    del kibana.objects["search", "atalaia-errors"]
    capsys.readouterr()
    assert run(kibana, "export") == 0
    out, err = capsys.readouterr()
    assert len(read_objects(out, "out")) == COUNT - 1
    assert f"1 of {COUNT} objects are not in this Kibana: search atalaia-errors" in err
    assert run(StandIn(), "export") == 2


def test_a_missing_reference_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kibana imports nothing then; the message says what refers to what."""
    kibana = StandIn()
    assert run(kibana, "import", object_file(tmp_path, search("nowhere"))) == 2
    err = capsys.readouterr().err
    assert "refused 1 of 1 objects" in err
    assert "search s: it refers to what is not there: index-pattern nowhere" in err
    assert "import the whole file, with its data views" in err
    assert kibana.objects == {}


def test_a_conflict_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --no-overwrite what is there stays."""
    kibana = StandIn()
    file = object_file(tmp_path, {"type": "tag", "id": "t", "attributes": {"name": "n"}, "references": []})
    assert run(kibana, "import", file) == 0
    assert run(kibana, "import", file, "--no-overwrite") == 2
    err = capsys.readouterr().err
    assert "tag t: it is there already; import without --no-overwrite to replace it" in err


def test_an_unknown_type_and_a_newer_form_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An old Kibana says which object it does not know; the remedy is to upgrade it."""
    assert run(StandIn(), "import", object_file(tmp_path, {"type": "hologram", "id": "h", "references": []})) == 2
    assert "hologram h: this Kibana has no objects of that type" in capsys.readouterr().err
    newer = object_file(tmp_path, search("v", typeMigrationVersion="10.9.0"))
    assert run(StandIn(), "import", newer) == 2
    err = capsys.readouterr().err
    assert "refuses (422)" in err
    assert "upgrade Kibana" in err


def test_who_we_are_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """User and password as for Elasticsearch; without them, with wrong ones, and without rights: each is told apart."""
    assert run(StandIn(authorization="Basic other"), "import") == 2
    assert "does not know who we are (401); set ATALAIA_ES_API_KEY" in capsys.readouterr().err
    monkeypatch.setenv("ATALAIA_ES_USER", "elastic")
    monkeypatch.setenv("ATALAIA_ES_PASSWORD", _SECRET)
    letting_in = StandIn(authorization="Basic ZWxhc3RpYzpvcGVuLXNlc2FtZQ==")
    assert run(letting_in, "import") == 0
    assert run(StandIn(authorization="Basic other"), "import") == 2
    assert run(StandIn(forbidden=True), "import") == 2
    out, err = capsys.readouterr()
    assert "does not take this account or key (401): [security_exception]: missing" in err
    assert "; check ATALAIA_ES_USER and ATALAIA_ES_PASSWORD, or the API key" in err
    assert "refuses (403): Unable to bulk_create dashboard; grant the privilege" in err
    assert _SECRET not in out + err
    monkeypatch.setenv("ATALAIA_ES_API_KEY", "a2V5")
    assert run(StandIn(authorization="ApiKey a2V5"), "export", "--compare") == 1


def test_something_else_at_the_address_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Another server, nobody, and a text that is no address."""
    assert run(StandIn(name=None), "import") == 2
    assert "is not a Kibana, something else answers there" in capsys.readouterr().err
    assert main(["kibana", "import", "--kibana", f"http://127.0.0.1:{free_port()}"]) == 2
    assert "cannot reach" in capsys.readouterr().err
    assert main(["kibana", "import", "--kibana", "kibana:5601"]) == 2
    assert "is no address; write it as http(s)://host:port" in capsys.readouterr().err


def test_a_status_of_a_proxy_is_no_defect_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """A proxy before Kibana answers 520, which no standard knows: one sentence, as with any other refusal."""
    assert run(StandIn(trouble=520), "import") == 2
    err = capsys.readouterr().err
    assert "refuses (520): origin unreachable; see Kibana's log" in err
    assert "unexpected" not in err


def test_the_certificate_has_to_be_trusted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the authority's file the connection is made, without it it is not, and the message says what to name."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with serving(StandIn(), context) as url:
        assert main(["kibana", "import", "--kibana", url, "--ca-certs", str(tmp_path / "ca.pem")]) == 0
        assert main(["kibana", "import", "--kibana", url]) == 2
    assert "name the authority that signed its certificate with --ca-certs" in capsys.readouterr().err


def test_a_kibana_that_starts_is_waited_for() -> None:
    """It answers 503 for a while; a refusal that waiting does not mend ends it at once."""
    slept: list[float] = []
    kibana = StandIn(starting=3)
    with serving(kibana) as url, Kibana(Place(url), Credentials()) as client:
        client.wait(60, monotonic=lambda: sum(slept), sleep=slept.append)
    assert len(slept) == 3


def test_a_kibana_that_is_not_ready_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --wait it has to be ready."""
    assert run(StandIn(starting=1), "import") == 2
    assert "is not ready yet: Kibana server is not ready yet; wait, or use --wait" in capsys.readouterr().err


def test_a_wait_that_was_too_short_is_not_advised_again(capsys: pytest.CaptureFixture[str]) -> None:
    """At the end of the time it says how long it waited, and what to check; the same where nothing listens."""
    assert run(StandIn(starting=9), "import", "--wait", "1s") == 2
    told = capsys.readouterr().err
    assert "is not ready yet: Kibana server is not ready yet; waited 1 s; " in told
    assert "see Kibana's log for what keeps it, or wait longer with --wait" in told
    assert main(["kibana", "import", "--kibana", f"http://127.0.0.1:{free_port()}", "--wait", "1s"]) == 2
    told = capsys.readouterr().err
    assert "; waited 1 s; check the address, and that Kibana runs there, or wait longer with --wait" in told
    assert "use --wait" not in told
