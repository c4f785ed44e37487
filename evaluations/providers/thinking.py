"""What a model wrote, parted into its thinking and its report, where a server sends both in one text. Pure.

Servers that know a model's format send its thinking in a field of its own. Others hand on what the model wrote,
marks and all, and the same model would be read, scored and voted on by its thoughts.
"""

import re

NAMES = (
    r"(?:[a-z]{1,12}[:_])?(?:think|thinking|thought|thoughts|reasoning)|reflection|scratchpad|analysis|inner_monologue"
)
TOKENS = "think|thinking|begin_of_thought|START_THINKING"
# Where thinking begins, at the beginning of a line, and where it ends.
OPENING = re.compile(
    rf"<(?:{NAMES})(?:\s[^<>]{{0,100}})?>|\[THINK\]|◁think▷|<\|(?:{TOKENS})\|>|<\|channel>thought|<unused94>thought",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"</(?:{NAMES})\s{{0,9}}>|\[/THINK\]|◁/think▷|<\|(?:/think|/thinking|end_of_thought|END_THINKING)\|>|<channel\|>"
    "|<unused95>",
    re.IGNORECASE,
)
# What some models put around all that follows their thinking.
WRAPPED = re.compile(r"\A<(answer|final_answer|response|output)>(.*)</\1>\Z", re.DOTALL | re.IGNORECASE)

# OpenAI's harmony: `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…<|return|>`,
# and what is left of it where a server swallows the marks.
CHANNEL = re.compile(
    r"<\|channel\|>\s*(\w+)[^<]{0,100}(?:<\|constrain\|>[^<]{0,100})?<\|message\|>"
    r"(.*?)(?=<\|end\|>|<\|return\|>|<\|call\|>|<\|start\|>|<\|channel\|>|\Z)",
    re.DOTALL,
)
SWALLOWED = re.compile(r"\A(?:analysis|commentary)(?=[A-Z\"'W]).*?assistant\s?final(?=\S|\s)", re.DOTALL)

# What a model writes to end its turn, and the turn that it invents where nobody stops it.
STOP = (
    r"(?:<\|[A-Za-z][A-Za-z0-9_]{1,40}\|>|<｜[A-Za-z▁]{1,40}｜>|</s>|<eos>|\[EOS\]|\[/INST\]|<turn\|>"
    r"|<end_of_(?:turn|utterance)>)"
)
ENDED = re.compile(rf"{STOP}(?:\s?(?:assistant|user))?\Z")
LONGEST_STOP = 60  # characters
INVENTED = re.compile(rf"{STOP}\s*(?:<\|(?:im_start|start_header_id|start|user)\|>|<start_of_turn>|\[INST\])")
BEGUN = re.compile(
    r"\A\s*(?:<\|(?:im_start|start)\|>\s*assistant\s*"
    r"|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|(?:START_RESPONSE|begin_of_solution)\|>|<s>|<think\s?/>)\s*"
)


def report_in(written: str) -> tuple[str, bool]:
    """The report in what a model wrote, without thinking and stop tokens, and whether there was any thinking."""
    text = BEGUN.sub("", written)
    if "<|channel|>" in text:
        report = "".join(said for name, said in CHANNEL.findall(text) if name == "final")
        thought = True
    else:
        report, thought = after_thinking(SWALLOWED.sub("", text))
        thought = thought or SWALLOWED.match(text) is not None
    report = without_stop(BEGUN.sub("", report))
    return (unwrap(report) if thought else report), thought


def unwrap(report: str) -> str:
    """What stands between the marks of an answer, where they are around all of it."""
    wrapped = WRAPPED.match(report)
    return wrapped[2].strip() if wrapped else report


def without_stop(text: str) -> str:
    """The text without the stop tokens at its end, and without a turn that was invented behind one."""
    if invented := INVENTED.search(text):
        text = text[: invented.start()]
    end = len(text.rstrip())
    while stop := ENDED.search(text, max(0, end - LONGEST_STOP), end):
        end = stop.start()
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end].strip()


def after_thinking(text: str) -> tuple[str, bool]:
    """What is left without blocks of thinking; one that never closes takes all that follows, and a lone closing
    mark all that stands before it."""
    kept, place, thought = [], 0, False
    while opening := opening_in(text, place):
        thought = True
        kept.append(text[place : opening.start()])
        closing = CLOSING.search(text, opening.end())
        place = closing.end() if closing else len(text)
    report = "".join([*kept, text[place:]])
    lone = list(CLOSING.finditer(report))
    return (report[lone[-1].end() :], True) if lone else (report, thought)


def opening_in(text: str, start: int) -> re.Match[str] | None:
    """The next mark of thinking that begins a line."""
    for found in OPENING.finditer(text, start):
        if not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip() or found.start() == start:
            return found
    return None
