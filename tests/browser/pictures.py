"""Takes the pictures of the README and of the docs anew: `make pictures`."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluations.models import Budget, Evaluation, Prompt, Run
from tests.browser.conftest import make_sandbox, run_to_the_end
from tests.desk.people import make_editor
from tests.environment import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

DOCS = ROOT / "docs"
README, EDITORS = {"width": 1400, "height": 1050}, {"width": 1280, "height": 820}
MODELS = {"thorough": "Thorough", "brief": "Brief", "inventor": "Inventor", "freeform": "Freeform"}
FORMAT = {
    "title": True,
    "sections": [
        {"heading": "Transfers", "style": "bullets", "min_items": 2, "max_items": 8},
        {"heading": "Standings", "style": "prose", "min_words": 30, "max_words": 150},
    ],
    "max_words": 700,
    "no_links": True,
}


@pytest.fixture
def newspaper(settings: Any) -> Evaluation:
    """A sandbox evaluation with a decided run, and a draft of its next prompt."""
    settings.SANDBOX_ANSWER_SECONDS = 0
    evaluation = make_sandbox(len(MODELS), scheduled=True, schedule_start=timezone.now() + timedelta(hours=20))
    Evaluation.objects.filter(pk=evaluation.pk).update(name="Futbol Report", max_usd_per_run=2, max_usd_per_day=5)
    for model, (slug, name) in zip(evaluation.roster.all(), MODELS.items(), strict=True):
        evaluation.roster.filter(pk=model.pk).update(slug=slug, name=name, model_id=f"sandbox/{slug}")
    words = "You are a sports analyst writing a football report for a newsroom. Use the sources only."
    Prompt.objects.create(evaluation=evaluation, system_text=words, output_format=FORMAT)
    run = run_to_the_end(Evaluation.objects.get(pk=evaluation.pk))
    decided = timezone.now() - timedelta(hours=80)
    Run.objects.filter(pk=run.pk).update(
        published_at=decided, voting_opens_at=decided, voting_closes_at=decided + timedelta(hours=72)
    )
    Prompt.objects.create(
        evaluation=evaluation,
        system_text=words.replace("a sports analyst", "a reporter"),
        output_format=FORMAT | {"max_words": 500},
        note="Shorter, and no opinions",
        published_at=None,
        author=User.objects.create_user("ada"),
    )
    Budget.objects.create(day=timezone.now().date(), spent_usd=Decimal("0.2315"))
    return Evaluation.objects.get(pk=evaluation.pk)


def test_take_every_picture_anew(chromium, live_server, newspaper):
    roster = reverse("admin:evaluations_modelconfig_changelist")
    draft, run = newspaper.prompts.order_by("-version")[0], newspaper.runs.get()
    pages = {
        "comparison": reverse("run", args=[run.pk]),
        "editors/first-page": reverse("admin:index"),
        "editors/choose": reverse("admin:evaluations_modelconfig_choose") + f"?evaluation={newspaper.pk}",
        "editors/roster": f"{roster}?evaluation__id__exact={newspaper.pk}",
        "editors/prompt": reverse("admin:evaluations_prompt_change", args=[draft.pk]),
        "editors/difference": reverse("admin:evaluations_prompt_difference", args=[draft.pk]),
        "editors/preview": reverse("admin:evaluations_prompt_preview", args=[draft.pk]),
        "editors/next-run": reverse("admin:evaluations_evaluation_next", args=[newspaper.pk]),
        "editors/money": reverse("admin:money"),
    }
    context = chromium.new_context()
    client = Client()
    client.force_login(make_editor())
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    for name, address in pages.items():
        path = DOCS / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        page.set_viewport_size(README if name == "comparison" else EDITORS)
        page.goto(live_server.url + address, wait_until="networkidle")
        page.screenshot(path=path)
        print(f"took {path.relative_to(ROOT)}")
