"""``atalaia serve``: what is said of a token's file before the site is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atalaia.cli.conftest import Run


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o644, True), (0o640, True)])
def test_a_token_that_others_can_read_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, *, is_told: bool
) -> None:
    """Whoever can read it could sign in: that is said with the remedy, also of a token that is refused."""
    token = tmp_path / "token"
    token.write_text("short\n", encoding="utf-8")
    token.chmod(mode)
    assert run("serve", "--token-file", str(token)) == 2
    err = capsys.readouterr().err
    assert "the token has 5 characters" in err
    assert (f"others can read the token in {token}; run: chmod 600 {token}" in err) is is_told
