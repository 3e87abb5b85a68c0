"""Hypothesis profiles: `ci` is small and always the same, `faults` is the long run; a test marked `faults` takes it with `get_profile`."""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "faults", max_examples=10_000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# For runs that are meant to fail (tests/faults/test_guards.py): the first failure is enough.
settings.register_profile("roed", max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
settings.load_profile("ci")
