"""TLS as Logstash's network plugins configure it, on Python's ``ssl``.

Source: the options ``ssl_*`` of logstash-input-tcp 7, logstash-input-http 4 and logstash-mixin-http_client 7.
"""

from __future__ import annotations

import logging
import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from atalaia.pipeline.network.cipher_suites import TLS_1_3, openssl_ciphers
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Flag, PluginOptions, Text, Texts

_LOGGER: Final = logging.getLogger(__name__)
_VERSIONS: Final = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
_VERIFY: Final = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}


class TlsOptions(PluginOptions):
    """The options of TLS that inputs and outputs share.

    Attributes:
        ssl_enabled: Whether TLS is used.
        ssl_certificate: The certificate to present, a PEM file; those of its issuers may follow in it.
        ssl_key: Its key, a PEM file.
        ssl_certificate_authorities: PEM files with the authorities that are trusted.
        ssl_supported_protocols: ``TLSv1.2``, ``TLSv1.3``; both when empty.
        ssl_cipher_suites: Suites by Java's names, by priority; OpenSSL's choice when empty.
    """

    ssl_enabled: Flag = False
    ssl_certificate: Text | None = None
    ssl_key: Text | None = None
    ssl_certificate_authorities: Texts = ()
    ssl_supported_protocols: Texts = ()
    ssl_cipher_suites: Texts = ()


class JavaStoreOptions(PluginOptions):
    """Options that name Java key stores; they are refused.

    Attributes:
        ssl_keystore_path: A store with certificate and key, in Java's form or PKCS#12.
        ssl_keystore_password: Its password.
        ssl_keystore_type: Its form.
        ssl_truststore_path: A store with the authorities that are trusted.
        ssl_truststore_password: Its password.
        ssl_truststore_type: Its form.
    """

    ssl_keystore_path: Text | None = None
    ssl_keystore_password: Text | None = None
    ssl_keystore_type: Text | None = None
    ssl_truststore_path: Text | None = None
    ssl_truststore_password: Text | None = None
    ssl_truststore_type: Text | None = None


def refuse_java_stores(options: JavaStoreOptions) -> None:
    """Refuse options that name Java key stores.

    Raises:
        OptionError: When one is given.
    """
    for option in sorted(options.model_fields_set & JavaStoreOptions.model_fields.keys() - {"id", "enable_metric"}):
        other = "ssl_certificate_authorities" if "trust" in option else "ssl_certificate and ssl_key"
        remedy = f"export it to PEM (openssl pkcs12 -in STORE -out FILE -nodes) and write {other}"
        raise OptionError(option, "key stores are not supported", remedy, unsupported=True)


def warn_of_unused(plugin: str, options: TlsOptions) -> None:
    """Say, as Logstash does, which options have no effect because TLS is not enabled."""
    unused = sorted(name for name in options.model_fields_set if name.startswith("ssl_") and name != "ssl_enabled")
    if unused and not options.ssl_enabled:
        _LOGGER.warning("%s: ssl_enabled is false, so these have no effect: %s", plugin, ", ".join(unused))


def server_context(
    options: TlsOptions,
    authentication: str,
    directory: Path,
    *,
    passphrase: str | None,
    chain: Iterable[str] = (),
) -> ssl.SSLContext:
    """Return the TLS context of a server.

    Args:
        options: The options; ``ssl_certificate`` and ``ssl_key`` are needed.
        authentication: Of clients: ``none``, ``optional`` or ``required``.
        directory: Where relative paths start.
        passphrase: Of the key.
        chain: Further PEM files with certificates to present.

    Raises:
        OptionError: When an option is missing, wrong or cannot be honoured.
    """
    if options.ssl_certificate is None:
        raise OptionError("ssl_certificate", "it is needed with ssl_enabled => true", "name a PEM file")
    if authentication not in _VERIFY:
        raise OptionError("ssl_client_authentication", f"{authentication!r} is none of {', '.join(_VERIFY)}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = _VERIFY[authentication]
    if options.ssl_certificate_authorities:
        _trust(context, options.ssl_certificate_authorities, directory)
    elif authentication != "none":
        context.load_default_certs(ssl.Purpose.CLIENT_AUTH)
    _configure(context, options, directory, passphrase, chain)
    return context


def client_context(
    options: TlsOptions,
    directory: Path,
    *,
    verification: str,
    passphrase: str | None = None,
    chain: Iterable[str] = (),
) -> ssl.SSLContext:
    """Return the TLS context of a client; the system's authorities are trusted when none are named.

    Args:
        options: The options.
        directory: Where relative paths start.
        verification: Of the server's certificate: ``full`` or ``none``.
        passphrase: Of the key.
        chain: Further PEM files with certificates to present.

    Raises:
        OptionError: When an option is wrong or cannot be honoured.
    """
    if verification not in ("full", "none"):
        raise OptionError("ssl_verification_mode", f"{verification!r} is none of full, none")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if verification == "none":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif options.ssl_certificate_authorities:
        _trust(context, options.ssl_certificate_authorities, directory)
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    _configure(context, options, directory, passphrase, chain)
    return context


def _configure(
    context: ssl.SSLContext, options: TlsOptions, directory: Path, passphrase: str | None, chain: Iterable[str]
) -> None:
    _set_versions(context, options.ssl_supported_protocols)
    _set_ciphers(context, options.ssl_cipher_suites)
    if (options.ssl_certificate is None) != (options.ssl_key is None):
        given, other = (
            ("ssl_key", "ssl_certificate") if options.ssl_certificate is None else ("ssl_certificate", "ssl_key")
        )
        raise OptionError(given, f"it needs {other} too", f"write {other}")
    if options.ssl_certificate is not None and options.ssl_key is not None:
        certificates = [_read("ssl_certificate", options.ssl_certificate, directory)]
        certificates += [_read("ssl_extra_chain_certs", name, directory) for name in chain]
        _read("ssl_key", options.ssl_key, directory)
        _load(context, b"\n".join(certificates), directory / options.ssl_key, passphrase)


def _load(context: ssl.SSLContext, certificates: bytes, key: Path, passphrase: str | None) -> None:
    """Load a chain and its key; OpenSSL reads files only, and would ask a terminal for a passphrase it misses."""
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(certificates)
        file.flush()
        try:
            context.load_cert_chain(file.name, key, lambda: passphrase or "")
        except (ssl.SSLError, ValueError) as error:
            problem = f"the certificate and this key cannot be used: {error}"
            raise OptionError(
                "ssl_key", problem, "name PEM files that belong together, and ssl_key_passphrase"
            ) from error


def _trust(context: ssl.SSLContext, names: Iterable[str], directory: Path) -> None:
    for name in names:
        _read("ssl_certificate_authorities", name, directory)
        try:
            context.load_verify_locations(directory / name)
        except ssl.SSLError as error:
            option = "ssl_certificate_authorities"
            raise OptionError(option, f"{name} holds no certificate: {error.reason}", "name a PEM file") from error


def _read(option: str, name: str, directory: Path) -> bytes:
    try:
        return (directory / name).read_bytes()
    except OSError as error:
        raise OptionError(option, f"{name} cannot be read: {error.strerror}", "check the path") from error


def _set_versions(context: ssl.SSLContext, names: Iterable[str]) -> None:
    versions = []
    for name in names:
        if name not in _VERSIONS:
            known = ", ".join(_VERSIONS)
            problem = (
                f"{name} is not supported: OpenSSL has it switched off" if name == "TLSv1.1" else f"{name!r} is unknown"
            )
            raise OptionError("ssl_supported_protocols", problem, f"choose of {known}", unsupported=name == "TLSv1.1")
        versions.append(_VERSIONS[name])
    context.minimum_version = min(versions, default=ssl.TLSVersion.TLSv1_2)
    context.maximum_version = max(versions, default=ssl.TLSVersion.TLSv1_3)


def _set_ciphers(context: ssl.SSLContext, suites: tuple[str, ...]) -> None:
    """Choose the suites; which versions of TLS are left follows from them."""
    if not suites:
        return
    older = openssl_ciphers("ssl_cipher_suites", suites)
    if older:
        try:
            context.set_ciphers(older)
        except ssl.SSLError as error:
            raise OptionError(
                "ssl_cipher_suites", f"OpenSSL has none of them: {error.reason}", unsupported=True
            ) from error
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if not TLS_1_3.intersection(suite.upper() for suite in suites):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if context.minimum_version > context.maximum_version:
        raise OptionError("ssl_cipher_suites", "none of them belongs to a version of TLS that is allowed")
