"""Settings that every test shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from postgresql_server import Server, serving

# A loaded machine is not a failing product: no deadline, no complaint about slow generation.
settings.register_profile("patience", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patience")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of PostgreSQL; the test is skipped where there is none."""
    yield from serving()
