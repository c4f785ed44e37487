"""The stand-in for Brave, in this process and behind Brave's wire. Pure: no Django."""

from typing import Any

import httpx

from .brave import Brave, freeze
from .deployment import Deployment
from .search import SearchSource

URL = "http://sandbox"
KEY = "sandbox"


async def connect(options: dict[str, Any], _deployment: Deployment) -> Brave:
    """A search in the sandbox's own library."""
    from evaluations.sandbox.app import create_app  # loaded only where it is asked: the library takes its time

    client = httpx.AsyncClient(transport=httpx.ASGITransport(create_app()))
    return Brave(client, URL, KEY, options["parameters"])


SOURCE = SearchSource(freeze, connect)
