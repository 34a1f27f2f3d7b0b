"""Which cluster ``atalaia elasticsearch`` talks to, as whom, and that no secret is shown."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from atalaia.cli.elastic_options import location_of
from atalaia.cli.main import main
from tests.analyzers.store.elastic.standin import Script, items, serving

_SECRET = "open-sesame"  # noqa: S105 - made up, to see that no message shows it


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of ours in the environment."""
    for name in ("ATALAIA_STORE", *(f"ATALAIA_ES_{each}" for each in ("API_KEY", "USER", "PASSWORD", "CA_CERTS"))):
        monkeypatch.delenv(name, raising=False)


def asked(*words: str) -> tuple[int, set[str | None]]:
    """Run ``status`` on a stand-in; return the exit status and the ``Authorization`` headers it saw."""
    script = Script(lambda ids: items(ids, lambda _: 201))
    with serving(script) as url:
        status = main(["elasticsearch", "status", "--elasticsearch", url, *words])
    return status, set(script.authorization)


def test_credentials_come_from_options_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key's file; a user with the password of the environment; both instead of a key that is set there."""
    key = tmp_path / "key"
    key.write_text("a2V5\n", encoding="ascii")
    assert asked("--api-key-file", str(key))[1] == {"ApiKey a2V5"}
    monkeypatch.setenv("ATALAIA_ES_PASSWORD", "osn")
    assert asked("--user", "ti")[1] == {"Basic dGk6b3Nu"}
    monkeypatch.setenv("ATALAIA_ES_API_KEY", "b3RoZXI=")
    assert asked("--user", "ti")[1] == {"Basic dGk6b3Nu"}
    assert asked("--api-key-file", str(key))[1] == {"ApiKey a2V5"}
    monkeypatch.setenv("ATALAIA_ES_USER", "ti")
    assert asked()[1] == {"ApiKey b3RoZXI="}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--user", "ti"), "there is no password for ti"),
        (("--user", "ti", "--api-key-file", "{key}"), "give one"),
        (("--api-key-file", "{empty}"), "does not hold one API key"),
        (("--api-key-file", "{binary}"), "cannot read an API key"),
        (("--ca-certs", "{key}.crt"), "there is no file"),
        (("--elasticsearch", "ftp://x"), "http(s)://host:port"),
        (("--elasticsearch", "http://127.0.0.1:9", "--ca-certs", "{key}"), "--ca-certs is for https://"),
        (("--elasticsearch", "http://ti:osn@127.0.0.1:9", "--user", "other"), "name different users"),
    ],
)
def test_a_mistake_is_one_line_without_the_secret(
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, what is wrong, and not what the key's file holds."""
    files = {"key": _SECRET.encode(), "empty": b"\n", "binary": bytes(range(256))}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paths = {name: str(tmp_path / name) for name in files}
    typed = [word.format(**paths) for word in words]
    address = [] if "--elasticsearch" in typed else ["--elasticsearch", "https://127.0.0.1:9"]
    assert main(["elasticsearch", "status", *address, *typed]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert _SECRET not in error


def test_the_authority_is_the_named_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over TLS a key is sent only to a server whose certificate the named authority signed."""
    ours, other = trustme.CA(), trustme.CA()
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.issue_cert("127.0.0.1").configure_cert(secured)
    for name, authority in (("ours", ours), ("other", other)):
        authority.cert_pem.write_to_path(tmp_path / name)
    (tmp_path / "key").write_text("a2V5", encoding="ascii")
    seen: dict[str, set[str | None]] = {}
    for name in ("ours", "other"):
        script = Script(lambda ids: items(ids, lambda _: 201))
        with serving(script, secured) as url:
            words = [
                "--elasticsearch",
                url,
                "--ca-certs",
                str(tmp_path / name),
                "--api-key-file",
                str(tmp_path / "key"),
            ]
            main(["elasticsearch", "status", *words])
        seen[name] = set(script.authorization)
    assert seen == {"ours": {"ApiKey a2V5"}, "other": set()}
    assert "no trusted connection" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("addresses", "environment", "location"),
    [
        ((), {}, "http://127.0.0.1:9200"),
        ((), {"ATALAIA_STORE": "./web"}, "http://127.0.0.1:9200"),
        ((), {"ATALAIA_STORE": "https://a,b"}, "https://a,b"),
        (("http://a", "http://b"), {"ATALAIA_STORE": "https://c"}, "http://a,http://b"),
    ],
)
def test_the_cluster_is_the_named_one_or_the_store_s(
    addresses: tuple[str, ...], environment: dict[str, str], location: str
) -> None:
    """The option, else ``ATALAIA_STORE`` when it is an address, else the port of the local server."""
    assert location_of(addresses, environment) == location


def test_a_request_takes_no_longer_than_the_environment_allows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``ATALAIA_ES_REQUEST_SECONDS`` holds here too: a server that never answers is given up, with the remedy."""
    monkeypatch.setenv("ATALAIA_ES_REQUEST_SECONDS", "0.2")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert main(["elasticsearch", "status", "--elasticsearch", f"http://127.0.0.1:{silent.getsockname()[1]}"]) == 2
    assert "did not answer within 0.2 s; ask for less at once, or allow more" in capsys.readouterr().err
