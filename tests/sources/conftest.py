"""The sandbox of the pipeline's tests."""

from tests.pipeline.conftest import quick_sandbox

__all__ = ["quick_sandbox"]
