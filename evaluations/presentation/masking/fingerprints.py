"""Marks that one family of models leaves in its texts: citation marks, tokens of chats, a sender in a link. Pure."""

import re
from collections.abc import Iterator

from evaluations.presentation.masking.folding import fold
from evaluations.presentation.masking.sources import TRACKING, Sources

MARKS = re.compile(
    # OpenAI: 【4:0†source】, citeturn0search1 between private characters, :contentReference[oaicite:0]{index=0}.
    r"[ ]?【[^【】\n]{0,40}†[^【】\n]{0,80}】|[ ]?【\d{1,3}(?::\d{1,3})?】"
    r"|[\ue000-\uf8ff]?(?:file)?(?:nav)?cite[\ue000-\uf8ff]?(?:turn\d{1,3}[a-z]{1,10}\d{1,3}[\ue000-\uf8ff]?){1,20}"
    r"|(?<![^\W_])turn\d{1,3}(?:search|news|view|fetch|file|image|sports)\d{1,3}(?![^\W_])|[\ue200-\ue2ff]{1,20}"
    r"|[ ]?:?contentReference\[oaicite:\d{1,3}\](?:\{index=\d{1,3}\})?|[ ]?\[?oaicite:\d{1,3}\]?(?:\{index=\d{1,3}\})?"
    r"|sandbox:/mnt/data[^\s)\"'>]{0,200}|[ ]?\{\"?attribution\"?:[^{}\n]{0,200}\}"
    # Gemini: [cite_start], [cite: 1, 2]. Grok: its render cards.
    r"|[ ]?\[cite_(?:start|end)\]|[ ]?\[cite:[^\]\n]{0,60}\]|</?grok:[^<>\n]{0,300}>|grok_(?:card|render)[\w=:-]{0,60}"
    # Tokens of chat formats: ChatML, Llama, Mistral, Gemma, DeepSeek, and thinking spelled out.
    r"|<[|｜][^|｜<>\n]{1,60}[|｜]>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>(?:model|user)?"
    r"|</?(?:think|thinking|antthinking|antml:\w{1,30}|reasoning|scratchpad|answer_draft)>|\[THINK\]|\[/THINK\]"
    r"|[ ]?\[\^\d{1,3}\^\]"
)
PARAMETER = re.compile(r"[?&](?:amp;)?([\w-]{1,40})=([^&\s)#\]>\"']{0,300})")
SENDERS = re.compile(
    r"openai|chatgpt|gpt|perplexity|claude|anthropic|gemini|bard|copilot|grok|x\.ai|deepseek|mistral|qwen|kimi|moonshot"
    r"|meta\.?ai|you\.com|poe"
)

Cut = tuple[int, int, str]


def fingerprints(report: str, sources: Sources) -> Iterator[Cut]:
    """What to cut, and what stays in its place; marks that the sources use, too, are none."""
    for match in MARKS.finditer(report):
        if not sources.contain(match[0].strip()):
            yield match.start(), match.end(), ""
    for match in PARAMETER.finditer(report):
        if TRACKING.fullmatch(match[1]) and SENDERS.search(fold(match[2])):
            follows = report[match.end() : match.end() + 1] == "&"
            yield (match.start() + 1, match.end() + 1, "") if follows else (match.start(), match.end(), "")
