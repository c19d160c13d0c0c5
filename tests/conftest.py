"""Settings that every test shares."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A loaded machine is not a failing product: no deadline, no complaint about slow generation.
settings.register_profile("patience", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patience")
