"""What keys of the services we call look like: detect-secrets does not know them."""

import re

from detect_secrets.plugins.base import RegexBasedDetector


class ServiceKeyDetector(RegexBasedDetector):
    """Keys of OpenRouter, Brave, Firecrawl, Anthropic and OpenAI."""

    secret_type = "Key of a search or model service"  # noqa: S105  # pragma: allowlist secret
    denylist = (
        re.compile(r"\bsk-or-v1-[0-9a-f]{64}\b"),
        re.compile(r"\bBSA[0-9A-Za-z_-]{20,}"),
        re.compile(r"\bfc-[0-9a-f]{32}\b"),
        re.compile(r"\bsk-(?:ant|proj|svcacct)-[0-9A-Za-z_-]{40,}"),
    )
