"""The Atom feed and the map of the site: what is new, and what there is."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, ModelConfig, Run
from evaluations.public import chosen_evaluation, public_page
from evaluations.templatetags.pages import counted

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
            reports=counted(run.report_count, "report").capitalize(), date=f"{run.published_at:%-d %B %Y}"
        )
        atom.add_item(
            title=title,
            link=address,
            description=summary(run),
            unique_id=address,
            pubdate=run.published_at,
            updateddate=changed_at(run),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def entries(evaluation: Evaluation | None) -> list[Any]:
    """The runs that the feed tells of."""
    if evaluation is None:
        return []
    return list(Run.objects.for_archive(evaluation).defer("context__payload")[:ENTRIES])


def summary(run: Run) -> str:
    """A run in two sentences of text."""
    if run.voting_is_open and run.voting_closes_at:
        return _("Vote blind until {moment} UTC. Every report is machine-written and unverified.").format(
            moment=f"{run.voting_closes_at:%-d %B %Y, %H:%M}"
        )
    return _("Side by side, each scored against its sources. Every report is machine-written and unverified.")


def changed_at(run: Run) -> datetime:
    """When the page last changed for everybody: at its publication, or when its vote closed."""
    moments = [moment for moment in (run.published_at, run.voting_closes_at) if moment]
    return max((moment for moment in moments if moment <= timezone.now()), default=min(moments))


def plain(text: str) -> str:
    """A text as XML can hold it."""
    return NOT_XML.sub("", text)


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every address that search engines may look at: those of evaluations that allow it."""
    evaluations = Evaluation.objects.for_the_public().filter(indexable=True)
    runs = Run.objects.published().filter(evaluation__in=evaluations)[:MOST_ADDRESSES]
    slugs = ModelConfig.objects.filter(evaluation__in=evaluations).values_list("slug", flat=True).distinct()
    names = ("latest", "archive", "standings", "models", "about") if evaluations.exists() else ()
    addresses: list[tuple[str, datetime | None]] = [(reverse(name), None) for name in names]
    addresses += [(run.get_absolute_url(), changed_at(run)) for run in runs]
    addresses += [(reverse("model", args=[slug]), None) for slug in sorted(slugs)]
    return render(request, "sitemap.xml", {"addresses": addresses}, content_type="application/xml")
