"""What gives a report's author away is masked while votes are open: in the page, on the ballot and in the API."""

import csv
import html
import importlib
import io
import re
from typing import Any

import pytest
from django.test import Client

from evaluations.models import Report, Run
from evaluations.presentation.markdown import to_html
from evaluations.presentation.masking import MASK, Author, Mask
from evaluations.scoring.flags import find_flags
from evaluations.scoring.measures import own_names
from tests.factories import make_evaluation, make_run

seed: Any = importlib.import_module("evaluations.migrations.0003_seed")
SEEDED = [(slug, name, model_id) for slug, name, model_id, *_ in (*seed.ROSTER, *seed.SANDBOX_ROSTER)]
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
ROSTER = [(name, model_id) for _, name, model_id in SEEDED] + OTHERS
NAMES = [name for name, _ in ROSTER]


def claims(name: str, model_id: str) -> str:
    last = model_id.rpartition("/")[2]
    return f"""\
I am {name}, and Rovers won.

As {model_id}, I say that Rovers won. As {last}, I do too.

{name}'s report. {name.replace(" ", "-")} wrote **{name.replace(" ", "** ", 1)}, {name.replace(" ", "_")}.
"""


def mask_of(name: str, model_id: str, text: str) -> Mask:
    flags = find_flags(text, [], [], own_names=own_names(name, model_id))
    return Mask([Author(name, model_id, text, any(flag.name == "own_identity" for flag in flags))])


CLAIMED = set(re.findall(r"\w+", "I am and Rovers won As say that do too s report wrote"))


def words_left(text: str) -> set[str]:
    return set(re.findall(r"\w+", text)) - CLAIMED


def shown(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize(("name", "model_id"), ROSTER, ids=NAMES)
def test_no_word_of_a_name_is_left(name: str, model_id: str) -> None:
    text = claims(name, model_id)
    mask = mask_of(name, model_id, text)
    assert words_left(mask.in_text(text)) == set()
    assert words_left(shown(mask.in_html(to_html(text)))) == set()
    assert not find_flags(mask.in_text(text), [], [], own_names=own_names(name, model_id))
    assert words_left(text), "the control: unmasked they are there"


@pytest.mark.parametrize(("name", "model_id"), ROSTER, ids=NAMES)
def test_masks_of_all_names_look_alike(name: str, model_id: str) -> None:
    text = f"I am {name}, and Rovers won. {name}'s report."
    assert mask_of(name, model_id, text).in_text(text) == f"I am {MASK}, and Rovers won. {MASK}'s report."


@pytest.mark.parametrize(
    "said",
    ["Claude", "CLAUDE", "Claude 4.5 Opus", "Claude-3-7-sonnet-20250219", "Claude Opus 5 by Anthropic", "Sonnet 5.5",
     "claude.ai", "Claude\u20114", "Claude\u00a05", "Claude **5**", "Anthropic's Claude", "version 5.5"],
)  # fmt: skip
def test_a_family_goes_with_its_version_its_maker_and_its_other_models(said: str) -> None:
    text = f"I am Claude. Now {said} speaks: 3 goals."
    masked = mask_of("Claude Sonnet 5.5", "anthropic/claude-sonnet-5.5", text).in_text(text)
    assert re.fullmatch(rf"I am {MASK}\. Now {MASK}(?:'s {MASK}| by {MASK})?\**? speaks: 3 goals\.", masked), masked


@pytest.mark.parametrize(
    ("name", "model_id", "said"),
    [("House 1", "house", "a model trained by OpenAI"), ("Qwen3.8 Max", "qwen/q", "developed by Alibaba Cloud"),
     ("GLM-4.6", "z-ai/glm-4.6", "Claude 4")],
)  # fmt: skip
def test_what_a_report_says_of_its_origin_is_masked_even_where_it_is_not_in_the_name(name, model_id, said):
    text = f"I am an assistant {said}." if "Claude" not in said else f"I am {said}."
    masked = mask_of(name, model_id, text).in_text(text)
    assert not re.search("openai|alibaba|cloud|claude|4", masked, re.IGNORECASE)
    assert MASK in masked


EVERYDAY = (
    "In brief: a slow start, a thorough plan, the large crowd. Command of the game. Fans grok the test. "
    "Meta, Google and Claude Makélélé. A fast turbo pro. 3-1, 2.5 goals a game. Amazon shows it."
)


def test_ordinary_words_stay_where_no_model_names_itself() -> None:
    authors = [Author(name, model_id, EVERYDAY, False) for name, model_id in ROSTER if name != "Brief"]
    assert Mask(authors).in_text(EVERYDAY) == EVERYDAY
    assert Mask(authors).in_html(to_html(EVERYDAY)) == to_html(EVERYDAY)


def test_ordinary_words_that_are_names_are_masked_as_names_only() -> None:
    mask = Mask([Author("Brief (sandbox)", "sandbox/brief", "I am Brief (sandbox).", False)])
    assert mask.in_text("In brief: a brief 20 minutes of Brief.") == f"In brief: a brief 20 minutes of {MASK}."
    assert mask.in_text("The sandbox was large.") == "The sandbox was large."


def test_a_number_or_word_of_another_sentence_stays() -> None:
    mask = Mask([Author("Claude Sonnet 5.5", "anthropic/claude-sonnet-5.5", "I am Claude.", True)])
    for text in ("{}. 3 goals fell.", "{}, 5 goals", "{} – 12 points", "{} scored 5", "{}: Pro clubs won", "By {}."):
        assert mask.in_text(text.format("Claude")) == text.format(MASK)


LINKS = {
    "https://claude.ai/report?by=claude": False,
    "https://x.example/%63laude": False,
    "https://x.example/%2563laude?a=1": False,
    "https://x.example/?m=Sonnet-5.5": False,
    "https://harbour.example/claudel": True,
    "https://harbour.example/news": True,
}


@pytest.mark.parametrize(("address", "stays"), LINKS.items())
def test_a_link_whose_address_tells_is_text(address: str, stays: bool) -> None:
    text = f"I am Claude, see [**my** page]({address}) and [Rovers](https://rovers.example/)."
    mask = mask_of("Claude Sonnet 5.5", "anthropic/claude-sonnet-5.5", text)
    markup, plain = mask.in_html(to_html(text)), mask.in_text(text)
    assert (f'href="{address}"' in markup) is stays
    assert (address in plain) is stays
    assert markup.count("<a ") == markup.count("</a>") == 1 + stays
    assert "<strong>my</strong> page" in markup
    if not stays:
        assert not re.search("laude|sonnet", markup + plain, re.IGNORECASE)


def test_a_name_is_masked_across_tags_and_tags_stay_balanced() -> None:
    text = "I am **Claude** *Sonnet* `5.5`, see <https://claude.ai/>. Rovers & Co won."
    markup = mask_of("Claude Sonnet 5.5", "anthropic/claude-sonnet-5.5", text).in_html(to_html(text))
    assert shown(markup) == f"I am {MASK}, see https://{MASK}/. Rovers & Co won.\n"
    assert "Rovers &amp; Co won." in markup
    for tag in ("strong", "em", "code", "p"):
        assert markup.count(f"<{tag}>") == markup.count(f"</{tag}>") == 1


# In the page, on the ballot and in the API


def open_run(slug: str) -> tuple[Run, str]:
    """A run of the seeded roster where one model names itself, and that name."""
    evaluation = make_evaluation("sandbox", sandbox=True) if slug in SANDBOX else make_evaluation()
    models = [other for other, *_ in (seed.SANDBOX_ROSTER if slug in SANDBOX else seed.ROSTER)][:4]
    if slug not in models:
        models[0] = slug
    name, model_id = next((name, model_id) for other, name, model_id in SEEDED if other == slug)
    texts = [claims(name, model_id) if other == slug else "Rovers won." for other in models]
    run = make_run(evaluation, models=models, texts=texts, open_for_voting=True)
    flags = find_flags(claims(name, model_id), [], [], own_names=own_names(name, model_id))
    Report.objects.filter(entry__run=run, entry__slug=slug).update(flags=sorted({flag.name for flag in flags}))
    return run, name


SANDBOX = {slug for slug, *_ in seed.SANDBOX_ROSTER}


@pytest.mark.django_db
@pytest.mark.usefixtures("memory_cache")
@pytest.mark.parametrize("slug", [slug for slug, *_ in SEEDED])
def test_no_public_address_of_an_open_run_lets_a_report_name_its_model(slug: str) -> None:
    run, name = open_run(slug)
    assert run.entries.get(slug=slug).name == name
    client = Client()
    texts = [row["text"] for row in client.get(f"/api/runs/{run.pk}/").json()["reports"]]
    texts += [row["text"] for row in client.get(f"/runs/{run.pk}/reports.json").json()["reports"]]
    table = client.get(f"/runs/{run.pk}/reports.csv").content.decode("utf-8-sig")
    texts += [row["text"] for row in csv.DictReader(io.StringIO(table))]
    for address in ("", "ballot/"):
        page = client.get(f"/runs/{run.pk}/{address}").content.decode()
        texts += [shown(part) for part in re.findall(r'<div class="report">(.*?)</div>', page, re.DOTALL)]
    assert len(texts) == 20
    assert sum(MASK in text for text in texts) == 5
    for text in texts:
        assert words_left(text) == set()
