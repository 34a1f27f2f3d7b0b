"""What a redacted text looks like, case by case, and what is let through."""

from __future__ import annotations

import re

import pytest

from logging_lib.errors import AtalaiaError
from logging_lib.redaction import RedactionOptions, Redactor
from logging_lib.redaction.checksums import is_card, is_cnpj, is_cpf
from logging_lib.values import JsonValue, Record

REDACTOR = Redactor()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=hunter2", "password=[redacted]"),
        ("login(user='joao', password='a\\'b', port=5)", "login(user='joao', password='[redacted]', port=5)"),
        ('password: str = "hunter2"', 'password: str = "[redacted]"'),
        ('os.environ["DB_PASSWORD"] = "a b"', 'os.environ["DB_PASSWORD"] = "[redacted]"'),
        ('os.getenv("DB_PASSWORD", "hunter2")', 'os.getenv("DB_PASSWORD", "[redacted]")'),
        ('user.set_password("hunter2")', 'user.set_password("[redacted]")'),
        ("Senha: abc, ok", "Senha: [redacted], ok"),
        ("API key: abcd", "API key: [redacted]"),
        ("invalid token 'abc'", "invalid token '[redacted]'"),
        ("Server=db;Pwd=abc;Port=5", "Server=db;Pwd=[redacted];Port=5"),
        ('"password" => "x"', '"password" => "[redacted]"'),
        ("Cookie: a=b; c=d\nHost: x", "Cookie: [redacted]\nHost: x"),
        ("tokens=1532 token=1532", "tokens=1532 token=[redacted]"),
        ("GET /x?token=abc&page=2", "GET /x?token=[redacted]&page=2"),
        ("GET /callback?code=4/0A&state=x", "GET /callback?code=[redacted]&state=x"),
        ("/x?pass%77ord=abc&q=a%20b", "/x?pass%77ord=[redacted]&q=a%20b"),
        ("postgresql://user:se:c@ret@host/db", "postgresql://user:[redacted]@host/db"),
        ("redis://:abc@host:6379/0", "redis://:[redacted]@host:6379/0"),
        ("card 4111 1111 1111 1111 ok", "card [redacted:card] ok"),
        ("cpf 529.982.247-25, 52998224725", "cpf [redacted:cpf], [redacted:cpf]"),
        ("cnpj 11.222.333/0001-81, 12ABC34501DE35", "cnpj [redacted:cnpj], [redacted:cnpj]"),
        ("/cliente/52998224725/x", "/cliente/[redacted:cpf]/x"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: [redacted]"),
        ("sent Basic dXNlcjpwYXNz", "sent Basic [redacted]"),
        ("&quot;password&quot;:&quot;abc&quot;", '"password":"[redacted]"'),
        ("token\\u003dabc\\u0026x=1", "token=[redacted]&x=1"),
        ("https://hooks.slack.com/services/T0/B0/XyZ", "https://hooks.slack.com/services/[redacted:token]"),
    ],
)
def test_the_secret_goes_and_what_helps_stays(text: str, expected: str) -> None:
    """In messages, source lines, addresses and connection strings."""
    assert REDACTOR.redact_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication failed",
        "Bearer token missing",
        'WWW-Authenticate: Bearer realm="api"',
        "took 0.4111111111111111 s",  # Luhn holds
        "backup-20261126032732.sql",
        "at 2026-11-26 03:27:32.123456+00:00, 1732591652123456789 ns, 4503599627370496",
        "529.982.247 rows, 52998224726 bytes",  # the last digit is no check digit
        "KeyError: 'password'",
        "the password is wrong and the token has expired",
        "password=None token=null senha=''",
        "UPDATE users SET password = $1, token = %s, senha = %(senha)s, pin=? WHERE id = ?",
        "http://localhost:8080/users/@joao?mail=a@b.example",
        "git@github.com:owner/repository.git",
        "10.0.0.1:5432 192.168.100.200 2001:db8::1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/117.0",
        "4bf92f35-77b3-4da6-a3ce-929d0e0e4736 4bf92f3577b34da6a3ce929d0e0e4736",
        "status code: 404, key: user:12, chave: x",
    ],
)
def test_what_is_no_secret_stays_byte_for_byte(text: str) -> None:
    """False alarms that people would curse."""
    assert REDACTOR.redact_text(text) is text


def test_nothing_yes_and_no_are_no_secrets() -> None:
    """It helps to see that there was no token, and how many there were."""
    record = REDACTOR.redact({"event": "x", "password": None, "token": True, "senha": "", "tokens": 5, "pin": 1234})
    assert record == {"event": "x", "password": None, "token": True, "senha": "", "tokens": 5, "pin": "[redacted]"}


def test_an_event_that_is_a_mapping_is_redacted_like_any_other() -> None:
    """A message need not be text."""
    assert REDACTOR.redact({"event": {"senha": "x"}})["event"] == {"senha": "[redacted]"}


def test_an_integer_that_is_a_card_is_replaced_unless_its_name_says_a_measure() -> None:
    """4111111111111111 is Visa's published test number."""
    record = REDACTOR.redact({"event": "x", "numero": 4111111111111111, "clock_ns": 4111111111111111})
    assert record == {"event": "x", "numero": "[redacted:card]", "clock_ns": 4111111111111111}


@pytest.mark.parametrize(
    ("number", "right"),
    [("4111111111111111", True), ("378282246310005", True), ("30569309025904", True), ("4111111111111112", False)],
)
def test_cards_by_the_networks_published_test_numbers(number: str, *, right: bool) -> None:
    """Visa, American Express, Diners Club; a wrong last digit is none."""
    assert is_card(number) is right


def test_documents_by_published_examples() -> None:
    """12.ABC.345/01DE-35 is the example of the Receita Federal and Serpro for CNPJ with letters (IN RFB 2.229/2024)."""
    assert is_cnpj("12ABC34501DE35")
    assert is_cnpj("11222333000181")
    assert is_cpf("52998224725")
    assert not is_cnpj("12ABC34501DE36")
    assert not is_cpf("52998224724")
    assert not is_cpf("11111111111")


def test_an_application_adds_and_allows_names_and_adds_patterns() -> None:
    """In any spelling, also inside texts; an allowed name keeps its value."""
    options = RedactionOptions(
        emails=True,
        keys=frozenset({"numero_mae"}),
        allow=frozenset({"session_id"}),
        patterns=(r"OSN-\d+",),
    )
    redactor = Redactor(options)
    record = redactor.redact(
        {"event": "OSN-123 numeroMae=7 session_id=9 de joana@example.com", "Numero-Mae": "x", "sessionId": "y"}
    )
    assert record == {
        "event": "[redacted] numeroMae=[redacted] session_id=9 de [redacted:email]",
        "Numero-Mae": "[redacted]",
        "sessionId": "y",
    }


@pytest.mark.parametrize(
    ("patterns", "keys", "said"),
    [
        (("(",), (), "is no regular expression"),
        (("a*",), (), "finds the empty text"),
        ((), ("123",), "use names with letters from a to z"),
        ((), ("пароль",), "use names with letters from a to z"),
    ],
)
def test_what_cannot_be_an_option_is_refused(patterns: tuple[str, ...], keys: tuple[str, ...], said: str) -> None:
    """With the reason."""
    with pytest.raises(AtalaiaError, match=re.escape(said)):
        RedactionOptions(patterns=patterns, keys=frozenset(keys))


def test_what_is_measured_is_no_card() -> None:
    """A count of rows, a statement's id may have a card's digits; in a sample they stay as they are.

    In other texts of a sample, and from anybody else, the same digits are a card.
    """
    statement: JsonValue = {"query": {"id": "-6897271457530694030", "fingerprint": "4111111111111111"}}

    def event(logger: str, point: str) -> Record:
        system: JsonValue = {"returned": 4111111111111111, "mount_point": point, "statement": statement}
        return {"event": "host.system", "logger": logger, "system": system}

    redacted = REDACTOR.redact(event("logging_lib.metrics", "/mnt/4111111111111111"))
    assert redacted == event("logging_lib.metrics", "/mnt/[redacted:card]")
    other = str(REDACTOR.redact(event("shop", "/mnt/4111111111111111")))
    assert ("4111111111111111" in other, "6897271457530694030" in other) == (False, False)


def test_a_span_of_digits_alone_is_no_card() -> None:
    """The ids that the library makes are hexadecimal; one without a letter joins a line with its request too."""
    event: Record = {"event": "said", "span_id": "5410488955844337", "trace_id": "5410488955844337" * 2}
    assert REDACTOR.redact(event) == event
    assert REDACTOR.redact({"event": "said", "request_id": "5410488955844337"})["request_id"] == "[redacted:card]"
