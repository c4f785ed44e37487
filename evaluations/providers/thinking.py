"""What a model wrote, parted into its thinking and its report, where a server sends both in one text. Pure.

Servers that know a model's format send its thinking in a field of its own. Others hand on what the model wrote,
marks and all, and the same model would be read, scored and voted on by its thoughts.
"""

import re

NAMES = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad|seed:think|analysis"
# Where thinking begins, at the beginning of a line, and where it ends.
OPENING = re.compile(
    rf"<(?:{NAMES})(?:\s[^<>]{{0,100}})?>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|channel>thought|<\|START_THINKING\|>",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"</(?:{NAMES})>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<channel\|>|<\|END_THINKING\|>", re.IGNORECASE
)

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
    r"(?:<\|(?:im_end|eot_id|eom_id|end|endoftext|end_of_text|end_of_turn|return|eos|END_RESPONSE|END_OF_TURN_TOKEN)\|>"
    r"|<｜end▁of▁sentence｜>|</s>|<eos>|<end_of_turn>|<turn\|>)"
)
ENDED = re.compile(rf"{STOP}\Z")
LONGEST_STOP = 40  # characters
INVENTED = re.compile(rf"{STOP}\s*<\|(?:im_start|start_header_id|start)\|>")
BEGUN = re.compile(
    r"\A\s*(?:<\|(?:im_start|start)\|>\s*assistant\s*"
    r"|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|START_RESPONSE\|>|<s>)\s*"
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
    return without_stop(BEGUN.sub("", report)), thought


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
