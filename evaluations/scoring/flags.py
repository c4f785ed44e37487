"""What an editor should look at before a report is shown, each with its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluations.scoring.documents import Document
from evaluations.scoring.report import LONGEST_REPORT, Sentence

_FAMILIES = (
    "claude|gpt(?:-?\\d[\\w.]*)?|chat ?gpt|gemini|gemma|bard|llama|mistral|mixtral|qwen|tongyi"
    "|kimi|moonshot|deepseek"
    "|grok|command[- ]r|phi-\\d|copilot|palm|ernie|nova|hunyuan|glm(?:-?\\d[\\w.]*)?|yi-\\d+b"
)
_MAKERS = (
    "openai|anthropic|google(?: deepmind)?|deepmind|meta(?: ai)?|mistral ai|alibaba(?: cloud)?"
    "|moonshot ai|x\\.?ai"
    "|cohere|microsoft|amazon|nvidia|zhipu(?: ai)?|tencent|baidu"
)
_IDENTITY = re.compile(
    rf"\b(?:i am|i['’]m|as|my name is|this is|je suis|soy|ich bin)\s+(?:an?\s+|the\s+)?"
    rf"(?:(?:ai|artificial intelligence)\s+(?:language\s+)?(?:model|assistant)\s+)?"
    rf"(?:called\s+|named\s+)?(?:{_FAMILIES})\b"
    rf"|\b(?:i am|i['’]m|as)\s+(?:an?\s+|the\s+)?(?:large\s+)?(?:ai|artificial intelligence|language|llm)"
    r"(?:\s+(?:language|large))?\s*(?:model|assistant|chatbot)?\b"
    rf"|\b(?:trained|developed|created|made|built|powered|written|generated)\s+by\s+(?:{_MAKERS}|{_FAMILIES})\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:i(?:['’]m| am)\s+(?:very\s+|so\s+)?sorry,?\s+(?:but\s+)?(?:i|as)\b"
    r"|i\s+(?:can(?:no|['’])t|am\s+(?:unable|not\s+able)\s+to|won['’]t|must\s+decline|have\s+to\s+decline)\s+"
    r"(?:\w+\s+){0,2}?(?:help|assist|provide|write|create|produce|generate|comply|fulfil?l|complete|answer|do\s+that|browse|access)"
    r"|i['’]m\s+(?:unable|not\s+able)\s+to\s+(?:help|assist|provide|write|create|produce|generate|comply|complete|answer)"
    r"|as\s+an?\s+ai\b[^.\n]{0,60}?\bi\s+(?:can(?:no|['’])t|am\s+(?:unable|not)))",
    re.IGNORECASE,
)
_INJECTED = re.compile(
    r"\b(?:(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|my\s+|every\s+|these\s+|those\s+)*"
    r"(?:previous|prior|above|earlier|preceding|system|other|original)\s+(?:instruction|prompt|message|rule|direction|command|text)s?"
    r"|(?:reveal|print|repeat|show)\s+(?:me\s+)?(?:your|the)\s+(?:system\s+)?(?:prompt|instructions|api\s+key)"
    r"|(?:dear\s+)?(?:readers?|voters?|users?|you)\s*(?:,|:|should|must|please|to)\s*(?:please\s+)?"
    r"(?:vote|click|visit|download|install|send|transfer|call|pay|buy|subscribe|enter|log\s?in|sign\s?in|paste|run)\b"
    r"|(?:please\s+)?vote\s+for\s+(?:this|me|us|report|model|option|answer)"
    r"|(?:click|tap)\s+(?:here|this\s+link|the\s+link|below)|(?:enter|confirm|verify|send)\s+your\s+"
    r"(?:password|e-?mail|card|credit\s+card|account|details|wallet|seed\s+phrase|pin)"
    r"|(?:run|paste|execute)\s+(?:this|the\s+following)\s+(?:command|code|script)"
    r"|new\s+(?:system\s+)?(?:instructions?|prompt)\s*:|you\s+are\s+now\s+(?:an?|in)\b|as\s+an?\s+(?:evaluator|judge|grader|scorer)\b)"
    r"|<\|?(?:system|im_start|im_end|endoftext|assistant|user)\|?>|\[/?INST\]|<script\b|javascript:",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"'`|\])]+|(?<=\]\()[^\s()]{1,500}", re.IGNORECASE)
_FINISHED = re.compile(r"[.!?…:;。！？।\"”»’')\]*_|`~\-]\s*$")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at: what it is, and the place in the report."""

    name: str
    start: int
    end: int
    text: str


def _flag(name: str, report: str, start: int, end: int) -> Flag:
    return Flag(name, start, end, report[start : min(end, start + 200)])


def find_flags(
    report: str,
    sentences: Sequence[Sentence],
    documents: Sequence[Document],
    *,
    finish_reason: str = "",
    own_names: Sequence[str] = (),
) -> tuple[Flag, ...]:
    """All flags of a report, in the order of their kinds and then of their places."""
    read = report[:LONGEST_REPORT]
    flags = [
        *_own_identity(read, own_names),
        *_matches("refusal", _REFUSAL, read),
        *_cut_off(report, finish_reason),
        *_repetition(report, sentences),
        *_unknown_links(read, documents),
        *_matches("injected_instruction", _INJECTED, read),
    ]
    if len(report) > LONGEST_REPORT:
        flags.append(_flag("too_long", report, LONGEST_REPORT, len(report)))
    return tuple(flags)


def _matches(name: str, pattern: re.Pattern[str], report: str) -> Iterator[Flag]:
    for count, match in enumerate(pattern.finditer(report)):
        if count == _MOST:
            return
        yield _flag(name, report, match.start(), match.end())


def _own_identity(report: str, own_names: Sequence[str]) -> Iterator[Flag]:
    """A model that says what it is, or names itself by any of its own names."""
    spans = {(match.start(), match.end()) for match in _IDENTITY.finditer(report)}
    for name in own_names:
        if name.strip():
            words = r"[\s\-_./:]*".join(re.escape(word) for word in re.findall(r"\w+", name))
            pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
            spans |= {(match.start(), match.end()) for match in pattern.finditer(report)} if words else set()
    for start, end in sorted(spans)[:_MOST]:
        yield _flag("own_identity", report, start, end)


def _cut_off(report: str, finish_reason: str) -> Iterator[Flag]:
    """Cut off by the token limit, or ending in the middle of a sentence of running text."""
    last = report.rstrip().rpartition("\n")[2]
    unfinished = (
        len(last.split()) >= 8 and not _FINISHED.search(last) and not last.lstrip().startswith(("#", "|"))
    )
    if finish_reason in ("length", "max_tokens") or (not finish_reason and unfinished):
        end = len(report.rstrip())
        yield _flag("cut_off", report, max(0, end - 80), end)


def _repetition(report: str, sentences: Sequence[Sentence]) -> Iterator[Flag]:
    """A sentence of at least five words that stands again; only its repetitions are marked."""
    seen: set[tuple[str, ...]] = set()
    count = 0
    for sentence in sentences:
        if len(sentence.words) >= 5 and sentence.words in seen and count < _MOST:
            count += 1
            yield _flag("repetition", report, sentence.start, sentence.end)
        seen.add(sentence.words)


def _plain_address(address: str) -> str:
    address = address.lower().rstrip(".,;:!?*_").partition("#")[0]
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", address).rstrip("/")


def _unknown_links(report: str, documents: Sequence[Document]) -> Iterator[Flag]:
    matches = list(_ADDRESS.finditer(report))
    if not matches:
        return
    known = {_plain_address(document.url) for document in documents if document.url}
    for document in documents:
        known |= {
            _plain_address(match.group()) for match in _ADDRESS.finditer(f"{document.title} {document.text}")
        }
    count = 0
    for match in matches:
        if _plain_address(match.group()) not in known and count < _MOST:
            count += 1
            yield _flag("unknown_link", report, match.start(), match.end())
