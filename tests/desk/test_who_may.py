"""Every address of the admin, as anonymous, reader, editor and superuser, against a written table."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import NoReverseMatch, reverse

from evaluations.models import ModelConfig, Provider, Report
from tests.desk.conftest import Visit
from tests.factories import make_run

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reader", "editor", "superuser")

# Who may open the pages of each kind: `list`, `one` (its page, its history, what is shown of it), `add`, `delete`.
# A kind that is not named here is a superuser's alone.
EDITORS_MAY = {
    "evaluations_evaluation": {"list", "one", "add"},
    "evaluations_modelconfig": {"list", "one", "add", "delete"},
    "evaluations_prompt": {"list", "one", "add"},
    "evaluations_provider": {"list", "one"},
    "evaluations_run": {"list", "one"},
    "evaluations_report": {"list", "one"},
    "evaluations_runentry": {"list", "one"},
    "evaluations_attempt": {"list", "one"},
    "evaluations_budget": {"list", "one"},
    "evaluations_lockedcontext": {"list", "one"},
    "evaluations_slot": {"list", "one"},
    "evaluations_job": {"list", "one"},
    "admin_logentry": {"list", "one"},
}
# Nobody adds or deletes what happened, superusers no more than others.
NOBODY_ADDS = {
    f"evaluations_{kind}" for kind in ("run", "report", "runentry", "attempt", "budget", "lockedcontext", "slot", "job")
} | {"admin_logentry", "votes_vote", "votes_closing", "votes_computation", "votes_standing", "votes_votedrun"}
# The secret behind somebody's second factor is shown to nobody but them, once.
NOBODY_SEES = {"otp_totp_totpdevice_config", "otp_totp_totpdevice_qrcode"}
PAGES = {"changelist": "list", "add": "add", "change": "one", "history": "one", "delete": "delete"}
# Addresses that belong to no kind of thing.
FOR_EVERYBODY = {
    "login", "second_factor",
    "password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete",
}  # fmt: skip
FOR_STAFF = {
    "index",
    "money",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
}


def names() -> Iterator[str]:
    """The name of every address of the admin."""
    for pattern in admin.site.get_urls():
        for inner in getattr(pattern, "url_patterns", [pattern]):
            if inner.name:
                yield inner.name


def kind_and_page(name: str) -> tuple[str, str]:
    """`evaluations_run_change` is the page `change` of the kind `evaluations_run`."""
    for model in admin.site._registry:
        kind = f"{model._meta.app_label}_{model._meta.model_name}"
        if name.startswith(f"{kind}_"):
            return kind, name.removeprefix(f"{kind}_")
    return "", name


def lowest_role(name: str) -> str:
    """From whom on an address may be opened; empty where nobody may."""
    kind, page = kind_and_page(name)
    if not kind:
        assert name in FOR_EVERYBODY | FOR_STAFF, f"{name} stands in no table: write down who may open it."
        return "anonymous" if name in FOR_EVERYBODY else "staff"
    if name in NOBODY_SEES:
        return ""
    page = PAGES.get(page, "one")
    if page in ("add", "delete") and kind in NOBODY_ADDS and page not in EDITORS_MAY.get(kind, ()):
        return ""
    return "editor" if page in EDITORS_MAY.get(kind, ()) else "superuser"


@pytest.fixture
def things(visit: Visit) -> dict[str, object]:
    """One thing of every kind that there is, by its kind."""
    run = make_run()
    fields = {"provider": Provider.objects.all()[0], "name": "Unused", "slug": "unused", "model_id": "acme/unused"}
    unused = ModelConfig.objects.create(evaluation=run.evaluation, **fields)
    found = {}
    for model in admin.site._registry:
        kind = f"{model._meta.app_label}_{model._meta.model_name}"
        found[kind] = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
    return found | {"evaluations_modelconfig": unused.pk}  # one with a history cannot be deleted


def addresses(things: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every address that can be made, with its name."""
    for name in names():
        kind, _ = kind_and_page(name)
        one = things.get(kind) or 1
        for args in ([], [one], [one, one], ["evaluations"], ["x", "y"]):
            try:
                yield name, reverse(f"admin:{name}", args=args)
            except NoReverseMatch:
                continue
            break


def opens(status: int) -> bool:
    """Whether a page was given, or nothing was there to give; not a refusal, and not the way to the login."""
    return status not in (302, 403)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_of_the_admin_opens_for_those_in_the_table_alone(visit: Visit, things, role: str) -> None:
    client = visit(role)
    wrong = []
    for name, address in addresses(things):
        lowest = lowest_role(name)
        if name in ("logout", "second_factor", "autocomplete", "view_on_site", "login"):
            continue  # they lead elsewhere by their nature; each has its test below
        response = client.get(address)
        may = bool(lowest) and ROLES.index(role) >= ROLES.index("editor" if lowest == "staff" else lowest)
        if opens(response.status_code) != may and not (may and leads_inside(response)):
            wrong.append((name, address, response.status_code, lowest))
    assert wrong == [], wrong


def leads_inside(response) -> bool:
    """Whether it leads on to another page of the admin, and not to the login: what is no longer there says so."""
    return response.status_code == 302 and "/login/" not in response["Location"]


def test_the_table_names_every_kind_that_is_registered() -> None:
    kinds = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    alone = {
        "auth_user", "auth_group", "votes_vote", "votes_closing", "votes_computation", "votes_standing",
        "votes_votedrun",
        "otp_totp_totpdevice", "otp_static_staticdevice",
    }  # fmt: skip
    assert kinds == alone | set(EDITORS_MAY)


@pytest.mark.parametrize("role", ["anonymous", "reader"])
@pytest.mark.parametrize("name", ["autocomplete", "view_on_site"])
def test_what_leads_elsewhere_leads_readers_to_the_login(visit: Visit, things, role: str, name: str) -> None:
    args = [1, 1] if name == "view_on_site" else []
    response = visit(role).get(reverse(f"admin:{name}", args=args))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_posting_where_one_may_not_changes_nothing(visit: Visit, things) -> None:
    report = Report.objects.get(pk=things["evaluations_report"])
    for role in ("anonymous", "reader"):
        for name, address in addresses(things):
            if lowest_role(name) != "anonymous" and name != "logout":
                assert visit(role).post(address, {"withheld_note": "x", "post": "yes"}).status_code in (302, 403)
    report.refresh_from_db()
    assert report.withheld_at is None
    assert User.objects.filter(username__in=["ed", "reader"]).count() == 2


def test_an_editor_has_no_right_to_votes_users_or_groups() -> None:
    held = Group.objects.get(name="Editors").permissions.values_list("content_type__app_label", flat=True)
    assert set(held) == {"evaluations", "admin"}
    assert {kind.split("_")[0] for kind in EDITORS_MAY} == {"evaluations", "admin"}
    assert apps.get_model("votes", "Vote")
