"""Pictures and views for other people's pages: the card of a run, the chart of the models, and what can be embedded.

They are made of what the pages show, and of an open run they tell as little as its page.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from evaluations.models import Run
from evaluations.presentation import cache, findings
from evaluations.presentation.columns import blind_columns, columns_of
from evaluations.presentation.drawing.charts import Chart
from evaluations.presentation.drawing.scatter import scatter, scatter_rows
from evaluations.presentation.links import absolute
from evaluations.presentation.stories.inventions import invention_of
from evaluations.presentation.stories.stories import News, Story, news_of, stories_of, story_from_cards
from evaluations.presentation.tables.runs import run_table
from evaluations.presentation.wording.numbers import count_of, usd

from .access import View, chosen_evaluation, public_page, public_run
from .api import as_csv, as_file

CHART_FIELDS = ("model", "name", "reports", "cost_usd", "groundedness")
CHART_TITLE = gettext_lazy("Cost against groundedness, means over the last runs")

# Nothing but its own style sheet; anybody may frame it.
EMBEDDED: dict[str, list[str]] = {
    "default-src": [CSP.NONE], "style-src": [CSP.SELF], "base-uri": [CSP.NONE], "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}  # fmt: skip


def for_other_pages(view: View) -> View:
    """Let other sites load the answer."""

    def shared_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return public_page(shared_view)


def embeddable(view: View) -> View:
    """A page that other sites may frame, under a policy of its own: no script, no form, nothing from elsewhere."""
    framed_view: Callable[..., Any] = csp_override(EMBEDDED)(xframe_options_exempt(for_other_pages(view)))
    return framed_view


# The card of a run


@for_other_pages
def card(request: HttpRequest, run: int) -> HttpResponse:
    """What a run found, or that one can vote on it, as a picture for those who share its address."""
    from evaluations.presentation.drawing import images  # with Pillow, which no other page needs

    shown_run = public_run(run)
    news = news_of([shown_run])[shown_run.pk]
    day = date_format(shown_run.published_at or shown_run.created_at, "j F Y")
    kicker = _("Run {number}, {day}").format(number=run, day=day)
    if shown_run.is_blind:
        words = images.Words(kicker, *words_of_vote(shown_run, news), foot())
    else:
        story = stories_of([shown_run]).get(shown_run.pk, Story(shown_run))
        words = images.Words(kicker, story.headline, lines_of(story), foot())
    return HttpResponse(images.card(words), content_type="image/png")


def words_of_vote(run: Run, news: News) -> tuple[str, list[str]]:
    """What the card of an open run says: its news, and until when one can vote."""
    asks = _("Which report on “{title}” would you print?").format(title=news.title)
    until = date_format(run.voting_closes_at, "j F Y, H:i") if run.voting_closes_at else ""
    lines = [_("The same {sources} for every model, and no names.").format(sources=count_of(news.sources, "source"))]
    return asks, [*lines, _("Vote until {moment} UTC.").format(moment=until)] if until else lines


def lines_of(story: Story) -> list[str]:
    """What the card of a closed run says below its headline."""
    chosen = _("Chosen on {votes} of the {offered} ballots that offered it.")
    lines = [chosen.format(votes=one.votes, offered=one.offered) for one in story.preferred[:1]]
    if invention := invention_of(story):
        lines.append(_("{name} wrote “{fact}”: in no source.").format(name=invention.name, fact=invention.fact))
    if story.cost_usd is not None:
        reports = count_of(len(story.reports), "report")
        lines.append(_("{cost} for {reports}.").format(cost=usd(story.cost_usd), reports=reports))
    return lines


def foot() -> str:
    """What every card ends with."""
    return _("Machine-written and unverified · {site}").format(site=absolute("").rstrip("/").partition("://")[2])


# The chart of the models


@for_other_pages
def chart_svg(request: HttpRequest) -> HttpResponse:
    """The chart as a drawing that stands alone."""
    facts = {"chart": drawn_chart(request), "title": CHART_TITLE}
    return as_file(render(request, "evaluations/chart.svg", facts, content_type="image/svg+xml"), "models.svg")


@for_other_pages
def chart_png(request: HttpRequest) -> HttpResponse:
    """The chart as a picture."""
    from evaluations.presentation.drawing import images

    chart = drawn_chart(request)
    x_ticks = [usd(tick.value) for tick in chart.x_ticks]
    y_ticks = [f"{tick.value:g} %" for tick in chart.y_ticks]
    picture = images.chart_picture(chart, str(CHART_TITLE), x_ticks, y_ticks, _("cost of a report"))
    return as_file(HttpResponse(picture, content_type="image/png"), "models.png")


@for_other_pages
def chart_csv(request: HttpRequest) -> HttpResponse:
    """The numbers of the chart."""
    rows = scatter_rows(findings.models(chosen_evaluation(request)))
    return as_file(as_csv(CHART_FIELDS, rows), "models.csv")


def drawn_chart(request: HttpRequest) -> Chart:
    """The chart that the page of the models shows; 404 where it has none."""
    chart = scatter(findings.models(chosen_evaluation(request)))
    if chart is None:
        raise Http404
    return chart


# What can be embedded


@embeddable
def run_embed(request: HttpRequest, run: int) -> HttpResponse:
    """The table of a run for a frame that is 320 pixels wide; of an open run, that one can vote on it."""
    shown_run = public_run(run)
    cards = cache.reports(shown_run)
    facts: dict[str, Any] = {"evaluation": shown_run.evaluation, "run": shown_run}
    if shown_run.is_blind:
        facts |= {"readable": len(blind_columns(cards)), "news": news_of([shown_run])[shown_run.pk]}
    else:
        columns = columns_of(cards)
        facts |= {"story": story_from_cards(shown_run, cards), "table": run_table(shown_run, columns, None, "")}
    return render(request, "evaluations/run_embed.html", facts)


@embeddable
def models_embed(request: HttpRequest) -> HttpResponse:
    """The chart of the models for such a frame."""
    evaluation = chosen_evaluation(request)
    found = findings.models(evaluation)
    facts = {"evaluation": evaluation, "scatter": scatter(found), "numbered": scatter(found, numbered=True)}
    return render(request, "evaluations/models_embed.html", facts)
