"""What went wrong on the way to a receiver, in words a person can act on."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from atalaia.ship.outcome import Failed

_EXPIRED: Final = 10
_NOT_YET: Final = 9
_WRONG_HOST: Final = frozenset((62, 64))
_UNKNOWN: Final = frozenset((2, 18, 19, 20, 21))
"""Codes of X509_V_ERR_* (openssl/x509_vfy.h)."""


def trouble(where: str, error: BaseException) -> Failed:
    """Return what an error of a connection means.

    Args:
        where: The receiver, without credentials.
        error: What was raised; its causes are looked at, too.
    """
    for each in _chain(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return _untrusted(where, each)
        if isinstance(each, ssl.SSLError):
            return _no_tls(where, each)
        if isinstance(each, socket.gaierror):
            remedy = "" if each.errno == socket.EAI_AGAIN else "check the host in --to, and the DNS"
            return Failed(f"the name in {where} cannot be resolved: {each.strerror or each}", remedy)
        if isinstance(each, OSError) and each.errno:  # asyncio puts a text of its own in its strerror
            return Failed(f"{where} was not reached: {os.strerror(each.errno)}")
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return Failed(f"{where} was not reached: {said}")


def _untrusted(where: str, error: ssl.SSLCertVerificationError) -> Failed:
    said = error.verify_message.rstrip(".")
    if error.verify_code == _EXPIRED:
        return Failed(f"the certificate of {where} is not valid any more: {said}", "renew it on the receiver")
    if error.verify_code == _NOT_YET:
        return Failed(f"the certificate of {where} is not valid yet: {said}", "check the clocks")
    if error.verify_code in _WRONG_HOST:
        return Failed(f"the certificate of {where} is for another name: {said}", "correct the host in --to")
    if error.verify_code in _UNKNOWN:
        remedy = "name its authority with --ca; an untrusted receiver is never sent anything"
        return Failed(f"the certificate of {where} is from an unknown authority: {said}", remedy)
    return Failed(f"the certificate of {where} is not trusted: {said}", "see --ca")


def _no_tls(where: str, error: ssl.SSLError) -> Failed:
    said = str(error.reason or error).lower().replace("_", " ")
    if "wrong version number" in said or "record layer failure" in said:
        return Failed(f"{where} does not speak TLS: {said}", "check the scheme and the port in --to")
    if "alert" in said and ("certificate" in said or "unknown ca" in said):
        return Failed(f"{where} refuses this client's certificate: {said}", "see --cert and --key")
    return Failed(f"there is no TLS with {where}: {said}")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
