"""The Atom feed and the map of the site: what is new, and what there is."""

import re
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, ModelConfig, Run
from evaluations.models.blindness import Part
from evaluations.presentation.links import absolute, default_evaluation, query_of
from evaluations.presentation.stories.stories import Story, news_of, stories_of
from evaluations.presentation.wording.numbers import count_of

from .access import chosen_evaluation, public_page
from .api import for_programs

ENTRIES = 30
MOST_ADDRESSES = 5_000
Asked = tuple[HttpRequest, Evaluation | None]

NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class AtomFeed(Feed):  # type: ignore[type-arg]
    """What is new in the evaluation that the address means; `page` names the page that people read."""

    feed_type = Atom1Feed
    author_name = "Futbol Report"
    language = "en"
    page: ClassVar[str]

    def get_object(self, request: HttpRequest) -> Asked:
        """Which evaluation the address means."""
        return request, chosen_evaluation(request)

    def link(self, asked: Asked) -> str:
        """The page that people read."""
        return absolute(reverse(self.page)) + query_of(asked[1], default_evaluation(asked[0]))

    def feed_url(self, asked: Asked) -> str:
        """The address that was asked for."""
        return absolute(asked[0].get_full_path())

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The feed; the ETag says whether it changed, which no moment does where a report is withheld."""
        response = self(request)
        del response["Last-Modified"]
        return for_programs(response)


class RunFeed(AtomFeed):
    """The newest runs; an entry changes when its vote closes and names appear."""

    description = _("Language models report on the same football news. Machine-written and unverified.")
    page = "latest"

    def title(self, asked: Asked) -> str:
        """The evaluation's name."""
        return xml_text(asked[1].name) if asked[1] else "Futbol Report"

    def feed_guid(self, asked: Asked) -> str:
        """One for each evaluation, whichever is the default."""
        return absolute(reverse("feed")) + (f"?evaluation={asked[1].slug}" if asked[1] else "")

    def items(self, asked: Asked) -> list[Any]:
        """The runs that the feed tells of."""
        evaluation = asked[1]
        if evaluation is None:
            return []
        runs = list(Run.objects.for_archive(evaluation, Part.FEED).defer("context__payload")[:ENTRIES])
        news = news_of(runs)
        stories = stories_of(runs, news)
        for run in runs:
            run.story, run.news = stories.get(run.pk), news[run.pk]  # type: ignore[attr-defined]
        return runs

    def item_title(self, run: Any) -> str:
        """What the run found; while nobody is told who wrote what, what is voted on."""
        story: Story | None = run.story
        title: str = run.news.title
        if story and run.kind == Run.Kind.REPLAY:
            found = _("Replay of run {number}: {finding}").format(number=run.replay_of_id, finding=story.headline)
        elif story:
            found = story.headline
        elif title:
            found = _("Vote: which report on “{title}” would you print?").format(title=title)
        else:
            found = _("Vote: which of {reports} would you print?").format(reports=count_of(run.report_count, "report"))
        return xml_text(found)

    def item_link(self, run: Run) -> str:
        """The comparison page, also the entry's id."""
        return absolute(run.get_absolute_url())

    def item_description(self, run: Run) -> str:
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

    def item_pubdate(self, run: Run) -> datetime | None:
        """When it was published."""
        return run.published_at

    def item_updateddate(self, run: Run) -> datetime:
        """When its page last changed for everybody."""
        return changed_at(run)


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest runs as Atom."""
    return RunFeed().answer(request)


def changed_at(run: Run) -> datetime:
    """When the page last changed for everybody: at its publication, or when its vote closed."""
    moments = [run.published_at, run.voting_closes_at]
    now = timezone.now()
    # None has passed where the publishing host's clock is ahead of ours.
    return max((moment for moment in moments if moment and moment <= now), default=run.published_at or now)


def xml_text(text: str) -> str:
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
