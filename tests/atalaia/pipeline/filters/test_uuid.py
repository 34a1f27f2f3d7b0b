"""The uuid filter."""

from __future__ import annotations

import uuid

from tests.atalaia.pipeline.filters.running import run_filter


def test_a_missing_id_is_made() -> None:
    """The id is a random UUID, of version 4."""
    made = run_filter('uuid { target => "id" }', {})["id"]
    assert isinstance(made, str)
    assert uuid.UUID(made).version == 4


def test_a_present_id_is_replaced_only_when_told() -> None:
    """Without ``overwrite`` the id stays."""
    assert run_filter('uuid { target => "id" }', {"id": "mine"})["id"] == "mine"
    assert run_filter('uuid { target => "id" overwrite => true }', {"id": "mine"})["id"] != "mine"
