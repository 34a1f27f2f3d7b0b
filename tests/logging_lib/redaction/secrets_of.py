"""Secrets to plant and places to plant them, made without the library: check digits are computed a second way here."""

from __future__ import annotations

import base64
import json
import string
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

TOKEN_LETTERS = string.ascii_letters + string.digits
AWKWARD = string.ascii_letters + string.digits + "!#$*+-./:=?@^_|~ çãé\"'\\{}[](),;&<>%"
"""What a password can hold; in quotes all of it must go."""

KEYS = [
    *("password", "userPassword", "DB_PASSWORD", "password2", "passwd", "pwd", "db_pass", "senha", "novaSenha"),
    *("senha_atual", "minhasenha", "secret", "client_secret", "SECRET_KEY", "segredo", "token", "accessToken"),
    *("refresh-token", "X-Auth-Token", "X-CSRF-Token", "csrfmiddlewaretoken", "jwt", "api_key", "apiKey", "X-Api-Key"),
    *("APIKEY", "private_key", "aws_secret_access_key", "chave_api", "chave_de_acesso", "Authorization"),
    *("Proxy-Authorization", "HTTP_AUTHORIZATION", "Cookie", "Set-Cookie", "cookies", "session_id", "sessionid"),
    *("PHPSESSID", "connect.sid", "credentials", "credenciais", "cvv", "card_number", "creditCard", "numero_do_cartao"),
    *("cpf", "cpfCliente", "cnpj_empresa", "otp", "pin", "security_code", "codigo_de_seguranca", "X-Hub-Signature-256"),
]
"""Names of secrets in the spellings people use."""

PLAIN_KEYS = [
    *("token_count", "max_tokens", "author", "authority", "monkey", "keyboard", "key", "primary_key", "public_key"),
    *("passed", "passenger", "compass", "bypass_count", "passport_office", "session_duration", "sessions_total"),
    *("secretaria", "secretary", "resenha", "desenha", "tokenizer", "code", "status_code", "postcode", "pinned"),
    *("company", "panel", "cookie_consent", "cartao_bandeira", "card_brand", "expires", "token_expires_at"),
    *("password_length", "user_id", "event_id", "request_id", "trace_id", "timestamp", "mcp_file", "cardinality"),
]
"""Names that only look like it."""


def _weighted(values: list[int]) -> int:
    """Return the check digit by the rule of modulus 11 told the other way: multiply by ten, take the rest."""
    total = sum(value * (2 + place % 8) for place, value in enumerate(reversed(values)))
    return total * 10 % 11 % 10


def cnpj_of(body: str) -> str:
    """Return a CNPJ from its first twelve characters."""
    values = [int(character, 36) + (7 if character.isalpha() else 0) for character in body]
    first = _weighted(values)
    return f"{body}{first}{_weighted([*values, first])}"


def cpf_of(body: str) -> str:
    """Return a CPF from its first nine digits."""
    numbers = [int(digit) for digit in body]
    first = sum(number * place for place, number in enumerate(numbers, 1)) % 11 % 10
    second = sum(number * place for place, number in enumerate([*numbers, first])) % 11 % 10
    return f"{body}{first}{second}"


def card_of(body: str) -> str:
    """Return a card's number from all its digits but the last, by trying the ten."""

    def total(digits: str) -> int:
        odd, even = digits[-1::-2], digits[-2::-2]
        return sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)

    return next(body + last for last in string.digits if total(body + last) % 10 == 0)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=count, max_size=count)


cpfs = _digits(9).filter(lambda body: len(set(body)) > 1).map(cpf_of)
cnpjs = st.builds(
    lambda root, order: cnpj_of(root + order),
    st.text(string.digits + string.ascii_uppercase, min_size=8, max_size=8),
    st.sampled_from(["0001", "0002", "A1B2"]),
).filter(lambda number: not number.startswith(("19", "20")) and len(set(number)) > 1)
cards = st.one_of(
    st.builds(
        lambda prefix, rest: card_of((prefix + rest)[:15]), st.sampled_from(["4", "51", "2221", "6011"]), _digits(15)
    ),
    st.builds(lambda prefix, rest: card_of(prefix + rest), st.sampled_from(["34", "37"]), _digits(12)),
    st.builds(lambda rest: card_of("36" + rest), _digits(11)),
    st.builds(lambda rest: card_of("62" + rest), _digits(16)),
)
tokens = st.one_of(
    st.text(TOKEN_LETTERS, min_size=36, max_size=36).map("ghp_{}".format),
    st.text(TOKEN_LETTERS, min_size=60, max_size=60).map("github_pat_{}".format),
    st.text(string.ascii_uppercase + "234567", min_size=16, max_size=16).map("AKIA{}".format),
    st.text(TOKEN_LETTERS, min_size=24, max_size=24).map("sk_live_{}".format),
    st.text(TOKEN_LETTERS + "-", min_size=20, max_size=40).map("xoxb-{}".format),
    st.text(TOKEN_LETTERS + "_-", min_size=35, max_size=35).map("AIza{}".format),
    st.text(TOKEN_LETTERS + "_-", min_size=20, max_size=20).map("glpat-{}".format),
    st.tuples(*[st.text(TOKEN_LETTERS + "_-", min_size=12, max_size=40)] * 3).map(
        lambda parts: "eyJ" + ".".join(parts)
    ),
)
words = st.text(TOKEN_LETTERS + "!#$*@^~-_", min_size=9, max_size=30).map("Zq{}".format)
"""Passwords that stand without quotes."""
awkward = st.text(AWKWARD, min_size=9, max_size=30).map("Zq{}Zq".format)


def forms_of(secret: str) -> set[bytes]:
    """Return every form of a secret that must not be in a file."""
    escaped = json.dumps(secret)[1:-1]
    texts = {secret, escaped, json.dumps(escaped)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {quote(secret), quote(secret, safe=""), quote_plus(secret), quote(quote(secret, safe=""), safe="")}
    texts |= {repr(secret)[1:-1], base64.b64encode(f"user:{secret}".encode()).decode().rstrip("=")}
    return {text.encode() for text in texts}
