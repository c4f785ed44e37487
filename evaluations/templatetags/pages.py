"""How numbers, moments and counts look on a page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy

from evaluations.presentation.cards import verdict
from evaluations.presentation.links import absolute, default_evaluation, query_of
from evaluations.presentation.name_lists import name_list

register = template.Library()

SMALLEST = Decimal("0.00001")
NUMBERS = [
    gettext_noop(word)
    for word in (
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    )
]


NOUNS = {
    "model": ngettext_lazy("model", "models"),
    "report": ngettext_lazy("report", "reports"),
    "run": ngettext_lazy("run", "runs"),
    "search": ngettext_lazy("search", "searches"),
    "source": ngettext_lazy("source", "sources"),
}


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


register.filter(absolute)


@register.filter
def names(rows: Iterable[Any]) -> str:
    """The names of rows in a sentence: "Ada, Bea and Cid"."""
    return name_list([row.name for row in rows])


@register.simple_tag(takes_context=True)
def own_address(context: template.Context) -> str:
    """The page's own address, absolute; a page that is not of one run says which evaluation it is of."""
    request = context.get("request")
    if request is None:
        return absolute("/")
    return absolute(request.path) + ("" if context.get("run") else same_evaluation(context))


@register.filter
def percent(share: Any) -> str:
    """A share of one as whole percent; more digits than that the scores do not carry."""
    return "–" if share is None or share == "" else f"{100 * float(share):.0f} %"


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
def out_of(share: float, number: int) -> str:
    """A share of one as a count: .8 out of 60 is "48 of 60"."""
    return f"{round(share * number):,} of {number:,}".replace(",", "\u2009")


@register.filter
def usd(amount: Any) -> str:
    """US dollars, with as many digits as small amounts need."""
    try:
        dollars = Decimal(str(amount))
    except InvalidOperation:
        return "–"
    if 0 < dollars < SMALLEST:
        return f"<${SMALLEST}"
    digits = 2 if dollars >= 1 or dollars == 0 else 4 if dollars >= Decimal("0.001") else 5
    return f"${dollars:.{digits}f}"


@register.filter
def seconds(duration: Any) -> str:
    """A duration in seconds, one decimal."""
    return "–" if duration is None or duration == "" else f"{float(duration):.1f} s"


@register.filter
def whole_number(number: Any) -> str:
    """A whole number with thousands separated by a thin space."""
    return "–" if number is None or number == "" else f"{round(float(number)):,}".replace(",", "\u2009")


@register.filter
def count_of(number: int, noun: str) -> str:
    """A number with its noun, in words up to twelve: "four models", "one search", "24 sources"."""
    shown = _(NUMBERS[number]) if 0 <= number < len(NUMBERS) else str(number)
    return f"{shown} {NOUNS[noun] % number}"


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
def interval_as(interval: Any, form: str) -> str:
    """An interval in the form of its metric."""
    return low_to_high(interval.low, interval.high, form)


def low_to_high(least: float, most: float, form: str) -> str:
    """From where to where some numbers reach, with the unit once: "88–94 %"; one number where both read alike."""
    low, high = number_as(least, form), number_as(most, form)
    return low if low == high else f"{without_unit(low)}–{high.removeprefix('$')}"


def without_unit(number: str) -> str:
    """A written number, in front of another one of its unit."""
    return number.removesuffix(" %").removesuffix(" s")


@register.filter
def value(mapping: dict[str, Any], key: str) -> Any:
    """What a mapping holds under a key that a variable names."""
    return mapping.get(key)


@register.filter
def number_as(number: Any, form: str) -> str:
    """A number in the form that its metric has."""
    forms = {"percent": percent, "whole": whole_number, "seconds": seconds, "usd": usd}
    return forms[form](number)
