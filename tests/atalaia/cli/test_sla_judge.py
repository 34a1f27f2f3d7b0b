"""``atalaia sla judge``: the contract's objectives about requests, over any window, by anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from tests.atalaia.cli.conftest import NOW, REQUESTS, Run, document

CONTRACT = """
service = "ti-osn"
environment = "staging"
zone = "America/Sao_Paulo"

[[objective]]
name = "availability"
kind = "availability"
target = 70
periods = ["month"]

[[objective]]
name = "fast-tickets"
kind = "latency"
under = "200ms"
target = 60
route = "/api/chamados"
periods = ["month"]

[[objective]]
name = "recovery"
kind = "rto"
limit = "4h"
periods = ["day"]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory without a contract."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATALAIA_SLA", raising=False)
    return tmp_path


@pytest.fixture
def contract(here: Path, store: Path) -> Path:
    """A contract of another environment, with the requests of the conftest; the first one is of another service."""
    with open_store(str(store), writable=True) as opened:
        for number, each in enumerate(REQUESTS):
            found = document(number, each).body
            service: dict[str, JsonValue] = {"name": "ti-osn" if number else "other"}
            opened.append([Document("logs-web.request-staging", f"s-{number}", {**found, "service": service})])
    path = here / "promised.toml"
    path.write_text(CONTRACT, encoding="utf-8")
    return path


def test_the_contracts_objectives_are_judged(run: Run, contract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of its service and environment are four requests, of which one failed: 75 % of 70 %.

    Of the route is one, of 0.3 s, over 200 ms: missed, judged on all of its requests. The outages are named.
    """
    assert run("sla", "judge", "--contract", str(contract), "--format", "json") == 1
    out, err = capsys.readouterr()
    assert [(row["objective"], row["good"], row["total"], row["coverage"]) for row in json.loads(out)["rows"]] == [
        ("availability", 3, 4, 1.0),
        ("fast-tickets", 0, 1, 1.0),
    ]
    assert "not judged here, because not about requests: recovery" in err
    assert run("sla", "judge", "--contract", str(contract), "--since", "2024-01-15T10:00:00Z") == 2
    assert "fast-tickets unmeasured: none of 0 requests can be judged" in capsys.readouterr().out


def test_an_answer_by_a_contract_is_verified(run: Run, contract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It carries the contract: equal as it was; an edited target or number is told, and another contract named."""
    words = ("--by", "endpoint", "--where", "status_code < 600", "--format", "json")
    run("sla", "judge", "--contract", str(contract), *words)
    text, path = capsys.readouterr().out, contract.with_name("answer.json")
    path.write_text(text, encoding="utf-8")
    assert run("verify", str(path)) == 0
    assert run("verify", str(path), "--contract", str(contract)) == 0
    capsys.readouterr()
    contract.write_text(CONTRACT.replace("target = 70", "target = 80"), encoding="utf-8")
    assert run("verify", str(path), "--contract", str(contract)) == 1
    assert '/query/contract/objective/0/target\n  reported  "70"' in capsys.readouterr().out
    for old, new in (('"target": "70"', '"target": "80"'), ('"good": 1', '"good": 0')):
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        assert run("verify", str(path)) == 1


def test_without_a_contract_those_that_are_built_in_are_judged(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """And that is said."""
    run("sla", "judge", "--format", "json")
    out, err = capsys.readouterr()
    assert [row["objective"] for row in json.loads(out)["rows"]] == ["availability", "latency", "error_rate"]
    assert "there is no ./sla.toml" in err
    assert json.loads(out)["query"]["made"].startswith(f"{NOW:%Y-%m-%d}")


def test_a_contract_without_such_objectives_is_a_mistake(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outages cannot be judged by requests of any window."""
    text = CONTRACT[: CONTRACT.index("[[objective]]")] + CONTRACT[CONTRACT.rindex("[[objective]]") :]
    (here / "sla.toml").write_text(text, encoding="utf-8")
    assert run("sla", "judge") == 2
    assert "none of the contract's objectives is about requests" in capsys.readouterr().err
