"""Explanations are asked of every store."""

from __future__ import annotations

import pytest

from tests.store_conformance.backends import BACKENDS, BackendTest

_MARKS = {"elasticsearch": pytest.mark.elasticsearch}


@pytest.fixture(params=[pytest.param(name, marks=[_MARKS[name]] if name in _MARKS else []) for name in BACKENDS])
def backend(request: pytest.FixtureRequest) -> BackendTest:
    """Return the adapter of a backend."""
    name: str = request.param
    return BACKENDS[name](request)
