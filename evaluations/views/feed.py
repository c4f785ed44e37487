"""The Atom feed and the map of the site: what is new, and what there is."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, ModelConfig, Run
from evaluations.models.blindness import Part
from evaluations.presentation.links import default_evaluation, query_of
from evaluations.templatetags.pages import counted

from .access import chosen_evaluation, public_page
from .api import for_programs

ENTRIES = 30
MOST_ADDRESSES = 5_000
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest runs; an entry changes when its vote closes and names appear."""
    evaluation = chosen_evaluation(request)
    name = plain(evaluation.name) if evaluation else "Futbol Report"
    atom = Atom1Feed(
        title=name,
        link=settings.SITE_URL + reverse("latest"),
        description=_("Language models report on the same football news. Machine-written and unverified."),
        feed_url=settings.SITE_URL + request.get_full_path(),
        feed_guid=settings.SITE_URL + reverse("feed") + (f"?evaluation={evaluation.slug}" if evaluation else ""),
        author_name="Futbol Report",
        language="en",
    )
    for run in entries(evaluation):
        address = settings.SITE_URL + run.get_absolute_url()
        title = _("{reports} on the same material, {date}").format(
            reports=counted(run.report_count, "report").capitalize(), date=date_format(run.published_at, "j F Y")
        )
        atom.add_item(
            title=title,
            link=address,
            description=summary(run),
            unique_id=address,
            pubdate=run.published_at,
            updateddate=changed_at(run),
        )
    written = atom.writeString("utf-8")
    return for_programs(HttpResponse(written, content_type="application/atom+xml; charset=utf-8"))


def entries(evaluation: Evaluation | None) -> list[Any]:
    """The runs that the feed tells of."""
    if evaluation is None:
        return []
    return list(Run.objects.for_archive(evaluation, Part.FEED).defer("context__payload")[:ENTRIES])


def summary(run: Run) -> str:
    """A run in two sentences of text."""
    if run.voting_is_open and run.voting_closes_at:
        return _("Vote blind until {moment} UTC. Every report is machine-written and unverified.").format(
            moment=date_format(run.voting_closes_at, "j F Y, H:i")
        )
    if not run.counts:
        return _("{origin}, never voted on. Every report is machine-written and unverified.").format(
            origin=_("Imported run") if run.imported_at else run.get_kind_display()
        )
    return _("Side by side, each scored against its sources. Every report is machine-written and unverified.")


def changed_at(run: Run) -> datetime:
    """When the page last changed for everybody: at its publication, or when its vote closed."""
    moments = [run.published_at, run.voting_closes_at]
    now = timezone.now()
    # None has passed where the publishing host's clock is ahead of ours.
    return max((moment for moment in moments if moment and moment <= now), default=run.published_at or now)


def plain(text: str) -> str:
    """A text as XML can hold it."""
    return NOT_XML.sub("", text)


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every address that search engines may look at: those of evaluations that allow it."""
    default = default_evaluation(request)
    queries = {one: query_of(one, default) for one in Evaluation.objects.for_the_public() if one.indexable}
    models = ModelConfig.objects.filter(evaluation__in=queries).select_related("evaluation").order_by("slug")
    runs = Run.objects.seen(Part.LISTS).filter(evaluation__in=queries).only("published_at", "voting_closes_at")
    lists = ("latest", "archive", "standings", "models")
    addresses: list[tuple[str, datetime | None]]
    addresses = [(reverse(name) + query, None) for query in queries.values() for name in lists]
    if default in queries:
        addresses += [(reverse(name), None) for name in ("about", "about_scores")]
    addresses += [(reverse("model", args=[model.slug]) + queries[model.evaluation], None) for model in models]
    addresses += [(run.get_absolute_url(), changed_at(run)) for run in runs[:MOST_ADDRESSES]]
    return render(request, "sitemap.xml", {"addresses": addresses}, content_type="application/xml")


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may look at: nothing, until an evaluation allows it."""
    indexable = Evaluation.objects.for_the_public().filter(indexable=True).exists()
    return render(request, "robots.txt", {"indexable": indexable}, content_type="text/plain")
