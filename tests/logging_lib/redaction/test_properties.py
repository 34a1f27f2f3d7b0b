"""No secret of any kind survives, wherever it is planted; whatever is none comes through as it was."""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias
from urllib.parse import quote, quote_plus

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logging_lib.redaction import RedactionOptions, Redactor
from logging_lib.values import JsonValue, Record, clean_record
from tests.logging_lib.redaction.secrets_of import (
    KEYS,
    PLAIN_KEYS,
    awkward,
    cards,
    cnpjs,
    cpfs,
    forms_of,
    tokens,
    words,
)

Carrier: TypeAlias = Callable[[str, str], str]

REDACTOR = Redactor()

BARE: dict[str, Carrier] = {
    "assignment": lambda key, secret: f"login with {key}={secret} failed",
    "colon": lambda key, secret: f"{key}: {secret}",
    "line end": lambda key, secret: f"first\n{key}={secret}\nlast",
    "escaped line": lambda key, secret: f"first\\n{key}={secret}\\nlast",
    "address": lambda key, secret: f"GET https://example.com/x?page=2&{key}={quote(secret, safe='')}&sort=a",
    "path": lambda key, secret: f"/x?{quote(key)}={quote_plus(secret)}",
    "double encoding": lambda key, secret: f"next={quote(f'/x?{key}={quote(secret)}', safe='')}&page=2",
    "element": lambda key, secret: f"<body><ns:{key}>{secret}</ns:{key}></body>",
    "flag": lambda key, secret: f"run --{key} {secret} --verbose",
    "form": lambda key, secret: f'Content-Disposition: form-data; name="{key}"\r\n\r\n{secret}\r\n--boundary',
}
"""Texts in which a secret stands without quotes beside its name."""

QUOTED: dict[str, Carrier] = {
    "JSON": lambda key, secret: json.dumps({"a": 1, key: secret, "b": [2]}),
    "compact JSON": lambda key, secret: json.dumps({key: secret, "b": 1}, separators=(",", ":")),
    "JSON in JSON": lambda key, secret: json.dumps({"body": json.dumps({key: secret})}),
    "JSON three deep": lambda key, secret: json.dumps({"a": json.dumps({"b": json.dumps({key: secret})})}),
    "repr": lambda key, secret: f"bad values { ({key: secret, 'b': 1})!r}",
    "repr of a pair": lambda key, secret: f"headers {[(key, secret), ('Accept', 'x')]!r}",
    "repr of a repr": lambda key, secret: repr({"message": repr({key: secret})}),
    "source line": lambda key, secret: f"    connect(host, {key}={json.dumps(secret)}, timeout=5)",
    "subscript": lambda key, secret: f"    config[{key!r}] = {secret!r}",
    "named value": lambda key, secret: json.dumps({"name": key, "value": secret}),
    "container": lambda key, secret: json.dumps({key: {"inner": [secret, "b"]}, "z": 1}),
    "JSON in a query": lambda key, secret: f"/x?data={quote(json.dumps({key: secret}))}&page=2",
}
"""Texts in which it stands in quotes, whatever is in it."""

SHAPED: dict[str, Callable[[str], str]] = {
    "alone": str,
    "sentence": "the value {} was refused".format,
    "quotes": "value '{}'".format,
    "path": "/clientes/{}/pedidos".format,
    "query": "q={}&page=2".format,
    "encoded": lambda secret: "q=" + "".join(f"%{byte:02X}" for byte in secret.encode()),
    "escaped": "first\\n{}\\nlast".format,
    "JSON": lambda secret: json.dumps({"body": json.dumps([secret])}),
    "list": lambda secret: f"[{secret}, 1]",
    "underscore": "id_{}".format,
}
"""Texts in which a secret has nothing but its shape."""


def written(value: JsonValue) -> bytes:
    """Return a record of an event as the file has it."""
    return orjson.dumps(REDACTOR.redact({"event": "x", "field": value}))


def assert_gone(secret: str, line: bytes) -> None:
    """Fail where any form of the secret is in the line."""
    assert not [form for form in forms_of(secret) if form in line], line


def nested(depth: int, inner: JsonValue) -> JsonValue:
    """Return a value inside so many containers."""
    for level in range(depth):
        inner = {"a": inner, "b": 1} if level % 2 else [inner, 2]
    return inner


@pytest.mark.parametrize("carrier", BARE)
@given(key=st.sampled_from(KEYS), secret=words)
def test_a_secret_beside_its_name_is_gone(carrier: str, key: str, secret: str) -> None:
    """Without quotes, in sentences, addresses, elements and forms."""
    assert_gone(secret, written(BARE[carrier](key, secret)))


@pytest.mark.parametrize("carrier", QUOTED)
@given(key=st.sampled_from(KEYS), secret=awkward)
def test_a_quoted_secret_is_gone_whatever_is_in_it(carrier: str, key: str, secret: str) -> None:
    """Quotes, backslashes, brackets and blanks inside the secret do not end it early, at any level of escaping."""
    assert_gone(secret, written(QUOTED[carrier](key, secret)))


@pytest.mark.parametrize("carrier", SHAPED)
@given(secret=st.one_of(cpfs, cnpjs, cards, tokens))
@example("12ABC34501DE35")
@example("4111111111111111")
def test_a_secret_with_a_shape_is_gone_wherever_it_stands(carrier: str, secret: str) -> None:
    """Cards, CPF, CNPJ and tokens need no name."""
    assert_gone(secret, written(SHAPED[carrier](secret)))


@given(number=cards, separator=st.sampled_from([" ", "-", ".", "+", "%20"]))
def test_a_card_is_gone_with_separators(number: str, separator: str) -> None:
    """In fours, and American Express in its own groups."""
    cuts = [0, 4, 10, 15] if len(number) == 15 else [*range(0, len(number), 4), len(number)]
    grouped = [number[begin:end] for begin, end in pairwise(cuts)]
    if len(grouped[-1]) == 2 and len(number) != 14:
        return
    if len(number) == 14:
        grouped = [number[:4], number[4:10], number[10:]]
    line = written(f"paid with {separator.join(grouped)} today")
    assert separator.join(grouped).encode() not in line
    assert b"[redacted:card]" in line


@given(cpf=cpfs, cnpj=cnpjs)
def test_documents_are_gone_with_their_punctuation(cpf: str, cnpj: str) -> None:
    """As they are printed: 529.982.247-25 and 11.222.333/0001-81."""
    shown_cpf = f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"
    shown_cnpj = f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}"
    line = written(f"de {shown_cpf} para {shown_cnpj}, e /x/{quote(shown_cnpj, safe='')}")
    assert line.count(b"[redacted:cpf]") == 1
    assert line.count(b"[redacted:cnpj]") == 2


@given(secret=words, scheme=st.sampled_from(["Bearer", "bearer", "BEARER"]))
def test_authorization_is_gone_without_its_header(secret: str, scheme: str) -> None:
    """Bearer tokens, and user and password in base64 or in an address."""
    basic = base64.b64encode(f"user:{secret}".encode()).decode()
    text = f"sent {scheme} {secret} and Basic {basic} to postgresql://user:{secret}@db.example/x"
    line = written(text)
    assert_gone(secret, line)
    assert b"postgresql://user:[redacted]@db.example/x" in line


@given(
    body=st.text(string.ascii_letters + "+/\n", min_size=20, max_size=200), kind=st.sampled_from(["", "RSA ", "EC "])
)
def test_a_private_key_is_gone_whole_or_cut(body: str, kind: str) -> None:
    """Also where the text breaks off inside it, and where its line ends are escaped."""
    key = f"-----BEGIN {kind}PRIVATE KEY-----\nZq{body}\n"
    for text in (f"{key}-----END {kind}PRIVATE KEY-----", key, json.dumps(key)):
        assert_gone(f"Zq{body}", written(text))


@given(
    key=st.sampled_from(KEYS), secret=awkward, depth=st.integers(0, 15), shape=st.sampled_from(["text", "list", "map"])
)
def test_what_stands_under_a_secrets_name_is_gone_at_any_depth(key: str, secret: str, depth: int, shape: str) -> None:
    """A container is replaced whole."""
    values: dict[str, JsonValue] = {"text": secret, "list": [secret, 1], "map": {"x": [secret]}}
    value = values[shape]
    inner: JsonValue = {key: value, "beside": "kept"}
    line = written(nested(depth, inner))
    assert_gone(secret, line)
    assert b'"beside":"kept"' in line


@given(key=st.sampled_from(KEYS), secret=awkward, depth=st.integers(0, 10))
def test_pairs_are_seen_as_names_and_values(key: str, secret: str, depth: int) -> None:
    """Headers as lists of two, forms as names and values, a command's arguments."""
    pairs: list[JsonValue] = [[[key, secret]], {"name": key, "value": secret}, ["run", f"--{key}", secret, "last"]]
    for pair in pairs:
        assert_gone(secret, written(nested(depth, pair)))


@given(secret=st.one_of(cards, tokens, cpfs), other=st.text(max_size=5))
def test_a_secret_that_is_a_key_is_gone(secret: str, other: str) -> None:
    """The members stay, as many as there were; a token can happen to spell a name, so that its value goes as well."""
    redacted = REDACTOR.redact({"event": "x", "by_card": {secret: 1, f"{secret} ": 2, f"o{other}": 3}})
    assert_gone(secret, orjson.dumps(redacted))
    assert isinstance(redacted["by_card"], dict)
    assert len(redacted["by_card"]) == 3


@pytest.mark.parametrize("key", PLAIN_KEYS)
def test_names_that_only_look_like_a_secrets_keep_their_value(key: str) -> None:
    """As a key of a record, beside a sign in a text, and in a repr."""
    record: Record = {"event": f"{key}=plain {key}: plain", "nested": {key: "plain"}, "text": repr({key: "plain"})}
    assert REDACTOR.redact(record) == record


@given(text=st.text("abcdefghij KLMNO.,;:=()[]{}'\"\\/\n-_", max_size=300))
def test_a_text_without_triggers_is_the_very_same(text: str) -> None:
    """Signs alone hide nothing."""
    record: Record = {"event": text, "field": [text], "path": text}
    assert REDACTOR.redact(record) is record


@given(
    numbers=st.lists(st.one_of(st.integers(0, 10**14 - 1), st.integers(10**16, 2**63 - 1), st.floats(allow_nan=False))),
    clock=st.integers(10**14, 10**16),
)
def test_numbers_are_no_cards(numbers: list[float], clock: int) -> None:
    """Sizes, clocks and measures stay; integers of fifteen and sixteen digits, too, where their name says a measure."""
    record: Record = {"event": "x", "list": [*numbers], "monotonic_ns": clock, "memory": {"used": {"bytes": clock}}}
    assert REDACTOR.redact(record) is record


@given(identifier=st.one_of(st.uuids().map(str), st.binary(min_size=16, max_size=16).map(bytes.hex)))
def test_ids_are_never_touched(identifier: str) -> None:
    """Under their names, in a path and in a message."""
    record: Record = {
        "event": f"order {identifier} sent",
        "request_id": identifier,
        "trace_id": identifier,
        "user_id": 4111111111111111,
        "path": f"/orders/{identifier}",
        "order": identifier,
    }
    assert REDACTOR.redact(record) is record


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.sampled_from(KEYS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=20), inner, max_size=4)
    ),
    max_leaves=20,
)
triggering = st.lists(
    st.one_of(
        st.sampled_from(
            [*KEYS, "=", ": ", '"', "'", "\\", "{", "[", "}", "]", "(", ")", "<", ">", "&", "%3D", "%22", "--"]
        ),
        st.sampled_from(
            ["Bearer ", "Basic ", "://u:", "@h", "[redacted]", "value", "name", " ", "\n", ",", "&quot;", "\\n"]
        ),
        cards,
        cpfs,
        tokens,
        words,
    ),
    max_size=14,
).map("".join)


@given(value=json_values)
def test_any_record_keeps_its_structure_and_nothing_raises(value: JsonValue) -> None:
    """What is replaced is replaced by text; a second time changes nothing; the record given is not changed."""
    record = clean_record({"event": "x", "field": value})
    before = orjson.dumps(record)
    redacted = REDACTOR.redact(record)
    assert orjson.dumps(record) == before
    assert next(iter(redacted)) == "event"
    assert REDACTOR.redact(redacted) == redacted


@given(text=triggering)
@example("52998224725=abc 00000000191==")
@example("password%3D>password")
def test_redacting_twice_changes_nothing(text: str) -> None:
    """What is written in place of a secret is no trigger itself, in texts full of triggers."""
    redactor = Redactor(RedactionOptions(emails=True, patterns=("Zq[a-z]+",)))
    once = redactor.redact({"event": text, "query": text, "path": text})
    assert redactor.redact(once) == once
