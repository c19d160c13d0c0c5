"""Settings that every test shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from postgresql_server import Server, serving

# A loaded machine is not a failing product: no deadline, no complaint about slow generation.
settings.register_profile("patience", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patience")


@pytest.fixture(autouse=True, scope="session")
def _a_cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Answers are kept nowhere that outlives the tests, and none is found that somebody else has kept."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of PostgreSQL; the test is skipped where there is none."""
    yield from serving()
