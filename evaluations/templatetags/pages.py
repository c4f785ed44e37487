"""What templates ask for: numbers, moments and counts as a page shows them, and links that stay with its evaluation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from evaluations.presentation.cards import verdict
from evaluations.presentation.links import absolute, default_evaluation, query_of
from evaluations.presentation.wording import numbers

register = template.Library()


@register.simple_tag(takes_context=True)
def same_evaluation(context: template.Context) -> str:
    """The query of a link that stays with the page's evaluation; empty where that is the default one."""
    request, evaluation = context.get("request"), context.get("evaluation")
    if request is None or not evaluation:  # an error page
        return ""
    return query_of(evaluation, default_evaluation(request))


@register.simple_tag
def publisher() -> str:
    """Who answers for the site; "" where the installation does not say."""
    return str(settings.PUBLISHER)


for written in (
    *(numbers.percent, numbers.out_of, numbers.usd, numbers.seconds, numbers.whole_number, numbers.count_of),
    *(numbers.interval_as, numbers.number_as, absolute),
):
    register.filter(written)


@register.simple_tag(takes_context=True)
def own_address(context: template.Context) -> str:
    """The page's own address, absolute; a page that is not of one run says which evaluation it is of."""
    request = context.get("request")
    if request is None:
        return absolute("/")
    return absolute(request.path) + ("" if context.get("run") else same_evaluation(context))


@register.filter
def unread_language(output_format: Mapping[str, Any]) -> str:
    """The language that a format asks for where the scorers have no rules for it, "" where they have."""
    # A page in English must not load what tells languages apart.
    code = str(output_format.get("language") or "en")
    if code == "en":
        return ""
    from evaluations.scoring.languages.packs import is_known, primary
    from evaluations.scoring.text.language import NAMES

    return "" if is_known(code) else NAMES.get(primary(code), code)


@register.filter
def moment(value: datetime | str | None) -> SafeString | str:
    """A moment in UTC; a script shows it in the reader's zone."""
    at = parse_datetime(value) if isinstance(value, str) else value
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}">{} UTC</time>', at.strftime("%Y-%m-%dT%H:%MZ"), date_format(at, "j F Y, H:i")
    )


@register.filter
def day(value: datetime | None) -> SafeString | str:
    """The UTC day of a moment."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.strftime("%Y-%m-%d"), date_format(value, "j F Y"))


@register.filter
def date_of(text: str) -> SafeString | str:
    """When a source says it was published: its day where it gives an ISO moment, else its own words."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    return day(at) if at else text


@register.filter
def in_words(sentence: Any) -> str:
    """How much of a sentence, which has a `band` and `missing` facts, the sources say."""
    return str(capfirst(verdict(sentence.band, sentence.missing)))


@register.filter
def value(mapping: dict[str, Any], key: str) -> Any:
    """What a mapping holds under a key that a variable names."""
    return mapping.get(key)
