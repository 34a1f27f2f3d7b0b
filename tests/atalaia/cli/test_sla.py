"""``atalaia sla`` on a small store: five requests of a morning, one of which failed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.serial import contract_hash
from tests.atalaia.cli.conftest import Run

EXAMPLE = Path(__file__).parents[3] / "examples" / "sla.toml"
CONTRACT = """
service = "*"
zone = "America/Sao_Paulo"
coverage = 0

[[objective]]
name = "availability"
kind = "availability"
target = 75
periods = ["day", "month"]
expected_requests = 8

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
    for name in ("ATALAIA_SLA", "ATALAIA_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_a_file_the_built_in_objectives_are_judged_and_that_is_said(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of five failed: 80 % of 99.9 %; three of four timed ones took less than 2 s; events need no service."""
    status = run("sla", "show")
    out, err = capsys.readouterr()
    assert status == 1
    assert "atalaia: there is no ./sla.toml: judging by the three objectives that are built in" in err
    lines = out.splitlines()
    assert lines[0] == "✘ SLA missed: 3 missed"
    assert lines[1].startswith(
        "✘ January 2024 so far: availability missed, 80.00 % of 99.9 %; 1 request over; measured"
    )
    assert "latency missed, 75.00 % of 95 %; 1 request over; judged on 4 of 5 requests" in out
    row = next(line for line in lines if line.startswith("✘ availability"))
    assert row.split() == ["✘", "availability", "2024-01", "80.00", "%", "99.9", "%", "1", "5", "-1", "0.0239", "%"]


def test_the_contract_beside_is_judged_by(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """./sla.toml is read without a word; its day begins at 03:00 UTC; --objective chooses."""
    (here / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    assert run("sla", "show", "--objective", "availability", "--format", "json") == 0
    out, err = capsys.readouterr()
    assert err == ""
    report = json.loads(out)
    assert report["contract_hash"] == contract_hash(load_contract(here / "sla.toml"))
    assert report["as_of"] == "2024-01-15T12:00:00Z"
    day, month = report["judgements"]
    assert (day["period"]["name"], day["period"]["from"]) == ("2024-01-15", "2024-01-15T00:00:00-03:00")
    assert (day["measured"]["good"], day["measured"]["total"], day["state"]) == (4, 5, "met")
    assert month["period"]["name"] == "2024-01"


def test_an_instant_is_in_the_contracts_zone(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """05:45 in São Paulo is 08:45 UTC: before the failure at 08:59; two requests had come."""
    (here / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    words = ("sla", "show", "--objective", "availability", "--as-of", "2024-01-15T05:45", "--format", "json")
    assert run(*words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["as_of"] == "2024-01-15T08:45:00Z"
    assert report["judgements"][0]["measured"]["total"] == 2


def test_a_period_without_requests_is_unmeasured_and_the_others_are_named(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Last month nothing was stored: status 2, and a hint where the requests are."""
    assert run("sla", "show", "--last") == 2
    out, err = capsys.readouterr()
    assert out.startswith("? SLA unmeasured: 3 unmeasured")
    assert "? December 2023: availability unmeasured, no requests; nothing of the time was measured" in out
    assert "the store's requests are of 2024-01-15 to 2024-01-15: ask for one with --period" in err


def test_too_little_measured_says_what_helps_and_does_not_hide_a_miss(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five of 720 minutes are known, one of five requests failed: suspected, status 1, and one remedy."""
    demanding = CONTRACT.replace("coverage = 0", "coverage = 95").replace("target = 75", "target = 99.5")
    demanding = demanding.replace('"*"', '"*"\nenvironment = "production"')
    (here / "sla.toml").write_text(demanding, encoding="utf-8")
    assert run("sla", "show", "--objective", "availability") == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "? SLA unmeasured: 2 unmeasured; the measured part has missed 2 of the unmeasured"
    assert err.count("keep 'atalaia metrics run --environment production' running beside it") == 1
    assert "or demand less than coverage = 95 in the contract" in err
    assert "ask for one with --period" not in err
    assert run("sla", "explain") == 1
    assert "the measured part has missed it: 80.00 % of 99.5 %" in capsys.readouterr().out


def test_a_service_of_which_there_is_nothing_is_named(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing mistake in the contract's service is not told as time without requests."""
    (here / "sla.toml").write_text(CONTRACT.replace('"*"', '"ti-osm"'), encoding="utf-8")
    assert run("sla", "show") == 2
    err = capsys.readouterr().err
    assert err == (
        "atalaia: the store holds no requests of the service 'ti-osm': see whether the contract names it right\n"
    )


def test_a_report_that_cannot_be_written_says_so(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that does not exist: a sentence with a remedy, and status 2."""
    assert run("sla", "show", "--output", "nowhere/report.json") == 2
    err = capsys.readouterr().err
    assert "cannot write nowhere/report.json: No such file or directory; give --output a file you may write" in err


def test_the_command_to_look_further_names_the_store(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is asked of another place than the default one, so the next command is too."""
    (here / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    run("sla", "explain", "--objective", "availability")
    further = [each for each in capsys.readouterr().out.splitlines() if each.startswith("  atalaia errors ")]
    assert further
    assert all(each.endswith(f"--store {here / 'data'}") for each in further)


def test_too_little_measured_and_no_miss_is_status_2(run: Run, here: Path) -> None:
    """The same with four of five good enough: nothing is suspected, nothing is met."""
    (here / "sla.toml").write_text(CONTRACT.replace("coverage = 0", "coverage = 95"), encoding="utf-8")
    assert run("sla", "show", "--objective", "availability") == 2


def test_recovery_of_time_that_nobody_measured_is_not_met(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On 14 January nothing was heard: no outage seen is no promise kept. What --as-of leaves out is said."""
    (here / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    words = ("sla", "show", "--objective", "recovery", "--last", "--as-of", "2024-01-15T08:00")
    assert run(*words) == 2
    out, err = capsys.readouterr()
    assert "recovery unmeasured, nobody can tell whether there was an outage; nothing of the time was measured" in out
    assert "of the ledger only what was sealed until --as-of 2024-01-15T08:00 counts" in err


def test_a_report_is_written_to_a_file(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is the same JSON; nothing goes to standard output."""
    assert run("sla", "show", "--period", "2024-01", "--format", "json") == 1
    printed = capsys.readouterr().out
    assert run("sla", "show", "--period", "2024-01", "--output", "january.json") == 1
    out, err = capsys.readouterr()
    assert (here / "january.json").read_text(encoding="utf-8") == printed
    assert out == ""
    assert "SLA missed: 3 missed; written to january.json" in err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--as-of", "2024-01-15T12:01Z"), "--as-of 2024-01-15T12:01Z is yet to come"),
        (("--last", "--period", "2024-01"), "--last and --period together say too much"),
        (("--period", "2024-Q1"), "no objective is judged by a period like '2024-Q1'; there are month"),
        (("--contract", "none.toml"), "cannot read the contract in none.toml"),
        (("--ledger", "none"), "there is no ledger at none"),
    ],
)
def test_mistakes_are_named(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    """Status 2, one line, and nothing on standard output."""
    assert run("sla", "show", *words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert complaint in err


def test_budgets_as_a_burn_down(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quarter of 8 expected requests may fail, one has: half is left from its hour on. Outages have no budget."""
    (here / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    assert run("sla", "budget", "--period", "2024-01-15") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "✔ 15 January 2024: availability budget of 2 requests (sized by 8 requests that are expected): 1 spent, 1 left"
    )
    # From 03:00 to 12:00 UTC nine hours; the failure is in the sixth.
    assert lines[1].startswith("  ██████▅▅▅▅ (left at the start, and after each of 9 steps)")
    assert lines[2] == "  at the pace of the period so far it is spent by 2024-01-15 21:00 UTC"
    assert run("sla", "budget", "--period", "2024-01-15", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["bad"] for row in rows] == ["0"] * 5 + ["1"] + ["0"] * 3
    assert rows[5] == {
        "objective": "availability",
        "period": "2024-01-15",
        "unit": "request",
        "size": "2",
        "from": "2024-01-15T08:00:00Z",
        "to": "2024-01-15T09:00:00Z",
        "bad": "1",
        "total": "3",
        "spent": "1",
        "remaining": "1",
        "settled": "true",
    }


def test_an_overspent_budget_is_a_breach(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of one expected request none may fail; the JSON, which can be verified, says when it was spent."""
    (here / "sla.toml").write_text(CONTRACT.replace("= 8", "= 1"), encoding="utf-8")
    assert run("sla", "budget", "--period", "2024-01-15", "--format", "json") == 1
    text = capsys.readouterr().out
    budget, *others = [each["budget"] for each in json.loads(text)["judgements"]]
    assert not any(others)
    assert (budget["size"], budget["remaining"], budget["overspent"]) == (0, -1, "2024-01-15T08:00:00Z")
    (here / "budget.json").write_text(text, encoding="utf-8")
    assert run("verify", str(here / "budget.json")) == 0
    assert "SLA report equal" in capsys.readouterr().out
    assert run("sla", "budget", "--period", "2024-01-15") == 1
    assert "  spent between 2024-01-15 08:00 UTC and 2024-01-15 09:00 UTC" in capsys.readouterr().out


def test_an_outage_objective_has_no_budget(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for alone it is a mistake."""
    (here / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    assert run("sla", "budget", "--objective", "recovery") == 2
    assert "none of these objectives has an error budget" in capsys.readouterr().err


def test_check_says_what_is_promised(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Each promise, exclusion and outage of the example in a line, and the hash that reports carry."""
    assert run("sla", "check", "--contract", str(EXAMPLE)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "for ti-osn in production, in America/Sao_Paulo",
        "events may arrive 1 h late; 95 % of the minutes must be measured",
        "in force from 2024-01-01 03:00 UTC",
        "availability: 99.9 % of requests do not fail; judged by month, by quarter",
        "latency: 95 % of requests take less than 2 s; judged by month, over 30 days",
        "tickets-fast: 90 % of requests take less than 500 ms on /api/chamados; judged by month",
        "error_rate: less than 1 % of requests fail; judged by month",
        "uptime: 99.5 % of minutes are good: fewer than 50 % of a minute's requests fail; judged by month",
        "recovery-point: at every moment the last backup.completed is at most 1 h old; judged by month",
        (
            "recovery-time: no outage lasts longer than 4 h: one ends when fewer than 50 % of a minute's requests "
            "fail; judged by month"
        ),
        (
            "excluded: 2024-10-06 01:00 UTC to 2024-10-06 05:00 UTC, move to the new database server "
            "(approved by Ana Souza)"
        ),
        (
            "excluded for latency, tickets-fast: 2024-11-15 03:00 UTC to 2024-11-16 03:00 UTC, "
            "holiday: nobody waits for answers (approved by Ana Souza)"
        ),
        (
            "outage: 2024-10-17 06:10 UTC to 2024-10-17 06:40 UTC, power failure in the machine room "
            "(declared by Rui Lima)"
        ),
        f"hash {contract_hash(load_contract(EXAMPLE))}",
    ]


def test_check_refuses_with_every_place(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt key and a value that cannot be: both in one line, status 2."""
    text = CONTRACT.replace("coverage = 0", "covrage = 0").replace("target = 75", "target = 175")
    (here / "wrong.toml").write_text(text, encoding="utf-8")
    assert run("sla", "check", "--contract", "wrong.toml") == 2
    said = capsys.readouterr().err
    assert "wrong.toml: " in said
    assert "covrage: unknown key (did you mean 'coverage'?)" in said
    assert "objective[1].target: 175 is not between 0 and 100 percent" in said


def test_check_for_programs(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The default contract and its hash as JSON."""
    assert run("sla", "check", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["contract_hash"] == contract_hash(DEFAULT_CONTRACT)
    assert [each["name"] for each in found["contract"]["objective"]] == ["availability", "latency", "error_rate"]
