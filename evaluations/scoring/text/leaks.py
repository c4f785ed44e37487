"""What a server leaves in a text that no writer wrote: stop tokens, and a service's own marks."""

import re

from evaluations.scoring.text.markup import blank, without_service_marks

_STOP = (
    r"(?:<[|｜][^|｜<>\n]{1,40}[|｜]>|</?s>|</?INST>|\[/INST\]"
    r"|<(?:end_of_turn|start_of_turn|eos|bos|pad|unk|eot|eot_id|endoftext|im_end|end|EOT|EOS)>)"
)
# At an end or a beginning; in between they may be meant to be read as instructions.
_LAST = re.compile(rf"(?:\s*{_STOP}){{1,20}}\s*\Z")
_FIRST = re.compile(r"\A\s*(?:<s>|<bos>|<[|｜]begin[^|｜<>\n]{0,40}[|｜]>)")
_REACH = 1_000


def without_leaks(text: str) -> str:
    """The text with what its server leaked blanked; every other character keeps its place."""
    start = max(0, len(text) - _REACH)
    tail = _LAST.sub(blank, text[start:]) if ">" in text[start:] or "]" in text[start:] else text[start:]
    return without_service_marks(_FIRST.sub(blank, text[:start] + tail))
