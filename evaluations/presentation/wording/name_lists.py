"""Names in a sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


def name_list(names: Sequence[str]) -> str:
    """Names as they are listed in a sentence: "Ada", "Ada and Bea", "Ada, Bea and Cid"."""
    *before, last = names or [""]
    return _("{names} and {last}").format(names=", ".join(before), last=last) if before else last
