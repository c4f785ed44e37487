"""Whatever stands in an evaluation's file, it is stored in good rows, or refused in our words and nothing is left."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from evaluations.errors import BadInputError, FutbolReportError
from evaluations.management.config_files import read_config
from evaluations.management.config_rows import store_evaluation
from evaluations.models import Evaluation, ModelConfig, Prompt, Provider, SearchQuery
from evaluations.pipeline import plan
from tests.fuzz.conftest import Border
from tests.fuzz.oddities import ODD, Mutant, Raw
from tests.fuzz.test_forms import TYPED, misfit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LINES = {
    "name": '"Tea"', "slug": '"tea"', "description": '"What models make of it."', "public": "false",
    "review_before_publishing": "true", "voting_hours": "0", "queries": '["tea harvest", "tea prices"]',
    "results_per_query": "10", "freshness": '"pw"', "country": '"GB"', "search_language": '"en"', "full_text": '"none"',
    "full_text_pages": "5", "context_tokens": "20000", "call_deadline_seconds": "60",
    "prompt.text": '"Write."', "format.title": "true", "format.max_words": "400", "format.language": '"en"',
    "ceilings.usd_per_call": "0.25", "ceilings.usd_per_run": "1", "ceilings.usd_per_day": "2",
}  # fmt: skip
MODEL = {
    "name": '"Gemma"', "slug": '"gemma"', "url": '"https://api.example.org/v1"', "key": '"EXAMPLE_API_KEY"',
    "model": '"maker/gemma"', "temperature": "0.2", "max_tokens": "900", "context_window": "8000",
    "parameters": "{ seed = 7 }", "usd_per_million_input": "2", "usd_per_million_output": "6.5",
    "provider_order": '["one"]', "quantizations": '["bf16"]', "allow_fallbacks": "false",
}  # fmt: skip
ROWS = (Evaluation, SearchQuery, Prompt, Provider, ModelConfig)
# Values that TOML writes in another way than JSON, or not at all.
OF_TOML = (
    '"~nobody-here/x"', "'/'", '"."', '"/proc/self/mem"',
    "inf", "-inf", "nan", "9" * 5_000, "1e999", "0x7fffffffffffffffff", "0o7", "1_000", "+5", "2026-11-28",
    "0001-01-01", "9999-12-31T23:59:59Z", "0000-00-00", "2026-02-30", "07:32:00", "07:32:60", "'literal'",
    '"""a\nb"""', "'''a\nb'''",
    '"\\u0000"', '"\\ud800"', '"\\U00110000"', "[1, 'a']", "{a = 1, a = 2}", "{a.b = 1}", "[[], [[]]]", "tru", "\x01",
    "[" * 2_000 + "]" * 2_000, "{a = " * 400 + "1" + "}" * 400, "\ufeff1", "", "=", "# nothing", "-0.0",
    '"\ud83c\udfdf"', "1e-999", "0." + "1" * 5_000, "{ a = 9223372036854775808 }", "{ a = nan }", "{ a = 2026-11-28 }",
    '{ "" = 1 }',
)  # fmt: skip


def values() -> Iterator[tuple[str, Any]]:
    """Every odd value as TOML writes it, and what of it a finding shows."""
    for text in OF_TOML:
        yield text, text
    for value in ODD:
        yield value.text if isinstance(value, Raw) else json.dumps(value), value
    for text in TYPED:
        yield json.dumps(text), text


def files() -> Iterator[Mutant]:
    """Every value of the file odd; and an odd line, or an odd table, between good ones."""
    for text, shown in values():
        for name in LINES:
            yield Mutant(written(LINES | {name: text}, MODEL), name, shown)
        for name in MODEL:
            yield Mutant(written(LINES, MODEL | {name: text}), f"models.{name}", shown)
        of_file = {name: value for name, value in LINES.items() if name != "prompt.text"} | {"prompt.file": text}
        yield Mutant(written(of_file, MODEL), "prompt.file", shown)
        for name in ("prompt", "format", "ceilings", "models", "files", "other", '"a b"'):
            yield Mutant(f"{name} = {text}\n{written(LINES, MODEL)}", name, shown)
        yield Mutant(f"{written(LINES, MODEL)}\n[{text}]\n", "table", shown)


def written(lines: dict[str, str], model: dict[str, str]) -> str:
    """The file."""
    rows = [f"{name} = {value}" for name, value in lines.items()]
    return "\n".join([*rows, "[[models]]", *(f"{name} = {value}" for name, value in model.items())])


def rows() -> list[Any]:
    """What is there."""
    return [row for model in ROWS for row in model._default_manager.order_by("pk")]


def flaw_of_rows() -> str:
    """What of the rows some database could not hold, or no run could be planned with."""
    for row in rows():
        for field in row._meta.concrete_fields:
            if flaw := misfit(field, getattr(row, field.attname)):
                return f"{row._meta.label}.{field.name} {flaw}"
    try:
        plan.plan(Evaluation.objects.get(configured_by__gt=""))
    except FutbolReportError:
        return ""
    return ""


def test_files_of_evaluations(border: Border, tmp_path: Path) -> None:
    path, before = tmp_path / "odd.toml", len(rows())
    for mutant in border.take(files(), 0.04):
        path.write_bytes(mutant.document.encode("utf-8", "surrogatepass"))
        try:
            with transaction.atomic():
                store_evaluation(read_config(str(path)))
                flaw = flaw_of_rows()
                transaction.set_rollback(True)
        except OSError:  # of a file that it names; the command says it in one line
            flaw = ""
        except BadInputError as refusal:
            flaw = "" if "odd.toml" in str(refusal) else f"says not where: {refusal}"
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
            continue
        if flaw or len(rows()) != before:
            border.lost.append(f"{mutant}: {flaw or 'rows are left'}"[:300])
    border.hold()


def test_the_control_the_untouched_file_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(written(LINES, MODEL))
    evaluation = store_evaluation(read_config(str(path)))
    assert (evaluation.queries.count(), evaluation.roster.get().extra_parameters) == (2, {"seed": 7})
    assert flaw_of_rows() == ""
