"""A report that names its author is masked in what its readers see, and nothing else is."""

import html
import importlib
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.presentation.markdown import to_html
from evaluations.presentation.masking.folding import fold
from evaluations.presentation.masking.masks import MASK, apply_cuts, mask
from evaluations.presentation.masking.names import Author
from evaluations.presentation.masking.sources import Sources

seed: Any = importlib.import_module("evaluations.migrations.0003_seed")
SEEDED = [(name, model_id) for _, name, model_id, *_ in (*seed.ROSTER, *seed.SANDBOX_ROSTER)]
OTHERS = [
    ("Claude Opus 5", "anthropic/claude-opus-5"),
    ("GPT-5.1 mini", "openai/gpt-5.1-mini"),
    ("GPT-OSS 120B", "openai/gpt-oss-120b"),
    ("o3", "openai/o3"),
    ("Kimi K2", "moonshotai/kimi-k2"),
    ("K2 Think", "mbzuai/k2-think"),
    ("DeepSeek R1", "deepseek/deepseek-r1"),
    ("Grok 4.1 Fast", "x-ai/grok-4.1-fast"),
    ("Command R+", "cohere/command-r-plus"),
    ("GLM-4.6", "z-ai/glm-4.6"),
    ("Yi 34B", "01-ai/yi-34b"),
    ("Llama 3.3 70B", "meta-llama/llama-3.3-70b-instruct"),
    ("Nimbus 7B", "acmeai/nimbus-7b"),
    ("Our fine-tune", "ft:gpt-4o-mini"),
    ("Brief", "brief"),
    ("通义千问", "qwen/tongyi"),
]
ROSTER = SEEDED + OTHERS
NAMES = [name for name, _ in ROSTER]
STORY = "Rovers beat City 2-1 on Sunday through two goals by Ilic."

CLAUDE = Author("Claude Sonnet 4.5", "anthropic/claude-sonnet-4.5")
GPT = Author("GPT-5 mini", "openai/gpt-5-mini")
GEMINI = Author("Gemini 3 Pro", "google/gemini-3-pro")
LLAMA = Author("Llama 4 Scout", "meta-llama/llama-4-scout")
QWEN = Author("Qwen3 Max", "qwen/qwen3-max")
COMMAND = Author("Command R+", "cohere/command-r-plus")
GROK = Author("Grok 4", "x-ai/grok-4")
MISTRAL = Author("Mistral Large", "mistralai/mistral-large")
NOVA = Author("Nova Pro", "amazon/nova-pro-v1")
DEEPSEEK = Author("DeepSeek R1", "deepseek/deepseek-r1")
KIMI = Author("Kimi K2", "moonshotai/kimi-k2")


def masked(text: str, author: Author = CLAUDE, *told: str, addresses: tuple[str, ...] = ()) -> str:
    return mask(text, author, Sources((STORY, *told), addresses)).text


def in_view(text: str) -> str:
    """What a reader sees of the page that is made from this Markdown."""
    return html.unescape(re.sub(r"<[^>]*>", "", to_html(text)))


# Names in every form of the roster


def claims(name: str, model_id: str) -> str:
    last = model_id.rpartition("/")[2]
    return f"""\
I am {name}, and Rovers won.

As {model_id}, I say that Rovers won. As {last}, I do too.

{name}'s report. {name.replace(" ", "-")} wrote **{name.replace(" ", "** ", 1)}, {name.replace(" ", "_")}.
"""


CLAIMED = set(re.findall(r"\w+", "I am and Rovers won As say that do too s report wrote"))


def words_left(text: str) -> set[str]:
    return set(re.findall(r"\w+", text)) - CLAIMED


@pytest.mark.parametrize(("name", "model_id"), ROSTER, ids=NAMES)
def test_no_word_of_a_name_is_left(name: str, model_id: str) -> None:
    text = claims(name, model_id)
    shown = masked(text, Author(name, model_id))
    assert words_left(shown) == set()
    assert words_left(in_view(shown)) == set()
    assert words_left(text), "the control: unmasked they are there"


@pytest.mark.parametrize(("name", "model_id"), ROSTER, ids=NAMES)
def test_masks_of_all_names_look_alike(name: str, model_id: str) -> None:
    text = f"I am {name}, and Rovers won. {name}'s report."
    assert masked(text, Author(name, model_id)) == f"I am {MASK}, and Rovers won. {MASK}'s report."


@pytest.mark.parametrize(
    "said",
    ["Claude", "CLAUDE", "Claude 4.5 Opus", "Claude-3-7-sonnet-20250219", "Claude Opus 5 by Anthropic", "Sonnet 5.5",
     "claude.ai", "Claude\u20114", "Claude\u00a05", "Claude **5**", "Anthropic's Claude", "version 5.5"],
)  # fmt: skip
def test_a_family_goes_with_its_version_its_maker_and_its_other_models(said: str) -> None:
    shown = masked(f"I am Claude. Now {said} speaks: 3 goals.")
    assert re.fullmatch(rf"I am {MASK}\. Now {MASK}(?:'s {MASK}| by {MASK}|\*\*)?\**? speaks: 3 goals\.", shown), shown


@pytest.mark.parametrize(
    ("name", "model_id", "said"),
    [("House 1", "house", "a model trained by OpenAI"), ("Qwen3.8 Max", "qwen/q", "developed by Alibaba Cloud"),
     ("GLM-4.6", "z-ai/glm-4.6", "Claude 4")],
)  # fmt: skip
def test_what_a_report_says_of_its_origin_is_masked_even_where_it_is_not_in_the_name(name, model_id, said):
    text = f"I am an assistant {said}." if "Claude" not in said else f"I am {said}."
    shown = masked(text, Author(name, model_id))
    assert not re.search("openai|alibaba|cloud|claude|4", shown, re.IGNORECASE)
    assert MASK in shown


EVERYDAY = (
    "In brief: a slow start, a thorough plan, the large crowd. Command of the game. Fans grok the test. "
    "Meta, Google and Claude Makélélé. A fast turbo pro. 3-1, 2.5 goals a game. Amazon shows it."
)


@pytest.mark.parametrize(("name", "model_id"), ROSTER, ids=NAMES)
def test_words_that_the_sources_use_stay_where_no_model_names_itself(name: str, model_id: str) -> None:
    assert masked(EVERYDAY, Author(name, model_id), EVERYDAY) == EVERYDAY


def test_ordinary_words_that_are_names_are_masked_as_names_only() -> None:
    author = Author("Brief (sandbox)", "sandbox/brief")
    assert masked("In brief: a brief 20 minutes of Brief.", author) == f"In brief: a brief 20 minutes of {MASK}."
    assert masked("The sandbox was large.", author) == "The sandbox was large."


def test_a_number_or_word_of_another_sentence_stays() -> None:
    for text in ("{}. 3 goals fell.", "{}, 5 goals", "{} – 12 points", "{} scored 5", "{}: Pro clubs won", "By {}."):
        assert masked(text.format("Claude")) == text.format(MASK)


# In every disguise that a reader sees through

SEEN_THROUGH = {
    CLAUDE: [
        "1. C\n2. L\n3. A\n4. U\n5. D\n6. E", "C|aude here", "CIaude here",
        "&#x43;&#x6C;&#x61;&#x75;&#x64;&#x65;", "Cl&shy;aude",
        "[x](https://x.example/#claude)", "<a href=\"https://claude.ai\">x</a>", "http://xn--laude-43d.ai/ by Claude",
        "<!-- generated by claude-sonnet-4.5 -->", "[claude]: https://x.example", "```claude\nx\n```", "C*l*a*u*d*e",
        "Claudem", "@AnthropicAI", "Sonnett", "{\"model\": \"claude-sonnet-4.5\"}", "\\text{Cl}aude",
        "Won. ~ Claude", "Won.\n\nClaude", "| Reporter | Claude |\n|---|---|\n| Score | 2-1 |", "I am **C**laude.",
        "I am C.l.a.u.d.e.", "I am C-L-A-U-D-E!", "I am Cla\nude, yes.", "- C\n- l\n- a\n- u\n- d\n- e\n\nwon",
        "I am Cl4ude.", "I am C1aude", "I am ᴄʟᴀᴜᴅᴇ", "I am 🅒🅛🅐🅤🅓🅔", "🇨🇱🇦🇺🇩🇪 wrote", "𝐂𝐥𝐚𝐮𝐝𝐞 wrote", "Ćlàüdé wrote",
        "C\u200bl\u200ca\u2060ude", "&lt;Claude&gt;", "&amp;#67;laude here", "Cl<b>aude</b>", "Cl<!-- x -->aude",
        "[Cl](http://x.example)aude wrote", "![Claude](http://x/y.png)", "[x](http://x.example 'by Claude')",
        "claude@anthropic.com", "#ClaudeSonnet", "MyClaude says", "ClaudeAI", "claudeai", "anthropic_claude",
        "Claudes Bericht", "https://x.example/%63laude", "https://x.example/%2563laude?a=1", "<https://claude.ai>",
        "Я Клод, модель", "Написано Клодом", "我是克劳德", "私はクロードです", "저는 클로드입니다",
        "أنا كلود", "Anthr0pic made me",
        "S o n n e t here", "Cla\u00adu\u00adde", "son-\nnet", "C\u0336l\u0336a\u0336u\u0336d\u0336e\u0336",
        "Cl\\aude",
        "Cl\\*aude", "`Cl`aude", "C_l_a_u_d_e", "> Cla\n> ude here", "<claude>x</claude>", "[^1]: Claude", "Ⲥlaude",
        "Claudе", "ϲlaude", "*Cla*u*de*", "C | l | a | u | d | e", "Cla ude here", "anthropic.com/claude",
        "c\nl\na\nu\nd\ne",
        "\U000e0043\U000e006c\U000e0061\U000e0075\U000e0064\U000e0065 won",
    ],
    GPT: [
        "This is ChatGPT.", "Chat GPT wrote", "Chat-GPT", "G P T - 5", "Open AI", "OpenAI's model",
        "gpt5mini", "GPT‑5",
        "x citeturn0search1 y", "[a](https://n.example/x?utm_source=chatgpt.com)", "ChatGPT4o", "ЧатГПТ тут",
    ],
    GEMINI: ["As Google's model", "Gernini here", "G3m1n1 wrote", "I'm Gemini by Google DeepMind",
        "Deep Mind", "Bard here."],
    LLAMA: ["I'm LLaMA", "Meta AI", "MetaAI here", "I am Meta's model", "Llama 4 Scout"],
    QWEN: ["通义千问", "Alibaba Cloud", "Tongyi", "Qvven here", "阿里云"],
    COMMAND: ["I am Command R+.", "As Command, I say", "Cohere made me", "command-r-plus", "Written by Command"],
    GROK: ["Grok here.", "by grok", "Grok reports", "xAI", "x.ai", "https://x.ai/a"],
    MISTRAL: ["Mistral AI", "le chat Mistral", "mistralai"],
    NOVA: ["I am Nova.", "— Nova Pro", "Amazon Nova"],
    DEEPSEEK: ["DeepSeek-R1", "Deep Seek", "深度求索", "<think>x</think>"],
    KIMI: ["Kimi here", "I'm kimi", "Moonshot AI", "月之暗面"],
}  # fmt: skip
TELLING = {
    CLAUDE: "claude anthropic sonnet Клод 克劳德 クロード 클로드 كلود", GPT: "gpt openai turn0 ГПТ",
        GEMINI: "gemini google deepmind bard",
    LLAMA: "llama meta", QWEN: "qwen qvven 通义千问 阿里 alibaba tongyi", COMMAND: "command cohere", GROK: "grok xai",
    MISTRAL: "mistral", NOVA: "nova amazon", DEEPSEEK: "deepseek 深度 think", KIMI: "kimi moonshot 月之",
}  # fmt: skip


def told(text: str, author: Author) -> list[str]:
    """Telling words that are readable in a text, across markup, spaces and signs, too."""
    read = fold(text) + "\n" + re.sub(r"[\W_]", "", fold(text))
    return [word for word in map(fold, TELLING[author].split()) if word in read]


@pytest.mark.parametrize(
    ("author", "said"), [(author, said) for author, texts in SEEN_THROUGH.items() for said in texts]
)
def test_a_name_is_seen_through_every_disguise(author: Author, said: str) -> None:
    shown = masked(f"{STORY}\n\n{said}", author)
    assert told(shown, author) == told(in_view(shown), author) == []
    assert shown.startswith(STORY)


STAYS = [
    (CLAUDE, "Makélélé (Claude) scored. CLAUDE MAKÉLÉLÉ! Claude, 24, scored. It was Claude. Scorers: Claude, Ilic.",
     "Claude Makélélé scored for Rovers."),
    (CLAUDE, "“Claude is a legend,” said Ilic. As Claude scored, fans sang. Claude was trained by Smith.",
     "Claude Makélélé scored for Rovers."),
    (GEMINI, "By Sunday Google had bid. A bid made by Google. This is Google's bid. Google, an American company, bid.",
     "Meta and Google bid for the rights."),
    (LLAMA, "Meta's bid was 1bn, and Llama ran.", "Meta and Google bid. The mascot Llama ran."),
    (GPT, "Open air AI show. GP T. Smith. Open the gates.", ""),
    (COMMAND, "I am the commander-in-chief of this team.", ""),
    (LLAMA, "A single SCOUT went.", ""),
    (Author("Step 3", "stepfun-ai/step3"), "In step 3 they were a step ahead.", ""),
    (Author("Seed 1.6", "bytedance/seed-1.6"), "Second seed City lost.", ""),
    (CLAUDE,
     "Claude Makélélé scored. Claude then left. A goal by Claude. Assisted by Claude. This is Claude's third goal.",
     "Claude Makélélé scored. Then Claude left."),
    (CLAUDE, '"I am Claude," he said.', 'He said "I am Claude".'),
    (CLAUDE, "United, trained by Claude Makélélé, won. As Claude left, fans cheered.",
        "Claude Makélélé trains United."),
    (CLAUDE, "[Claude Makélélé](https://en.example/claude-makelele) scored", "Claude Makélélé scored"),
    (CLAUDE, "Son net worth. The cloud. Included. Laude. Claudel.", ""),
    (CLAUDE, "Rovers 2-1 【速報】 City", ""),
    (CLAUDE, "His magnum opus came late.", ""),
    (GEMINI, "Meta and Google bid. Google's offer was higher. As Google bid, Meta left. According to Google, it won.",
     "Meta and Google bid for the rights."),
    (GEMINI, "A report by Google said so.", "A report by Google said so."),
    (COMMAND, "Rovers took command of the game. Command of midfield mattered. In command.", ""),
    (NOVA, "A nova of talent. The pro game.", ""),
    (LLAMA, "A scout watched. The meta of the game.", ""),
    (LLAMA, "Llama, a dog mascot, ran. The llama ran.", "The mascot Llama ran."),
    (MISTRAL, "The mistral wind blew over Marseille as the Mistral picked up. Large crowds.",
     "The mistral wind blew. The Mistral picked up."),
    (GROK, "Fans grok the test.", ""),
    (KIMI, "Kimi Räikkönen waved.", "Kimi Räikkönen waved."),
    (GPT, "OpenAI sponsors the cup. The OpenAI Cup final was great. See [a](https://n.example/x).",
     "OpenAI sponsors the OpenAI Cup."),
    (GPT, "The mini tournament began in 5 days. Version 2 of the plan.", ""),
    (DEEPSEEK, "They had to think deep, seek wins.", ""),
    (QWEN, "Max Verstappen waved.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("author", "said", "source"), STAYS)
def test_what_the_sources_say_and_what_is_no_name_stays(author: Author, said: str, source: str) -> None:
    assert masked(said, author, source, addresses=("https://en.example/claude-makelele",)) == said


@pytest.mark.parametrize(
    "claim",
    ["I am Claude.", "My name is Claude.", "As Claude, I saw it.", "Report by Claude.", "This is Claude.",
    "Yours,\nClaude",
     "Author: Claude", "Claude here.", "Claude's summary", "Claude wrote this.", "Claude, an AI model", "— Claude",
     "Soy Claude.", "Je suis Claude.", "Ich bin Claude.", "Sono Claude.", "Eu sou Claude.", "Ik ben Claude.",
     "Jestem Claude.",
     "Ben Claude.", "Saya Claude.", "Я Claude.", "我是Claude。", "私はClaudeです", "저는 Claude입니다.",
     "أنا Claude.", "मैं Claude हूँ",
     "Escrito por Claude", "Verfasst von Claude", "Écrit par Claude", "Autor: Claude", "Автор: Claude",
     "作者：Claude"],
)  # fmt: skip
def test_a_name_that_the_sources_use_is_masked_beside_words_of_identity(claim: str) -> None:
    source = "Claude Makélélé scored for Rovers."
    text = f"Claude Makélélé scored. Claude left.\n\n{claim}\n\nThe end."
    assert masked(text, CLAUDE, source) == text.replace(claim, claim.replace("Claude", MASK))


def test_a_name_in_anothers_report_stays() -> None:
    assert masked("Claude Makélélé scored. Claude left.", GPT) == "Claude Makélélé scored. Claude left."


# Links

LINKS = {
    "https://claude.ai/report?by=claude": False,
    "https://x.example/%63laude": False,
    "https://x.example/%2563laude?a=1": False,
    "https://x.example/?m=Sonnet-5.5": False,
    "https://harbour.example/claudel": True,
    "https://harbour.example/news": True,
    "https://en.example/claude": True,
}


@pytest.mark.parametrize(("address", "stays"), LINKS.items())
def test_a_link_whose_address_tells_is_text(address: str, stays: bool) -> None:
    text = f"I am Claude, see [**my** page]({address}) and [Rovers](https://rovers.example/)."
    shown = masked(text, CLAUDE, addresses=("https://en.example/claude",))
    markup = to_html(shown)
    assert (f'href="{address}"' in markup) is stays
    assert (address in shown) is stays
    assert markup.count("<a ") == markup.count("</a>") == 1 + stays
    assert "<strong>my</strong> page" in markup
    if not stays:
        assert not re.search("laude|sonnet", markup + shown, re.IGNORECASE)


@pytest.mark.parametrize(
    ("address", "left"),
    [("https://n.example/a?utm_source=openai", "https://n.example/a"),
     ("https://n.example/a?utm_source=chatgpt.com&page=2", "https://n.example/a?page=2"),
     ("https://n.example/a?page=2&utm_source=openai", "https://n.example/a?page=2"),
     ("https://n.example/a?utm_source=newsletter", "https://n.example/a?utm_source=newsletter")],
)  # fmt: skip
def test_a_link_loses_the_sender_that_its_author_leaves_in_it_and_stays_a_link(address: str, left: str) -> None:
    assert masked(f"See [Source]({address}).", GPT) == f"See [Source]({left})."


def test_a_name_is_masked_across_tags_and_tags_stay_balanced() -> None:
    text = "I am **Claude** *Sonnet* `5.5`, see <https://claude.ai/>. Rovers & Co won."
    markup = to_html(masked(text))
    assert html.unescape(re.sub(r"<[^>]*>", "", markup)) == f"I am {MASK}, see {MASK}. Rovers & Co won.\n"
    assert "Rovers &amp; Co won." in markup


@pytest.mark.parametrize(
    ("text", "shown"),
    [("I am Cl*aude*.", f"I am {MASK}."), ("*By Cla*ude it is.", f"*By {MASK}* it is."),
     ("Cl*aude and Rovers* won.", f"*{MASK} and Rovers* won."), ("**Claude** won", f"**{MASK}** won"),
     ("Cl**aude** won. Claude. Claude", f"{MASK} won. {MASK}. {MASK}"), ("`claude-sonnet-4.5`", f"`{MASK}`")],
)  # fmt: skip
def test_markup_around_a_mask_stays_whole(text: str, shown: str) -> None:
    assert masked(text) == shown


# For every text


@pytest.mark.parametrize(
    "mark", ["【4:0†source】", ":contentReference[oaicite:0]{index=0}", "[cite: 1, 2]", "<|im_end|>"]
)
def test_marks_of_a_family_are_cut_except_where_the_sources_have_them(mark: str) -> None:
    assert masked(f"Rovers won{mark}.", GPT) == "Rovers won."
    assert masked(f"Rovers won{mark}.", GPT, f"As {mark} says") == f"Rovers won{mark}."


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["Claude", "Cl", "aude", "*", "**", "`", "[", "](", ")", "http://x.example/",
"Cl&#97;ude", "\n",
                                 "\n\n", " ", "<b>", "</b>", "I am ", "Сlaude", "4.5", "\\", "_", "|", "- ",
                                 " won "]),
                max_size=14))  # fmt: skip
def test_whatever_is_written_masking_ends_and_leaves_no_name(parts: list[str]) -> None:
    text = "".join(parts)
    found = mask(text, CLAUDE, Sources([STORY]))
    assert apply_cuts(text, found.cuts) == found.text
    assert mask(found.text, CLAUDE, Sources([STORY])).text == found.text, "masked once is masked"
    assert not re.search(r"(?<![^\W_])claude(?![^\W_])", fold(found.text))


HOSTILE = ["Claude ", "claude", "C l a u d e ", "I am ", "a ", "[a](b", "*", "Cl*", "https://", "&amp;",
"Claude.ai ", "((((",
           "\n", "i am claude by anthropic, ", "<a ", "【", "?utm_a=gpt", "﷽", "] ("]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_of_four_times_the_length_takes_no_more_than_a_few_times_as_long(piece: str) -> None:
    sources = Sources(["Claude Makélélé scored"])

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        mask(text, CLAUDE, sources)
        return time.process_time() - started

    seconds(1000)
    assert min(seconds(160_000) for _ in range(2)) < 10 * max(0.005, min(seconds(40_000) for _ in range(2)))
