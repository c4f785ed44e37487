"""Corrections as a page and as a feed: what was taken back, withheld or scored again, and why."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluations.presentation.links import absolute
from evaluations.presentation.stories.corrections import Correction
from evaluations.presentation.stories.corrections import corrections as found_corrections

from .access import chosen_evaluation, public_page
from .feed import Asked, AtomFeed, xml_text


@public_page
def corrections(request: HttpRequest) -> HttpResponse:
    """The page."""
    evaluation = chosen_evaluation(request)
    facts = {"evaluation": evaluation, "corrections": found_corrections(evaluation)}
    return render(request, "evaluations/corrections.html", facts)


class CorrectionFeed(AtomFeed):
    """The same as Atom."""

    page = "corrections"
    title = _("Corrections of Futbol Report")
    description = _("What was withdrawn, withheld or scored again, and why.")

    def items(self, asked: Asked) -> list[Correction]:
        """The corrections, newest first."""
        return found_corrections(asked[1])

    def item_title(self, one: Correction) -> str:
        """Which run, and what."""
        return xml_text(_("Run {number}: {what}").format(number=one.run, what=one.what))

    def item_description(self, one: Correction) -> str:
        """Why."""
        return xml_text(one.note)

    def item_link(self, one: Correction) -> str:
        """Where it stands on the page, also the entry's id."""
        return f"{absolute(reverse('corrections'))}#{one.key}"

    def item_pubdate(self, one: Correction) -> datetime:
        """When it was decided."""
        return one.at

    item_updateddate = item_pubdate


@public_page
def corrections_feed(request: HttpRequest) -> HttpResponse:
    """The feed."""
    return CorrectionFeed().answer(request)
