"""What kept HTML and kept cards are good for: whatever has another version is made again. Pure."""

RENDERER_VERSION = "6"
FORM = 8  # of a cached card


def version_for(scorer_version: str) -> str:
    """What is stored beside HTML whose marks come from this version of the scorer; "" for no marks."""
    return f"{RENDERER_VERSION}/{scorer_version}" if scorer_version else RENDERER_VERSION
