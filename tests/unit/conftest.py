"""Hypothesis profiles: `ci` is small and always the same, `faults` is the long run; a test marked `faults` takes it with `get_profile`."""

from hypothesis import HealthCheck, settings

settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "faults", max_examples=10_000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("ci")
