"""Secrets in clear text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.sites import Site, texts_in
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config import tree as syntax

_SECRET: Final = re.compile(r"(?:password|passphrase|api_key|cloud_auth|secret|secret_access_key|token)$")
_USERINFO: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/@\s:]+:([^/@\s]+)@", re.IGNORECASE)


def plain_secret(subject: Subject) -> Iterator[Found]:
    """Find passwords, keys and tokens that are written out, alone or in the address of a server."""
    for site in subject.sites:
        for attribute in site.node.attributes:
            yield from _secret(site, attribute)
            yield from _in_addresses(attribute)


def _secret(site: Site, attribute: syntax.Attribute) -> Iterator[Found]:
    value = attribute.value
    if _SECRET.search(attribute.name) and isinstance(value, syntax.String | syntax.Word) and "${" not in value.text:
        problem = f"the {attribute.name} of {site.name} stands here in clear text"
        yield Found(value.position, problem, _remedy(attribute.name))


def _in_addresses(attribute: syntax.Attribute) -> Iterator[Found]:
    for position, text in texts_in(attribute.value):
        found = _USERINFO.search(text)
        if found is not None and "${" not in found[1]:
            yield Found(position, "a password stands here in clear text, in an address", _remedy("password"))


def _remedy(name: str) -> str:
    return f'take it from the environment: "${{{name.upper()}}}"'
