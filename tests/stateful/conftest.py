"""The services of the fault tests."""

from tests.faults.conftest import one_authority, services

__all__ = ["one_authority", "services"]
