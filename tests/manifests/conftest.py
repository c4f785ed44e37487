"""Runs to export come from the sandbox, which answers at once."""

from tests.pipeline.conftest import quick_sandbox

__all__ = ["quick_sandbox"]
