"""What a page says of itself to machines: JSON-LD that names every report as machine-written (IPTC, schema.org)."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from evaluations.models import Run
from evaluations.presentation.links import absolute

MACHINE_WRITTEN = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
# What would end the element in which the document stands, or begin another one, whoever wrote the names in it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def linked_run(run: Run, headline: str, reports: Iterable[tuple[str, str]]) -> SafeString:
    """A run and its reports, given as name and anchor; of an open one the names are letters."""
    address = absolute(run.get_absolute_url())
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": headline,
        "url": address,
        "datePublished": run.published_at.isoformat() if run.published_at else None,
        "image": absolute(reverse("card", args=[run.pk])),
        "isPartOf": {"@type": "WebSite", "name": "Futbol Report", "url": absolute("")},
        "digitalSourceType": MACHINE_WRITTEN,
        "hasPart": [
            {
                "@type": "Report",
                "name": name,
                "url": f"{address}#{anchor}",
                "digitalSourceType": MACHINE_WRITTEN,
                "isBasedOn": absolute(reverse("context", args=[run.pk])),
            }
            for name, anchor in reports
        ],
    }
    if settings.PUBLISHER:
        document["publisher"] = {"@type": "Organization", "name": settings.PUBLISHER}
    return SafeString(json.dumps(document, ensure_ascii=False).translate(ESCAPES))
