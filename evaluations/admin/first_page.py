"""The first page of the admin: what an editor should see before anything else."""

from typing import Any

from django.http import HttpRequest


def facts(request: HttpRequest) -> dict[str, Any]:
    """What the page shows."""
    return {}
