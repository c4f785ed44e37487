"""What an editor should look at before a report is shown, each with its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluations.scoring.context.documents import Document
from evaluations.scoring.report import LONGEST_REPORT, MOST_SENTENCES, Sentence


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_FAMILY = (
    r"(?:claude|gpt(?:-?\d[\w.]*)?|chat ?gpt|gemini|gemma|llama|mistral|mixtral|qwen|kimi|moonshot"
    r"|deepseek|grok|command[- ]r|phi-\d|copilot|ernie|hunyuan|glm(?:-?\d[\w.]*)?)\b"
)
_MAKER = (
    r"(?:openai|anthropic|google(?: deepmind)?|deepmind|meta(?: ai)?|mistral ai|alibaba(?: cloud)?"
    r"|moonshot ai|x\.?ai|cohere|microsoft|amazon|nvidia|zhipu(?: ai)?|tencent|baidu)\b"
)
_MACHINE = r"(?:(?:large )?(?:ai|artificial intelligence|language)(?: language)? (?:model|assistant|chatbot)|llm)\b"
_I_AM = r"\b(?:i am|i['’]m|my name is|as) (?:an? |the )?"
_IDENTITY = _any_of(
    rf"{_I_AM}{_MACHINE}",
    rf"{_I_AM}(?:{_MACHINE} )?(?:called |named )?{_FAMILY}",
    r"\b(?:i am|i['’]m) an? (?:ai|artificial intelligence)\b"
    r"|\bas an (?:ai|artificial intelligence)(?:,| (?:trained|developed|created|made|built) by\b)",
    # A signature.
    rf"[-–—] ?{_FAMILY}[ *_.]*$",
    rf"\b(?:trained|developed|created|written|generated|powered) by {_FAMILY}",
    rf"\b(?:i am|i['’]m|i was|model|assistant)\b[^.\n]{{0,30}} "
    r"(?:trained|developed|created|made|built) by "
    rf"{_MAKER}",
)
_DECLINED = (
    r"(?:\w+ ){0,2}(?:help|assist|provide|write|create|produce|generate|comply|fulfil|complete|answer"
    r"|do that)"
)
_NAMED = _any_of(rf"\b{_FAMILY}", rf"\b{_MAKER}")
_REFUSAL = _any_of(
    r"\b(?:i['’]m|i am) (?:very |so )?sorry,? (?:but )?(?:i|as)\b",
    rf"\bi (?:can(?:no|['’])t|won['’]t|will not|(?:must |have to )?decline to) (?:be able to )?{_DECLINED}",
    rf"\b(?:i am|i['’]m) (?:unable|not able) to {_DECLINED}",
    r"\bi (?:do not|don['’]t) feel comfortable (?:with )?"
    rf"(?:{_DECLINED}|writing|providing|creating|producing|answering)",
)
# Every refusal has this word: most reports have none.
_SAYS_I = re.compile(r"\b[Ii]\b")
_ASKED_OF_READERS = (
    r"(?:vote|click|download|install|log ?in|sign ?in|paste|run|enter your|send your|transfer"
    r"|(?:choose|select|pick|rate|rank) this|visit (?:https?|www|this))\b"
)
_THIS = r"this (?:report|answer|response|text|summary)\b"
_JUDGES = r"(?:evaluators?|judges?|graders?|raters?|voters?|llms?|language models?|ai models?)\b"
_INJECTED = _any_of(
    r"\b(?:ignore|disregard|forget|override) (?:(?:all|any|the|your|my|every|these|those|of) ){0,4}"
    r"(?:previous|prior|above|earlier|preceding|system|other|original) "
    r"(?:instruction|prompt|message|direction|command)s?\b",
    r"\b(?:ignore|disregard|forget) (?:all|anything|everything) "
    r"(?:above|before this|that came before|you (?:were|have been))\b",
    r"\b(?:do not|don['’]t) (?:follow|obey) (?:the|your|any) (?:system |previous |other )?(?:prompt|instruction)s?\b",
    r"\b(?:reveal|print|repeat|show) (?:me )?(?:(?:your|the) (?:system prompt|api key)|your (?:prompt|instructions)"
    r"|the (?:prompt|instructions) (?:above|verbatim|you))\b",
    rf"\b(?:rate|score|rank|choose|pick|select|prefer) {_THIS}",
    rf"\bgive {_THIS} (?:(?:the|an?|full|top|your) ){{0,3}}"
    r"(?:highest|best|top|perfect|maximum|score|rating|marks?|points?|vote|\d+)",
    rf"\b(?:notes?|messages?|attention|instructions?) (?:to|for) (?:the |all |any )?{_JUDGES}",
    rf"\b(?:readers?|voters?|users?|judges?|evaluators?|you),? (?:should |must |please |need to |have to ){{1,2}}"
    rf"{_ASKED_OF_READERS}",
    r"\bvote for (?:me|us|this (?:report|model|answer|one|text))\b",
    r"\b(?:click|tap) (?:here|this link|the link|below)\b",
    r"\b(?:enter|confirm|verify|send) your "
    r"(?:password|e-?mail|card|credit card|account|wallet|seed phrase|pin)\b",
    r"\b(?:run|paste|execute) (?:this|the following) (?:command|code|script)\b",
    r"\bnew (?:system )?(?:instructions?|prompt):|\byou are now an?\b",
    r"<\|?(?:system|im_start|im_end|endoftext|assistant|user)\|?>|\[/?inst\]|<script\b|javascript:",
)
_SPACE = re.compile(r"[\n\t\xa0]")
# What stands between quotation marks is somebody else's "I am Claude" or "I cannot help".
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»\n]{2,400}[\"”»]")
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
    read = _SPACE.sub(" ", report[:LONGEST_REPORT])
    own_voice = _own_voice(report)
    flags = [
        *_own_identity(read, own_voice, own_names),
        *(_matches("refusal", _REFUSAL, own_voice) if _SAYS_I.search(own_voice) else ()),
        *_cut_off(report, finish_reason),
        *_repetition(report, sentences),
        *_unknown_links(read, documents),
        *_matches("injected_instruction", _INJECTED, read),
    ]
    end = sentences[-1].end if len(sentences) == MOST_SENTENCES else LONGEST_REPORT
    if len(report) > end:
        flags.append(_flag("too_long", report, end, len(report)))
    return tuple(flags)


def names_said(report: str) -> set[str]:
    """The families and makers of which a report says that it is theirs, in lower case without a version."""
    said = " ".join(match.group() for match in _IDENTITY.finditer(_own_voice(report)))
    return {re.sub(r"[-.\d ].*", "", match.group().lower()) for match in _NAMED.finditer(said)}


def _own_voice(report: str) -> str:
    """The report with what it quotes blanked, character by character."""
    return _SPACE.sub(" ", _QUOTED.sub(lambda match: '"' * len(match.group()), report[:LONGEST_REPORT]))


def _matches(name: str, pattern: re.Pattern[str], report: str) -> Iterator[Flag]:
    for count, match in enumerate(pattern.finditer(report)):
        if count == _MOST:
            return
        yield _flag(name, report, match.start(), match.end())


def _own_identity(report: str, own_voice: str, own_names: Sequence[str]) -> Iterator[Flag]:
    """A model that says what it is, or names itself by any of its own names."""
    spans = {(match.start(), match.end()) for match in _IDENTITY.finditer(own_voice)}
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
    unfinished = len(last.split()) >= 8 and not _FINISHED.search(last) and not re.match(r"\s*#|.*\|", last)
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
        known |= {_plain_address(match.group()) for match in _ADDRESS.finditer(f"{document.title} {document.text}")}
    count = 0
    for match in matches:
        if _plain_address(match.group()) not in known and count < _MOST:
            count += 1
            yield _flag("unknown_link", report, match.start(), match.end())
