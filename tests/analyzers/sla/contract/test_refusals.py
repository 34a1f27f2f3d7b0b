"""What a contract may not say, and that the complaint names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.sla.contract.loading import load_contract
from analyzers.store.query import Window
from analyzers.strict_toml import TomlError
from tests.analyzers.sla.contract.files import AVAILABILITY, HEAD, load, refusal, utc


def test_every_complaint_about_the_form_comes_at_once(tmp_path: Path) -> None:
    """Five mistakes in three places are five complaints, and the unknown keys get the right ones suggested."""
    said = refusal(
        tmp_path,
        'servise = "x"\nservice = "x"\nzone = "America/Sao_Paolo"\ncoverage = 101\n'
        '[[objective]]\nname = "a"\nkind = "availability"\ntraget = 99.9\n'
        '[[objective]]\nname = "b"\nkind = "latency"\ntarget = 95\nunder = "1700ms"\n',
    )
    assert "servise: unknown key (did you mean 'service'?)" in said
    assert "objective[1].traget: unknown key (did you mean 'target'?)" in said
    assert "zone: there is no time zone 'America/Sao_Paolo'; did you mean America/Sao_Paulo" in said
    assert "coverage: 101 is not from 0 to 100 percent" in said
    assert "objective[2].under: 1700ms is no threshold that the ledger counts at; the nearest: '1500ms' or '2s'" in said


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ('kind = "rpo"\ntarget = 99', "objective[1]: there is no 'target' in kind 'rpo', kind 'rpo' needs 'limit'"),
        ('kind = "latency"\ntarget = 95', "objective[1]: kind 'latency' needs 'under'"),
        ('kind = "availability"\ntarget = 99\nunder = "2s"', "there is no 'under' in kind 'availability'"),
        ('kind = "availability"\ntarget = 99\nminute_errors = 50', "there is no 'minute_errors' in kind"),
        ('kind = "uptime"\ntarget = 99\nexpected_requests = 9', "there is no 'expected_requests' in kind 'uptime'"),
        ('kind = "rto"\nlimit = "4h"\nbackup = "x"', "there is no 'backup' in kind 'rto'"),
        ('kind = "rpo"\nlimit = "1h"\nroute = "/"', "there is no 'route' in kind 'rpo'"),
        ('kind = "availability"\ntarget = 100', "objective[1].target: 100 is not between 0 and 100 percent"),
        ('kind = "availability"\ntarget = 0', "objective[1].target: 0 is not between 0 and 100 percent"),
        ('kind = "availability"\ntarget = "99.9"', "objective[1].target: '99.9' is no percent number"),
        ('kind = "availability"\ntarget = nan', "objective[1].target: Decimal('NaN') is no percent number"),
        ('kind = "availability"\ntarget = true', "objective[1].target: True is no percent number"),
        ('kind = "availability"\ntarget = 99\nperiods = ["hour"]', "objective[1].periods[1]: 'hour' is no period"),
        ('kind = "availability"\ntarget = 99\nperiods = ["0d"]', "objective[1].periods[1]: '0d' is no period"),
        ('kind = "availability"\ntarget = 99\nperiods = ["month", "month"]', "objective[1]: periods names one twice"),
        ('kind = "availability"\ntarget = 99\nperiods = []', "objective[1].periods: "),
        ('kind = "rto"\nlimit = 4', "objective[1].limit: 4 is no duration; write text such as '4h'"),
        ('kind = "uptime"\ntarget = 99\nminute_errors = 0', "objective[1].minute_errors: 0 is not above 0"),
        ('kind = "latency"\ntarget = 99\nunder = "5ms"', "the nearest: '10ms'"),
        ('kind = "latency"\ntarget = 99\nunder = "3m"', "the nearest: '120s'"),
    ],
)
def test_an_objective_says_what_its_kind_can_mean(tmp_path: Path, keys: str, complaint: str) -> None:
    """Keys of other kinds, missing ones, and values outside their bounds are refused with their place."""
    assert complaint in refusal(tmp_path, f'{HEAD}[[objective]]\nname = "a"\n{keys}\n')


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        (
            "from = 2024-10-05T22:00:30\nto = 2024-10-06T02:00:00",
            "exclusion[1].from: 2024-10-05 22:00:30 is not on a whole",
        ),
        (
            "from = 2024-10-05T22:00:00\nto = 2024-10-05T22:00:00",
            "exclusion[1]: 'to' (2024-10-05 22:00:00) is not after",
        ),
        (
            "from = 2024-10-06T00:00:00\nto = 2024-10-05T22:00:00",
            "exclusion[1]: 'to' (2024-10-05 22:00:00) is not after",
        ),
        (
            # The clock in São Paulo jumped from 2018-11-04 00:00 to 01:00.
            "from = 2018-11-04T00:30:00\nto = 2018-11-04T05:00:00",
            "2018-11-04 00:30:00 does not exist in America/Sao_Paulo: write its offset, such as 2018-11-04T00:30:00-03",
        ),
        (
            # It went back from 2018-02-18 00:00 to 2018-02-17 23:00.
            "from = 2018-02-17T23:30:00\nto = 2018-02-18T05:00:00",
            "2018-02-17 23:30:00 comes twice in America/Sao_Paulo: write its offset, such as 2018-02-17T23:30:00-02:00",
        ),
        ('from = "2024-10-05T22:00:00Z"\nto = 2024-10-06', "exclusion[1].from: '2024-10-05T22:00:00Z' is no date-time"),
        (
            'from = 2024-10-05\nto = 2024-10-06\nobjectives = ["availabilty"]',
            "exclusion[1].objectives: there is no objective 'availabilty' (did you mean 'availability'?)",
        ),
    ],
)
def test_exclusions_are_whole_minutes_of_existing_time(tmp_path: Path, keys: str, complaint: str) -> None:
    """Part minutes, reversed windows, local times that are not or are twice, and unknown objectives are refused."""
    text = f'{HEAD}{AVAILABILITY}[[exclusion]]\nreason = "r"\napproved_by = "a"\n{keys}\n'
    assert complaint in refusal(tmp_path, text)


def test_an_ambiguous_time_with_its_offset_is_read(tmp_path: Path) -> None:
    """The remedy that the complaint names works: the second 23:30 of that night is 02:30 UTC."""
    text = '[[exclusion]]\nreason = "r"\napproved_by = "a"\nfrom = 2018-02-17T23:30:00-03:00\nto = 2018-02-18\n'
    [exclusion] = load(tmp_path, HEAD + AVAILABILITY + text).exclusions
    assert exclusion.window == Window(utc("2018-02-18T02:30:00Z"), utc("2018-02-18T03:00:00Z"))


@pytest.mark.parametrize("missing", ["reason", "approved_by"])
def test_an_exclusion_names_its_reason_and_who_approved_it(tmp_path: Path, missing: str) -> None:
    """Neither may be left out, nor be blank."""
    keys = {"from": "2024-10-05", "to": "2024-10-06", "reason": '"r"', "approved_by": '"a"'}
    for blank in ({}, {missing: '"  "'}):
        given = {name: value for name, value in keys.items() if name != missing} | blank
        text = "\n".join(f"{name} = {value}" for name, value in given.items())
        assert f"exclusion[1].{missing}" in refusal(tmp_path, f"{HEAD}{AVAILABILITY}[[exclusion]]\n{text}\n")


def test_every_complaint_about_the_meaning_comes_at_once(tmp_path: Path) -> None:
    """A name given twice, a part minute and a reversed outage are three complaints."""
    said = refusal(
        tmp_path,
        f"{HEAD}valid_from = 2024-01-01T00:00:01\n{AVAILABILITY}{AVAILABILITY}"
        '[[outage]]\nfrom = 2024-10-06\nto = 2024-10-05\nreason = "r"\ndeclared_by = "d"\n',
    )
    assert "objective[2].name: 'availability' is the name of objective[1] too" in said
    assert "valid_from: 2024-01-01 00:00:01 is not on a whole minute" in said
    assert "outage[1]: 'to' (2024-10-05) is not after 'from' (2024-10-06)" in said


def test_a_contract_promises_something(tmp_path: Path) -> None:
    """Without any objective there is nothing to judge."""
    assert "objective: " in refusal(tmp_path, HEAD)
    with pytest.raises(TomlError, match="cannot read the contract"):
        load_contract(tmp_path / "none.toml")
