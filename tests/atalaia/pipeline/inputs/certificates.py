"""Certificates for tests of TLS, made anew for each run."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

PASSPHRASE = "correct horse"  # noqa: S105 - of a key that lives as long as a test


@dataclass(frozen=True)
class Certificates:
    """A certificate authority with what it issued, as PEM files.

    Attributes:
        authority: The authority.
        directory: Where the files are.
    """

    authority: trustme.CA
    directory: Path

    @property
    def server(self) -> str:
        """The options of a server, its key protected by a passphrase."""
        return (
            f'ssl_enabled => true ssl_certificate => "{self.directory}/server.pem" '
            f'ssl_key => "{self.directory}/server.key" ssl_key_passphrase => "{PASSPHRASE}" '
        )

    @property
    def plain_key(self) -> str:
        """The options of a server whose key has no passphrase."""
        return (
            f'ssl_enabled => true ssl_certificate => "{self.directory}/server.pem" '
            f'ssl_key => "{self.directory}/plain.key" '
        )

    @property
    def authorities(self) -> str:
        """The option that trusts the authority."""
        return f'ssl_certificate_authorities => ["{self.directory}/ca.pem"] '

    def client(self, *, known: bool = False) -> ssl.SSLContext:
        """Return a client's context, with a certificate of its own when it is to be known."""
        context = ssl.create_default_context(cafile=str(self.directory / "ca.pem"))
        if known:
            context.load_cert_chain(self.directory / "client.pem", self.directory / "client.key")
        return context


def make_certificates(directory: Path) -> Certificates:
    """Write an authority, a server's certificate for 127.0.0.1 and localhost, and a client's."""
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    client = authority.issue_cert(common_name="sender, one", organization_name="Example")
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
    (directory / "server.pem").write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
    server.private_key_pem.write_to_path(str(directory / "plain.key"))
    key = load_pem_private_key(server.private_key_pem.bytes(), None)
    encryption = BestAvailableEncryption(PASSPHRASE.encode())
    (directory / "server.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    (directory / "client.pem").write_bytes(b"".join(blob.bytes() for blob in client.cert_chain_pems))
    client.private_key_pem.write_to_path(str(directory / "client.key"))
    return Certificates(authority, directory)
