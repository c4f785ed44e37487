"""Prompts: every save a version, the format as rows, differences, the preview, trials, publishing and rolling back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from evaluations.models import Evaluation, Job, ModelConfig, Prompt, Run
from evaluations.providers.batch import Messages
from evaluations.scoring.format.check import instructions
from tests.factories import make_run
from tests.test_admin import address, form_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.get(slug="futbol-report")


@pytest.fixture
def first(evaluation: Evaluation) -> Prompt:
    assert evaluation.prompt
    return evaluation.prompt


def filled_in(response: Any) -> dict[str, Any]:
    """What a browser would send of the form, the rows of the sections as the lists that they are."""
    form = response.context["adminform"].form
    data = {name: value for name, value in form_on(response).items() if name != "sections"}
    rows = form["sections"].value() or []
    for key in ("heading", "style", "min_words", "max_words", "min_items", "max_items"):
        data[f"sections-{key}"] = [str(row.get(key, "any" if key == "style" else "")) for row in rows]
    return data


def save(client: Client, url: str, button: str = "_save", **changes: Any) -> Any:
    data = filled_in(client.get(url)) | changes
    sent = {name: value for name, value in data.items() if value is not None}
    return client.post(url, sent | {button: "1"}, follow=True)


# Writing


def test_saving_an_edited_prompt_makes_a_draft_that_no_run_uses(
    editors_browser, editor: User, evaluation, first
) -> None:
    words = "Report on football.\r\nUse the sources only."
    page = save(editors_browser, address(first), system_text=words, note="Shorter")
    second = evaluation.prompts.get(version=2)
    assert (second.system_text, second.note, second.author) == (words.replace("\r\n", "\n"), "Shorter", editor)
    assert second.output_format == first.output_format
    assert evaluation.prompt == first
    assert Prompt.objects.get(pk=first.pk).system_text == first.system_text
    assert "Saved as version 2, a draft" in page.content.decode()


def test_saving_and_publishing_at_once_puts_the_version_in_force(editors_browser, editor, evaluation, first) -> None:
    save(editors_browser, address(first), "_publish", system_text="Second.")
    assert evaluation.prompt.version == 2
    assert (evaluation.prompt.published_by, evaluation.prompt.author) == (editor, editor)


def test_the_first_prompt_of_an_evaluation_is_in_force_at_once(editors_browser) -> None:
    new = Evaluation.objects.create(name="New", slug="new")
    url = reverse("admin:evaluations_prompt_add")
    save(editors_browser, url, evaluation=new.pk, system_text="Report.")
    assert new.prompt
    assert new.prompt.output_format == {}


def test_an_untouched_form_makes_no_version(editors_browser, evaluation, first) -> None:
    as_browsers_send_it = first.system_text.replace("\n", "\r\n")
    response = save(editors_browser, address(first), system_text=as_browsers_send_it)
    assert "Nothing was changed" in response.content.decode()
    assert evaluation.prompts.count() == 1


def test_the_rows_write_the_format_and_its_instructions(editors_browser, evaluation, first) -> None:
    changes = {
        "title": None,
        "min_words": "100",
        "max_words": "300",
        "required_phrases": "Full time\nHalf time",
        "sections-heading": ["Results", "", "Transfers"],
        "sections-style": ["prose", "any", "bullets"],
        "sections-min_words": ["20", "", ""],
        "sections-max_words": ["", "", ""],
        "sections-min_items": ["", "", "2"],
        "sections-max_items": ["", "", "5"],
    }
    save(editors_browser, address(first), **changes)
    made = evaluation.prompts.get(version=2).output_format
    assert "title" not in made
    assert (made["min_words"], made["max_words"]) == (100, 300)
    assert made["required_phrases"] == ["Full time", "Half time"]
    assert made["sections"] == [
        {"heading": "Results", "style": "prose", "min_words": 20},
        {"heading": "Transfers", "style": "bullets", "min_items": 2, "max_items": 5},
    ]
    assert '"Full time"' in instructions(made) or "Full time" in evaluation.prompts.get(version=2).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"min_words": "400", "max_words": "300"}, "min_words&quot; is greater than &quot;max_words"),
        ({"required_phrases": "Goal", "forbidden_phrases": "goal"}, "stands in both"),
        ({"sections-heading": ["A", "a", "", "", ""]}, "stands twice"),
        ({"sections-min_words": ["many", "", "", "", ""]}, "must be a whole number, not “many”"),
        ({"min_words": "-1"}, "greater than or equal to 0"),
        ({"system_text": " "}, "This field is required"),
    ],
)
def test_a_format_that_cannot_be_checked_is_refused_in_words(
    editors_browser, evaluation, first, changes, message
) -> None:
    response = save(editors_browser, address(first), **changes)
    assert message in response.content.decode()
    assert evaluation.prompts.count() == 1


def test_what_the_form_has_no_field_for_is_kept(editors_browser, evaluation) -> None:
    stored = Prompt.objects.create(
        evaluation=evaluation,
        system_text="Old.",
        output_format={"paragraph_divider": "***", "language": "en", "title": True},
    )
    save(editors_browser, address(stored), system_text="New.")
    assert evaluation.prompts.get(version=stored.version + 1).output_format == stored.output_format


def test_the_form_shows_the_instructions_while_it_is_filled_in(editors_browser, first) -> None:
    data = filled_in(editors_browser.get(address(first))) | {"max_words": "777"}
    answer = editors_browser.post(reverse("admin:evaluations_prompt_instructions"), data).content.decode()
    assert "777 words" in answer
    data |= {"min_words": "900"}
    assert (
        "Not yet a format"
        in editors_browser.post(reverse("admin:evaluations_prompt_instructions"), data).content.decode()
    )


def test_two_editors_on_one_prompt_lose_nothing_and_are_told(editors_browser, admin_client, evaluation, first) -> None:
    form = filled_in(admin_client.get(address(first)))
    save(editors_browser, address(first), system_text="Ed's.")
    page = admin_client.post(address(first), form | {"system_text": "Root's.", "_save": "1"}, follow=True)
    assert "somebody else saved version 2 by ed" in page.content.decode()
    assert list(evaluation.prompts.order_by("version").values_list("system_text", flat=True))[1:] == [
        "Ed's.",
        "Root's.",
    ]


# In force


@pytest.fixture
def second(evaluation: Evaluation, first: Prompt) -> Prompt:
    return Prompt.objects.create(evaluation=evaluation, system_text="Second.", published_at=None, note="Try this")


def test_a_draft_is_published_in_one_click(editors_browser, editor, evaluation, second) -> None:
    assert evaluation.prompt != second
    editors_browser.post(reverse("admin:evaluations_prompt_publish", args=[second.pk]))
    assert evaluation.prompt == second
    assert evaluation.prompt.published_by == editor


def test_an_older_version_is_rolled_back_to_in_one_click_and_the_log_says_who(
    editors_browser, evaluation, first, second
) -> None:
    second.publish(None)
    page = editors_browser.get(address(first)).content.decode()
    assert "Roll back to this" in page
    editors_browser.post(reverse("admin:evaluations_prompt_publish", args=[first.pk]))
    assert evaluation.prompt == first
    history = editors_browser.get(address(first, "history")).content.decode()
    assert "Rolled back to version 1; before: version 2." in history
    assert "ed" in history


def test_the_version_in_force_has_no_button_to_publish_it(editors_browser, first) -> None:
    assert "Roll back" not in editors_browser.get(address(first)).content.decode()


def test_publishing_takes_a_post_and_the_right(editors_browser, client, evaluation, first, second) -> None:
    url = reverse("admin:evaluations_prompt_publish", args=[second.pk])
    assert editors_browser.get(url).status_code == 405
    assert client.post(url).status_code == 302
    client.force_login(User.objects.create_user("guest", is_staff=True))
    assert client.post(url).status_code == 403
    assert evaluation.prompt == first


def test_a_prompt_that_came_with_an_imported_run_is_never_in_force(editors_browser, evaluation, first) -> None:
    foreign = Prompt.objects.create(evaluation=evaluation, system_text="Elsewhere.", imported=True)
    assert evaluation.prompt == first
    assert editors_browser.post(reverse("admin:evaluations_prompt_publish", args=[foreign.pk])).status_code == 403
    assert evaluation.prompt == first


# Looking


def test_the_difference_between_any_two_versions_is_shown_line_by_line(editors_browser, first, second) -> None:
    url = reverse("admin:evaluations_prompt_difference", args=[second.pk])
    page = editors_browser.get(url, {"with": "1"}).content.decode()
    assert '<div class="new">Second.</div>' in page
    assert '<div class="gone">You are a sports analyst writing a football report for a newsroom.</div>' in page
    assert "Try this" in page


def test_the_preview_is_exactly_what_a_run_on_that_material_would_send(editors_browser, evaluation, second) -> None:
    run = make_run(evaluation)
    page = editors_browser.get(reverse("admin:evaluations_prompt_preview", args=[second.pk]), {"run": run.pk})
    sent = Messages(second.text, run.context.text)
    assert page.context["preview"].messages == sent
    assert sent.sha256 in page.content.decode()
    quotes = {quote.model.slug: quote for quote in page.context["preview"].quotes}
    assert set(quotes) == {"claude", "kimi", "qwen", "gemma"}
    assert quotes["kimi"].worst_usd > quotes["gemma"].worst_usd > 0


def test_without_material_the_preview_says_what_to_do_first(editors_browser, first) -> None:
    page = editors_browser.get(reverse("admin:evaluations_prompt_preview", args=[first.pk])).content.decode()
    assert "No run has locked its material yet" in page


def test_a_model_that_is_too_narrow_for_the_material_is_named(editors_browser, evaluation, first) -> None:
    run = make_run(evaluation)
    ModelConfig.objects.filter(slug="gemma").update(context_window=500)
    page = editors_browser.get(reverse("admin:evaluations_prompt_preview", args=[first.pk]), {"run": run.pk})
    assert "its window of 500 tokens is too small" in page.content.decode()


def test_a_trial_is_a_job_of_one_model_with_this_version(
    editors_browser, editor, evaluation, second, monkeypatch
) -> None:
    run = make_run(evaluation)
    monkeypatch.setattr("evaluations.tasks.ask", lambda job: None)
    editors_browser.post(reverse("admin:evaluations_prompt_try", args=[second.pk]), {"run": run.pk, "model": "gemma"})
    job = Job.objects.get()
    assert (job.kind, job.asked_by) == (Job.Kind.TRIAL, editor)
    assert job.arguments == {"replay": run.pk, "models": ["gemma"], "prompt_version": 2}


def test_the_preview_follows_a_trial_by_itself_and_shows_it_beside_the_run(
    editors_browser, evaluation, second, monkeypatch
) -> None:
    run = make_run(evaluation)
    monkeypatch.setattr("evaluations.tasks.ask", lambda job: None)
    editors_browser.post(reverse("admin:evaluations_prompt_try", args=[second.pk]), {"run": run.pk, "model": "gemma"})
    preview = reverse("admin:evaluations_prompt_preview", args=[second.pk])
    assert 'hx-trigger="every 2s"' in editors_browser.get(preview, {"run": run.pk}).content.decode()
    url = reverse("admin:evaluations_prompt_trials", args=[second.pk])
    assert editors_browser.get(url, {"run": run.pk}).status_code == 200
    trial = make_run(evaluation, kind=Run.Kind.TRIAL, models=["gemma"], texts=["Tried words."], prompt=second)
    Job.objects.update(run=trial, state=Job.State.DONE)
    ended = editors_browser.get(url, {"run": run.pk})
    assert ended.status_code == 286
    assert "Tried words." in ended.content.decode()
    assert "Harbour Rovers" in ended.content.decode()
    assert 'hx-trigger="every 2s"' not in editors_browser.get(preview, {"run": run.pk}).content.decode()


def test_the_instructions_are_read_from_any_form_without_a_fault(editors_browser) -> None:
    url = reverse("admin:evaluations_prompt_instructions")
    for body in ("", "sections-heading=x", "sections-heading=&sections-style=nonsense&min_words=x", "language=xx"):
        data = QueryDict(body).dict()
        assert editors_browser.post(url, data).status_code == 200
    assert Run.objects.count() == 0
