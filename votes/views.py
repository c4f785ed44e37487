"""The ballot: asking, taking the vote, and what the voter gets for it."""

import math
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from evaluations.models import Run
from evaluations.models.blindness import LEAST_REPORTS
from evaluations.presentation import cache
from evaluations.presentation.columns import blind_columns, columns_of
from evaluations.views.access import public_run
from votes import ballots, voters
from votes.counting import tally_of
from votes.models import Vote

STANDS = "first-vote-stands"  # in the address, after a second vote that differs
OF_A_VOTE = {"ballot", "choice"}  # fields of the form; in an address, somebody else's picture or link votes

View = Callable[..., HttpResponse]


def one_voter_only(view: View) -> View:
    """A page that no cache may keep: it is one voter's."""

    @wraps(view)
    def private(request: HttpRequest, run: int) -> HttpResponse:
        response = view(request, run)
        response["Cache-Control"] = "private, no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return private


@one_voter_only
@require_http_methods(["GET", "POST"])  # each ballot is drawn for a voter: there is none whose head could be told
@csrf_protect
def ballot(request: HttpRequest, run: int) -> HttpResponse:
    """The ballot of a run; after voting or looking, who wrote what."""
    if request.method == "POST":
        return vote(request, run)
    shown_run = public_run(run)
    if not shown_run.voting_is_open:
        return redirect(shown_run)
    if OF_A_VOTE & request.GET.keys():
        return by_another_way(request, run)
    if asks_too_often(request, shown_run):
        return refusal(request, run, _("Too many ballots were asked for from your network."), 429, 60)
    token = voters.token_of(request) or voters.new_token()
    voter, number = voters.voter_in(run, token), number_of_ballot(request, shown_run, token)
    cast = Vote.objects.filter(run=shown_run, voter=voter).select_related("choice__entry").first()
    response = reveal(request, shown_run, cast) if cast else ask(request, shown_run, voter, number)
    voters.set_token(response, token, shown_run, number)
    return response


def asks_too_often(request: HttpRequest, run: Run) -> bool:
    """Whether ballots are being collected rather than read."""
    address = voters.address_of(request)
    return address is not None and cache.count_ballot(voters.network_in(run, address).key) > ballots.BALLOTS_A_MINUTE


def number_of_ballot(request: HttpRequest, run: Run, token: str) -> int:
    """Which ballot of the design this voter gets: the one kept in the cookie, or the one of the voter's network."""
    kept, address = voters.number_kept(request, run), voters.address_of(request)
    network = voters.network_in(run, address).key if address else ""
    drawn = cache.draw_number(run.pk, network, kept)
    if kept is not None:
        return kept
    return voters.number_by(network or token) if drawn is None else drawn


def ask(request: HttpRequest, run: Run, voter: str, number: int) -> HttpResponse:
    """The reports on this voter's ballot, and the form."""
    reports = cache.reports(run)
    readable = [card for card in reports if card.on_ballots]
    if len(readable) < LEAST_REPORTS:
        return redirect(run)
    made = ballots.make_ballot(run, voter, number, reports)
    by_label = {column.label: column for column in blind_columns(reports)}
    facts = {
        "evaluation": run.evaluation,
        "run": run,
        "columns": [by_label[label] for label in made.labels],
        "others": len(readable) - len(made.labels),
        "field": made.sign(),
        "least_seconds": math.ceil(made.least_seconds),
        "grounds": Vote.Ground.choices,
    }
    return render(request, "votes/ballot.html", facts)


def reveal(request: HttpRequest, run: Run, cast: Vote) -> HttpResponse:
    """Names and scores, what others chose so far, and that the first vote stands; for who voted or chose to look."""
    reports = cache.reports(run)
    tally = tally_of(run)
    names = {card.report: card.name for card in reports if card.on_ballots}
    models = {card.report: card.model for card in reports}
    cache.store_tally(run.pk, tally.verdicts, {models[report]: votes for report, votes in tally.choices.items()})
    facts = {
        "evaluation": run.evaluation,
        "run": run,
        "columns": columns_of(reports, marks=True),
        "marked": True,
        "vote": cast,
        "chosen": cast.choice.entry.blind_label if cast.choice else "",
        "chosen_name": cast.choice.entry.name if cast.choice else "",
        "agree": tally.share(cast.choice_id) if cast.choice_id else None,
        "verdicts": tally.verdicts,
        "tally": [(names[report], number) for report, number in tally.choices.most_common() if report in names],
        "first_stands": STANDS in request.GET,
    }
    return render(request, "votes/reveal.html", facts)


def vote(request: HttpRequest, run: int) -> HttpResponse:
    """Store one vote, or say why not."""
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return refusal(request, run, _("Votes are taken from this site's own ballot only."), 403)
    token, address = voters.token_of(request), voters.address_of(request)
    if token is None:
        return refusal(request, run, _("Your browser sent no valid voting cookie. Here is a new one."), 403)
    if address is None:
        return refusal(request, run, _("Your network address could not be told, so no vote can be taken."), 400)
    voter = voters.voter_in(run, token)
    choice = Vote.Verdict.LOOKED.value if "look" in request.POST else request.POST.get("choice", "")
    ticked = request.POST.getlist("ground")
    try:
        made = ballots.read_ballot(request.POST.get("ballot", ""), run, voter)
        ballots.cast(made, choice, address, ticked=ticked, by_staff=is_staff(request))
    except ballots.AlreadyVotedError:
        return see_reveal(run, first_stands=not said_the_same(run, voter, choice))
    except ballots.RefusedError as refused:
        return refusal(request, run, str(refused), refused.status)
    return see_reveal(run)


def by_another_way(request: HttpRequest, run: int) -> HttpResponse:
    """A vote that is asked for and not sent, by whatever method: none is taken. The ballot itself may be asked for."""
    response = refusal(request, run, _("A vote is sent with the ballot's own form, never with a link."), 405)
    response["Allow"] = "POST"
    return response


def is_staff(request: HttpRequest) -> bool:
    """Whether somebody asks who may see who wrote what, and is logged in."""
    return bool(request.user.is_authenticated and request.user.is_staff)


def see_reveal(run: int, *, first_stands: bool = False) -> HttpResponse:
    """See other: the answer to this POST is the same address, asked for with GET."""
    address = reverse("ballot", args=[run])
    return HttpResponseRedirect(f"{address}?{STANDS}" if first_stands else address, status=303)


def said_the_same(run: int, voter: str, choice: str) -> bool:
    """Whether a voter who voted before says what was said then."""
    first = Vote.objects.select_related("choice__entry").get(run=run, voter=voter)
    return choice == (first.choice.entry.blind_label if first.choice else first.verdict)


def refusal(request: HttpRequest, number: int, why: str, status: int, again_in: int | None = None) -> HttpResponse:
    """Why a vote was not stored, and the way on; `again_in` seconds it may work. 404 for a run that nobody sees.

    Where the run is not voted on now, that is the reason, whatever else is wrong with the vote.
    """
    run = public_run(number)
    if not run.voting_is_open:
        why, status = _("Voting on this run is not open."), 409
    response = render(
        request, "votes/refused.html", {"evaluation": run.evaluation, "run": run, "why": why}, status=status
    )
    if status == ballots.TooManyVotesError.status and again_in is None:
        again_in = seconds_left(run)
    if again_in is not None:
        response["Retry-After"] = str(again_in)
    if voters.token_of(request) is None and run.voting_is_open:
        token = voters.new_token()
        voters.set_token(response, token, run, number_of_ballot(request, run, token))
    return response


def seconds_left(run: Run) -> int:
    """Until voting on the run closes: a full network has no seat before the next run."""
    closes = run.voting_closes_at or timezone.now()
    return max(1, int((closes - timezone.now()).total_seconds()))
