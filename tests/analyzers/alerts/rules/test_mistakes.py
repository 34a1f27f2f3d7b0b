"""Mistakes in alerts.toml: each is told with its place and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.alerts.rules.loading import load_rules
from analyzers.strict_toml import TomlError

RULE = '[[rule]]\nname = "r"\nkind = "threshold"\n'
ERRORS = f'{RULE}measure = "error_rate"\n'
COUNT = f'{RULE}measure = "count"\nstream = "logs-web.request"\nabove = {{ warning = 1 }}\n'
CPU = f'{RULE}measure = "avg"\nstream = "metrics-host.system"\nfield = "system.cpu.total.norm.pct"\n'
BURN = '[[rule]]\nname = "b"\nkind = "burn_rate"\n'
SILENCE = 'reason = "x"\nby = "Ana"\n'
SPAN = "from = 2026-01-01T00:00:00Z\nto = 2026-01-02T00:00:00Z\n"

MISTAKES = {
    "unknown table": (f"{ERRORS}[defalts]\n", "defalts: unknown key (did you mean 'defaults'?)"),
    "key of another table": (f"reason = 'x'\n{ERRORS}", "reason: unknown key (it belongs to another table)"),
    "unknown key of a rule": (f'{ERRORS}windw = "5m"\n', "rule[1].windw: unknown key (did you mean 'window'?)"),
    "unknown key of another kind": (f'{BURN}target = 99\nmeasure = "count"\n', "rule[1].measure: unknown key"),
    "unknown kind": ('[[rule]]\nname = "r"\nkind = "burnrate"\n', "no kind 'burnrate' (did you mean 'burn_rate'?)"),
    "no kind": ('[[rule]]\nname = "r"\n', "rule[1]: needs 'kind'"),
    "no name": ('[[rule]]\nkind = "flood"\n', "rule[1].name: Field required"),
    "no rule": ('zone = "UTC"\n', "rule: Field required"),
    "two of one name": (f"{ERRORS}{ERRORS}", "rule[2].name: 'r' is the name of rule[1] too"),
    "unknown zone": (f'zone = "America/SaoPaulo"\n{ERRORS}', "did you mean America/Sao_Paulo"),
    "unknown profile": (f'profile = "prod"\n{ERRORS}', "no profile 'prod' (did you mean 'production'?)"),
    "bad environment": (f'environment = "Prod-1"\n{ERRORS}', "environment: String should match"),
    "unknown measure": (f'{RULE}measure = "errorrate"\n', "no measure 'errorrate' (did you mean 'error_rate'?)"),
    "percentile 0": (f'{RULE}measure = "p0"\n', "there is no percentile 0"),
    "unknown stream": (COUNT.replace("web.request", "web.requests"), "no stream 'logs-web.requests' (did you mean"),
    "stream of another measure": (
        f'{ERRORS}stream = "logs-app.event"\n',
        "is of logs-web.request; only its environment",
    ),
    "no field": (f'{RULE}measure = "avg"\nstream = "logs-web.request"\nabove = {{ warning = 1 }}\n', "needs 'field'"),
    "field of a count": (f'{COUNT}field = "response_time"\n', "there is no 'field' in measure 'count'"),
    "unknown field": (
        f'{RULE}measure = "max"\nstream = "logs-web.request"\nfield = "responsetime"\nabove = {{ critical = 1 }}\n',
        "logs-web.request-* has no field 'responsetime'; did you mean response_time",
    ),
    "field that is no number": (
        f'{RULE}measure = "max"\nstream = "logs-web.request"\nfield = "endpoint"\nabove = {{ critical = 1 }}\n',
        "http.route is a keyword; only numbers are measured",
    ),
    "unknown field in where": (f"{ERRORS}where = 'stauts_code = 500'\n", "where: logs-web.request-* has no field"),
    "unreadable where": (f"{ERRORS}where = 'status_code >'\n", "where: the filter 'status_code >' ends too early"),
    "unknown field to group by": (f'{COUNT}by = ["endpiont"]\n', "by: logs-web.request-* has no field 'endpiont'"),
    "list to group by": (f'{COUNT}by = ["tags"]\n', "by: tags is a list and cannot group"),
    "share without condition": (
        f'{RULE}measure = "share"\nstream = "logs-web.request"\nabove = {{ warning = 1 }}\n',
        "measure 'share' needs 'of'",
    ),
    "no threshold": (f'{RULE}measure = "count"\nstream = "logs-web.request"\n', "needs 'above' or 'below'"),
    "both sides": (f"{COUNT}below = {{ warning = 1 }}\n", "'above' and 'below' exclude each other"),
    "empty threshold": (f"{ERRORS}above = {{}}\n", "'above' needs 'warning' or 'critical'"),
    "wrong level": (f"{ERRORS}above = {{ warn = 1 }}\n", "rule[1].above.warn: unknown key (did you mean 'warning'?)"),
    "wrong order": (f"{ERRORS}above = {{ warning = 9, critical = 5 }}\n", "'warning' lies beyond 'critical'"),
    "quoted number": (f'{ERRORS}above = {{ warning = "9" }}\n', "'9' is no number"),
    "beyond 100 percent": (f"{ERRORS}above = {{ warning = 101 }}\n", "percent, from 0 to 100"),
    "share for percent": (
        f"{CPU}above = {{ warning = 0.7 }}\n",
        "judged in percent: write 90 for nine tenths",
    ),
    "window without unit": (f"{ERRORS}window = '5'\n", "rule[1].window: '5' is not a duration"),
    "window that is a number": (f"{ERRORS}window = 5\n", "5 is no duration; write text such as '5m'"),
    "few events": (f"{ERRORS}minimum_events = 0\n", "rule[1].minimum_events"),
    "low confidence": (f"{ERRORS}confidence = 0.95\n", "0.95 is no confidence; write percent from 50"),
    "host of an error rate": (f"{ERRORS}host = true\n", "there is no 'host' in measure 'error_rate'"),
    "runbook that is no address": (f"{ERRORS}runbook = 'wiki/{{rule}}'\n", "is no http(s):// address"),
    "runbook's placeholder": (
        f"{ERRORS}runbook = 'https://w/{{rul}}'\n",
        "no placeholder 'rul' (did you mean 'rule'?)",
    ),
    "burn rate of nothing": (BURN, "say either 'objective' or 'target'"),
    "burn rate of both": (f'{BURN}objective = "a"\ntarget = 99\n', "say either 'objective' or 'target'"),
    "stream of an objective": (f'{BURN}objective = "a"\nbad = "x"\n', "'bad' is the contract's to say"),
    "bad and under": (f'{BURN}target = 99\nbad = "status_code = 404"\nunder = "2s"\n', "'bad' and 'under' exclude"),
    "target of 100": (f"{BURN}target = 100\n", "100 is not between 0 and 100 percent"),
    "budget of another stream": (
        f'{BURN}target = 99\nstream = "logs-sql.query"\n',
        "a budget of logs-sql.query needs 'bad'",
    ),
    "unknown period": (f'{BURN}target = 99\nperiod = "moth"\n', "no period 'moth' (did you mean 'month'?)"),
    "objective without contract": (f'{BURN}objective = "a"\n', "rule[1].objective: no contract is named"),
    "contract that is not there": (f'contract = "none.toml"\n{ERRORS}', "contract: cannot read the contract"),
    "kind of anomaly": (
        '[[rule]]\nname = "r"\nkind = "anomaly"\nkinds = ["error"]\n',
        "rule[1].kinds[1]: there is no kind of anomaly 'error' (did you mean 'errors'?)",
    ),
    "settings that cannot be meant": (
        '[[rule]]\nname = "r"\nkind = "silence"\nwindows = ["2h", "1h"]\n',
        "rule[1]: these settings of anomalies cannot be meant: windows ascend",
    ),
    "silence without end": (f"{ERRORS}[[silence]]\nfrom = 2026-01-01\n{SILENCE}", "silence[1].to: Field required"),
    "silence without author": (f'{ERRORS}[[silence]]\n{SPAN}reason = "x"\n', "silence[1].by: Field required"),
    "silence that ends first": (
        f"{ERRORS}[[silence]]\nfrom = 2026-01-02\nto = 2026-01-01\n{SILENCE}",
        "silence[1]: 'to' (2026-01-01) is not after 'from' (2026-01-02)",
    ),
    "time of day without weekdays": (
        f'{ERRORS}[[maintenance]]\nfrom = "03:00"\nto = "05:00"\n{SILENCE}',
        "maintenance[1]: times of the day need 'weekdays'",
    ),
    "weekdays without times": (
        f'{ERRORS}[[maintenance]]\nweekdays = ["sun"]\n{SPAN}{SILENCE}',
        "maintenance[1]: 'weekdays' needs times of the day",
    ),
    "unknown weekday": (
        f'{ERRORS}[[maintenance]]\nweekdays = ["sundy"]\nfrom = "03:00"\nto = "05:00"\n{SILENCE}',
        "maintenance[1].weekdays[1]: there is no weekday 'sundy' (did you mean 'sunday'?)",
    ),
    "hour 25": (
        f'{ERRORS}[[maintenance]]\nweekdays = ["sun"]\nfrom = "25:00"\nto = "05:00"\n{SILENCE}',
        "maintenance[1].from: '25:00' is no time of the day",
    ),
    "local time that comes twice": (
        f'zone = "Europe/Lisbon"\n{ERRORS}[[silence]]\nfrom = 2026-10-25T01:30:00\nto = 2026-10-26\n{SILENCE}',
        "comes twice or never in Europe/Lisbon",
    ),
    "silence of no rule": (
        f'{ERRORS}[[silence]]\n{SPAN}rules = ["rr"]\n{SILENCE}',
        "silence[1].rules: no rule is called 'rr' (did you mean 'r'?)",
    ),
    "group of no rule": (f'{ERRORS}[group]\ndisks = ["disk*"]\n', "group.disks: no rule is called 'disk*'"),
    "unknown kind of channel": (f'{ERRORS}[[channel]]\ntype = "mail"\n', "channel[1].type: there is no type 'mail'"),
    "secret in the file": (
        f'{ERRORS}[[channel]]\ntype = "slack"\nwebhook_url = "https://hooks"\n',
        "channel[1].webhook_url: a secret is not written here",
    ),
    "key of another channel": (
        f'{ERRORS}[[channel]]\ntype = "console"\nrecipients = ["a@b.org"]\n',
        "channel[1].recipients: unknown key",
    ),
    "no TOML": ("[[rule]\n", "is no TOML"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place(mistake: str, tmp_path: Path) -> None:
    """The message has the file, the table and the key as a person counts them, and the remedy."""
    text, complaint = MISTAKES[mistake]
    path = tmp_path / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TomlError) as caught:
        load_rules(path)
    assert complaint in caught.value.message
    assert str(path) in caught.value.message


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Five mistakes of four tables, one of them a name that two rules have, are one message."""
    path = tmp_path / "alerts.toml"
    text = f'zone = "UCT+1"\n{ERRORS}windw = "5m"\n{COUNT}by = ["tags"]\n[defaults]\npending = "soon"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TomlError) as caught:
        load_rules(path)
    for place in ("zone: ", "rule[1].windw: ", "rule[2]: by: ", "defaults.pending: ", "rule[2].name: "):
        assert place in caught.value.message


def test_a_missing_file_is_named() -> None:
    """A path that leads nowhere is said."""
    with pytest.raises(TomlError, match="cannot read the alert rules in nowhere"):
        load_rules(Path("nowhere.toml"))
