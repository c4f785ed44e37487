"""From an evaluation's file, or from a model on the command line, to the rows that a run is made from.

Each value goes through the validators of the models themselves, as in the admin.
"""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from evaluations.errors import BadInputError
from evaluations.models import Evaluation, ModelConfig, Prompt, Provider, SearchQuery
from evaluations.pipeline.start import find_prompt
from evaluations.sources.files import load

from .config_files import EVALUATION, ConfigFile

MOST_QUERIES = 20
QUERY_CHARACTERS, QUERY_WORDS = 400, 50
NAME_AT_URL = re.compile(r"(?P<name>.+)@(?P<url>https?://.+)")
# Where a field of a row has another name in the file.
FIELDS = {
    "model_id": "model", "extra_parameters": "parameters", "base_url": "url", "api_key_variable": "key",
    "max_usd_per_call": "usd_per_call", "max_usd_per_run": "usd_per_run", "max_usd_per_day": "usd_per_day",
    "search_path": "files", "output_format": "format", "system_text": "text",
}  # fmt: skip


def store_evaluation(config: ConfigFile) -> Evaluation:
    """The evaluation as its file says, all of it or nothing. Raises BadInputError with line and field."""
    with transaction.atomic():
        evaluation = store_fields(config)
        store_queries(config, evaluation)
        store_prompt(config, evaluation)
        listed = config.values.get("models", [])
        slugs: list[str] = []
        for place, model in enumerate(listed, 1):
            slugs.append(store_model(config, evaluation, place, model))
            if slugs[-1] in slugs[:-1]:
                raise config.error(f"models[{place}]", f"{slugs[-1]} is there already: give one a `slug` of its own")
        evaluation.roster.exclude(slug__in=slugs).update(enabled=False)
    return evaluation


def store_fields(config: ConfigFile) -> Evaluation:
    """The evaluation itself; one that is kept in the admin is not touched."""
    values = config.values
    slug = values.get("slug") or slugify(values["name"])[:50] or "evaluation"
    evaluation = Evaluation.objects.filter(slug=slug).first() or Evaluation(slug=slug, public=False, voting_hours=0)
    if evaluation.pk and not evaluation.configured_by:
        raise config.error("slug", f"the evaluation {slug} is kept in the admin; give the file's another slug")
    for name in EVALUATION.keys() & values.keys():
        setattr(evaluation, name, values[name])
    for name, most in values.get("ceilings", {}).items():
        setattr(evaluation, f"max_{name}", most)
    source = Evaluation.SearchSource.FILES if "files" in values else Evaluation.SearchSource.BRAVE
    evaluation.search_source = source
    evaluation.search_path = path_of_files(config) if "files" in values else ""
    evaluation.configured_by = str(config.path.resolve())[:500]
    check_row(config, evaluation, "")
    evaluation.save()
    return evaluation


def path_of_files(config: ConfigFile) -> str:
    """Where the articles lie. Raises BadInputError where nothing does."""
    try:
        path = config.near(config.values["files"]).resolve()
        there = path.exists()
    except (
        OSError,
        RuntimeError,
        ValueError,
    ) as error:  # such as a name of 5,000 characters, or of a user nobody knows
        raise config.error("files", "names nothing that a folder or file can be called") from error
    if not there:
        raise config.error("files", f"there is no folder or file {path}")
    return str(path)


def store_queries(config: ConfigFile, evaluation: Evaluation) -> None:
    """Its queries in their order; those of files that have none are the titles of what is in them."""
    texts = list(dict.fromkeys(config.values.get("queries") or titles_of(config)))
    evaluation.queries.all().delete()
    for position, text in enumerate(texts, 1):
        query = SearchQuery(evaluation=evaluation, position=position, text=text)
        check_row(config, query, "queries")
        query.save()


def titles_of(config: ConfigFile) -> list[str]:
    """A query for each article of the files, by which it is found."""
    articles = load(config.near(config.values["files"]).resolve())
    if len(articles) > MOST_QUERIES:
        raise config.error("files", f"{len(articles)} articles are too many to take all of them: name `queries`")
    return [" ".join(one.title.split()[:QUERY_WORDS])[:QUERY_CHARACTERS] for one in articles]


def store_prompt(config: ConfigFile, evaluation: Evaluation) -> None:
    """The prompt, as a new version where it is another than the current one."""
    told = config.values["prompt"]
    text = told["text"] if "text" in told else config.near(told["file"]).read_text(encoding="utf-8", errors="replace")
    prompt = Prompt(evaluation=evaluation, system_text=text, output_format=config.values.get("format", {}))
    check_row(config, prompt, "prompt", exclude=("version",))
    current = evaluation.prompt
    if current is None or (current.system_text, current.output_format) != (text, prompt.output_format):
        prompt.save()


def store_model(config: ConfigFile, evaluation: Evaluation, place: int, told: Mapping[str, Any]) -> str:
    """One model of the roster; its slug."""
    address = f"models[{place}]"
    provider = find_provider(config, told, address)
    name = told.get("name") or told["model"]
    slug = told.get("slug") or slug_of(name, place)
    model = evaluation.roster.filter(slug=slug).first() or ModelConfig(evaluation=evaluation, slug=slug)
    model.position, model.name, model.model_id, model.provider = place, name[:100], told["model"], provider
    model.enabled = True
    fields = ("temperature", "max_tokens", "context_window", "provider_order", "quantizations", "allow_fallbacks")
    for field in fields:
        setattr(model, field, told.get(field, getattr(ModelConfig(), field)))
    if not told.get("send_temperature", True):
        model.temperature = None
    model.extra_parameters = told.get("parameters", {})
    free = 0 if is_own(told.get("url", "")) else None
    model.usd_per_million_input = told.get("usd_per_million_input", free)
    model.usd_per_million_output = told.get("usd_per_million_output", free)
    check_row(config, model, address)
    model.save()
    return str(model.slug)


def find_provider(config: ConfigFile, told: Mapping[str, Any], address: str) -> Provider:
    """The provider with this address and key, made where it is not there yet."""
    if "provider" in told:
        provider = Provider.objects.exclude(kind="sandbox").filter(slug=told["provider"]).first()
        if provider is None:
            there = ", ".join(Provider.objects.exclude(kind="sandbox").values_list("slug", flat=True))
            raise config.error(f"{address}.provider", f"there is no {told['provider']}; there are: {there}")
        return provider
    provider = new_provider(told["url"], told.get("key", ""))
    if provider.pk is None:
        check_row(config, provider, address)
        provider.confirm_key()
        provider.save()
    return provider


def new_provider(url: str, key: str = "") -> Provider:
    """The provider at an address, or one that is not stored yet."""
    address = url.rstrip("/")
    found = Provider.objects.filter(kind="openai", base_url=address, api_key_variable=key).first()
    if found:
        return found
    host = address.partition("://")[2].partition("/")[0][:80] or "server"
    return Provider(kind="openai", slug=free_slug(slug_of(host, 1), Provider.objects), name=host,
                    base_url=address, api_key_variable=key)  # fmt: skip


def free_slug(wanted: str, rows: models.Manager[Any]) -> str:
    """A slug that none of the rows has."""
    slugs = [wanted[:40] or "server", *(f"{wanted[:40]}-{number}" for number in range(2, 1_000))]
    used = set(rows.filter(slug__in=slugs).values_list("slug", flat=True))
    return next(slug for slug in slugs if slug not in used)


def slug_of(name: str, place: int) -> str:
    """The slug of a model's name: `llama3.2:8b` is llama3-2-8b."""
    return slugify(re.sub(r"[.:/]", "-", name))[:50].strip("-") or f"model-{place}"


def is_own(url: str) -> bool:
    """Whether an address is on this machine or in its own network, where nobody asks for money."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".local") or ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def add_models(evaluation: Evaluation, typed: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names of a run's models with those typed as NAME@URL, which no other run of the evaluation takes along."""
    if typed and evaluation.sandbox:
        raise BadInputError("No real model writes in the sandbox: --model goes with a real evaluation or --config.")
    chosen = list(names) or list(evaluation.roster.filter(enabled=True).values_list("slug", flat=True))
    if typed:
        find_prompt(evaluation, None)
    with transaction.atomic():
        return [*chosen, *(add_model(evaluation, text) for text in typed)] if typed else list(names)


def add_model(evaluation: Evaluation, text: str) -> str:
    """One model typed as NAME@URL, in the roster, where it stays disabled; its slug. Raises BadInputError."""
    told = NAME_AT_URL.fullmatch(text)
    if told is None:
        raise BadInputError(f"--model takes NAME@URL, such as llama3.2@http://127.0.0.1:11434/v1, not {text!r}.")
    name, url = told["name"], told["url"]
    if not is_own(url):
        raise BadInputError(f"--model {text}: a server elsewhere has prices and a key: name it in a --config file.")
    try:
        provider = new_provider(url)
        if provider.pk is None:
            provider.full_clean()
            provider.save()
        model = evaluation.roster.filter(provider=provider, model_id=name).first() or ModelConfig(
            evaluation=evaluation, slug=free_slug(slug_of(name, 1), evaluation.roster), name=name[:100], enabled=False,
            provider=provider, model_id=name, position=1 + evaluation.roster.count(),
            usd_per_million_input=0, usd_per_million_output=0,
        )  # fmt: skip
        model.full_clean()
        model.save()
    except ValidationError as error:
        raise BadInputError(f"--model {text}: {' '.join(error.messages)}") from error
    return str(model.slug)


def check_row(config: ConfigFile, row: models.Model, address: str, exclude: Sequence[str] = ()) -> None:
    """Refuse what the model's own validators refuse. Raises BadInputError with the line and the name in the file."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise config.error(address_in_file(address, field), " ".join(words)) from error


def address_in_file(address: str, field: str) -> str:
    """Where a row's field stands in the file."""
    name = FIELDS.get(field, field)
    if field == NON_FIELD_ERRORS or address == "queries":
        return address
    if name in ("format", "files"):
        return name
    if name.startswith("usd_per_") and not address:
        return f"ceilings.{name}"
    return f"{address}.{name}" if address else name
