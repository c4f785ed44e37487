"""What a source must know of where it runs. Pure: the room never reads settings or the environment itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deployment:
    """Addresses of services, the site's own names, and keys.

    `key` gives a key by the name of its variable, "" where there is none. `environment` is what processes of
    ours start with. Pages on `own_hosts` are never fetched.
    """

    brave_url: str = ""
    firecrawl_url: str = ""
    site_url: str = ""
    own_hosts: frozenset[str] = frozenset()
    environment: Mapping[str, str] = field(default_factory=dict)
    key: Callable[[str], str] = field(default=lambda _variable: "", repr=False)
