"""The words that names of secrets are made of. ``keys`` says how they are used."""

from __future__ import annotations

import re
from itertools import product
from typing import Final


def _each(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


STEM: Final = re.compile(
    r"passw|passphrase|passcode|(?<!re)(?<!de)senha|secret(?!ar|ion|ly)|segredo|token(?!i[sz]|om)|credential"
    r"|credencia(?:l|is)|authori[sz]ation|autorizacao|cookie|jwt|[cx]srf|bearer|sess(?:ion|ao)?id|sessionkey"
    r"|(?:api|access|secret|private|priv|encryption|signing|ssh|master|shared|account|auth)_?key(?:s|$)"
    r"|^(?:cpf|cnpj)|(?:cpf|cnpj)$|creditcard|card(?:number|num)|ccnum"
)
"""Found anywhere in one word, so that ``userpassword`` and ``minhasenha`` match; not ``resenha``, ``secretaria``."""

ENDINGS: Final = _each(
    "pass passwd pwd auth pin otp totp hotp cvv cvc csc session sessao sess sig signature pan cartao ssn"
)
"""Words that make a secret's name as its last word: ``db_pass``, ``x_hub_signature``."""

WHOLE: Final = frozenset({"sid"})
"""Words that are a secret's name by themselves."""

QUERY_NAMES: Final = frozenset({"key", "code", "chave"})
"""Secrets as the name of a query's parameter only: OAuth's ``code``; elsewhere they are a dictionary's or a status."""

VALUE_NAMES: Final = frozenset({"value", "valor"})
"""Hold the secret where a neighbour holds its name: ``{"name": "password", "value": "..."}``."""

NAME_NAMES: Final = ("name", "key", "field", "header", "nome", "chave", "campo")
"""Hold the name in such a pair."""

PLURALS: Final = _each("tokens sessions sessoes passwords senhas secrets segredos cookies keys pass credentials")
"""Last words that can be a count: a number under them stays."""

FILLERS: Final = _each("a as da das de do dos e em of o os the x http connect")
"""Words that say nothing."""

COUNTING: Final = _each("max min num n nr count total qtd quantidade avg mean sum")
"""First words of names of measures: ``max_tokens``."""

ABOUT: Final = _each(
    """
    age alg algorithm algoritmo at attempts banner bytes changed consent cost count counts created date duracao
    enabled disabled endpoint error errors expira expiracao expiration expires expire expired expiry failed failures
    field fields format formato hint hits index invalid invalida issued issuer kind len length lifetime limit limite
    match max message method min mode ms name names nome ns policy position price provider quantidade qtd rate reason
    remaining required obrigatoria rotation scope scopes seconds size start started state status strength tamanho
    tentativas time timeout timestamp tipo total ttl type types updated usage used valid valida validade version
    """
)
"""Last words that say something about a secret and are none."""

PAIRS: Final = frozenset(
    [
        *product(
            _each(
                "api app access secret private priv encryption encrypt signing sign ssh master shared account auth"
                " session service hmac aes rsa crypto storage consumer webhook deploy license client gpg pgp"
            ),
            ("key", "keys"),
        ),
        *product(("chave", "chaves"), _each("api privada secreta acesso pix mestra criptografia sessao")),
        *product(_each("card credit cc cartao"), _each("number num numero no nr card")),
        *product(_each("numero num nro nr"), ("cartao",)),
        *product(("cartao",), ("credito", "debito")),
        *product(
            _each("security verification access auth recovery backup reset sms otp mfa pin card confirmation"),
            ("code", "codes"),
        ),
        *product(("codigo", "codigos"), _each("seguranca verificacao acesso recuperacao confirmacao sms")),
        *product(_each("session sessao"), _each("id key data cookie hash value")),
        *product(("auth",), _each("header key string data value hash")),
        ("pass", "word"),
        ("pass", "phrase"),
        ("assinatura", "digital"),
    ]
)
"""Two words in a row, fillers left out, that make a secret's name wherever they stand in it."""

MEASURES: Final = _each(
    """
    bytes byte size tamanho ns us nanos nanoseconds micros microseconds ms millis seconds time tempo timestamp clock
    duration duracao count contador total sum offset position inode id ids seq sequence version memory disk used free
    available limit rss vms counter ticks hash seed
    """
)
"""Words of names whose integers are measures or ids, and so no card's number."""
