"""Coming in: ten wrong passwords, the second factor, a forgotten password, the end of a session, who changed what."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from evaluations.models import Evaluation
from tests.factories import make_run
from tests.test_admin import address, save

pytestmark = pytest.mark.django_db

PASSWORD = "test-horse and battery"
LOGIN = "/admin/login/"


def try_to_log_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post(f"{LOGIN}?next=/admin/", {"username": name, "password": password, "next": "/admin/"})


def words_on(response: Any) -> str:
    """The page without what differs from request to request."""
    return re.sub(r'(value|nonce)="[^"]*"', "", response.content.decode())


# Ten wrong passwords


def test_after_ten_wrong_passwords_the_right_one_is_refused_in_the_same_words(editor: User) -> None:
    client = Client()
    refusals = {words_on(try_to_log_in(client, "ed", f"wrong {n}")) for n in range(10)}
    locked = try_to_log_in(client, "ed")
    assert locked.status_code == 200
    assert {words_on(locked)} == refusals


def test_nine_wrong_passwords_lock_nobody_out(editor: User) -> None:
    client = Client()
    for n in range(9):
        try_to_log_in(client, "ed", f"wrong {n}")
    assert try_to_log_in(client, "ed").status_code == 302


def test_other_addresses_and_other_browsers_help_nobody_past_the_lock(editor: User) -> None:
    for n in range(10):
        strange = Client(REMOTE_ADDR=f"198.51.100.{n}", HTTP_USER_AGENT=f"agent {n}")
        try_to_log_in(strange, "ed", "wrong")
    assert try_to_log_in(Client(REMOTE_ADDR="203.0.113.9"), "ed").status_code == 200


def test_a_name_that_nobody_has_is_refused_in_the_same_words_before_and_after_the_lock(editor: User) -> None:
    client = Client()
    of_nobody = {words_on(try_to_log_in(client, "nobody", "wrong")) for _ in range(12)}
    of_somebody = {words_on(try_to_log_in(client, "ed", "wrong")) for _ in range(12)}
    assert of_nobody == of_somebody
    assert len(of_nobody) == 1


def test_the_lock_opens_by_itself_whatever_is_tried_meanwhile(editor: User) -> None:
    client = Client()
    for _ in range(12):
        try_to_log_in(client, "ed", "wrong")
    first = AccessAttempt.objects.get()
    try_to_log_in(client, "ed", "wrong")
    assert AccessAttempt.objects.get().attempt_time == first.attempt_time
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert try_to_log_in(client, "ed").status_code == 302


def test_nothing_is_kept_of_where_somebody_tried_from(editor: User) -> None:
    try_to_log_in(Client(REMOTE_ADDR="203.0.113.9"), "ed", "a wrong password")
    kept = " ".join(str(value) for value in AccessAttempt.objects.values().get().values())
    assert "203.0.113.9" not in kept
    assert "a wrong password" not in kept


# The second factor


@pytest.fixture
def strict(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06d}"


def answer_with(client: Client, code: str) -> Any:
    return client.post("/admin/second-factor/", {"code": code, "next": "/admin/"})


def test_the_password_alone_opens_nothing_where_a_second_factor_is_asked_for(strict, editor: User) -> None:
    client = Client()
    assert try_to_log_in(client, "ed").status_code == 302
    page = client.get("/admin/evaluations/run/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/admin/second-factor/")
    assert client.post(address(Evaluation.objects.all()[0]), {"name": "x"}).status_code == 302
    assert not Evaluation.objects.filter(name="x").exists()


def test_the_password_alone_shows_no_run_in_progress(strict, editor: User, known_device) -> None:
    run = make_run()
    client = Client()
    try_to_log_in(client, "ed")
    assert client.get(f"/runs/{run.pk}/progress/").status_code == 404
    answer_with(client, code_of(known_device))
    assert client.get(f"/runs/{run.pk}/progress/").status_code == 200


def test_the_first_time_a_picture_is_scanned_and_codes_for_paper_are_given(strict, editor: User) -> None:
    client = Client()
    try_to_log_in(client, "ed")
    page = client.get("/admin/second-factor/").content.decode()
    device = TOTPDevice.objects.get(user=editor)
    assert "data:image/svg+xml" in page
    codes = answer_with(client, code_of(device)).content.decode()
    assert len(StaticToken.objects.all()) == 10
    assert all(token.token in codes for token in StaticToken.objects.all())
    assert client.get("/admin/").status_code == 200
    assert "data:image" not in client.get("/admin/second-factor/", follow=True).content.decode()


@pytest.fixture
def known_device(editor: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=editor, name="phone", confirmed=True)


def test_later_the_code_of_the_app_or_one_on_paper_is_enough_once(strict, editor: User, known_device) -> None:
    paper = editor.staticdevice_set.create(name="paper")
    paper.token_set.create(token="abcd2345")
    for code in (code_of(known_device), "abcd2345"):
        client = Client()
        try_to_log_in(client, "ed")
        assert "data:image" not in client.get("/admin/second-factor/").content.decode()
        assert answer_with(client, code).status_code == 302
        assert client.get("/admin/").status_code == 200
    again = Client()
    try_to_log_in(again, "ed")
    assert answer_with(again, "abcd2345").status_code == 200
    assert again.get("/admin/").status_code == 302


def test_a_wrong_code_is_refused_and_makes_the_next_one_wait(strict, editor: User, known_device) -> None:
    client = Client()
    try_to_log_in(client, "ed")
    assert "not right now" in answer_with(client, "000000").content.decode()
    assert answer_with(client, code_of(known_device)).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_somebody_elses_device_opens_nothing(strict, editor: User) -> None:
    other = User.objects.create_user("other", is_staff=True)
    device = TOTPDevice.objects.create(user=other, name="phone", confirmed=True)
    client = Client()
    try_to_log_in(client, "ed")
    assert answer_with(client, code_of(device)).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_the_second_factor_leads_on_to_no_other_site(strict, editor: User, known_device) -> None:
    client = Client()
    try_to_log_in(client, "ed")
    given = {"code": code_of(known_device), "next": "https://elsewhere.example/"}
    assert client.post("/admin/second-factor/", given)["Location"] == "/admin/"


def test_a_site_on_ones_own_machine_asks_for_no_second_factor(editors_browser: Client) -> None:
    assert editors_browser.get("/admin/").status_code == 200


# A forgotten password


def test_a_forgotten_password_is_made_anew_over_a_link_by_mail(editor: User) -> None:
    client = Client()
    assert reverse("admin:password_reset") in client.get(LOGIN).content.decode()
    client.post(reverse("admin:password_reset"), {"email": "ed@futbol.example"})
    (letter,) = mail.outbox
    link = re.search(r"http://127.0.0.1:8000(\S+)", letter.body)
    assert link
    page = client.get(link[1], follow=True)
    new = {"new_password1": "test-horse of another", "new_password2": "test-horse of another"}
    done = client.post(page.redirect_chain[-1][0], new, follow=True)
    assert done.status_code == 200
    assert try_to_log_in(Client(), "ed", "test-horse of another").status_code == 302
    assert "new_password1" not in client.get(link[1], follow=True).content.decode()


def test_whether_an_address_is_known_is_not_told(editor: User) -> None:
    answers = [
        Client().post(reverse("admin:password_reset"), {"email": mail_address}, follow=True)
        for mail_address in ("ed@futbol.example", "nobody@futbol.example")
    ]
    assert words_on(answers[0]) == words_on(answers[1])
    assert len(mail.outbox) == 1


# Sessions


def test_a_session_ends_with_the_browser_and_after_a_working_day(editor: User) -> None:
    client = Client()
    try_to_log_in(client, "ed")
    assert client.cookies["sessionid"]["max-age"] == ""
    session = client.session
    assert session.get_expiry_age() <= 12 * 60 * 60


# Who changed what


def test_the_history_tells_from_which_value_to_which(editors_browser: Client, editor: User) -> None:
    evaluation = Evaluation.objects.get(slug="futbol-report")
    changes = {"max_usd_per_day": "7", "queries-0-text": "injuries"}
    save(editors_browser, address(evaluation), **changes)
    entry = LogEntry.objects.latest("pk")
    assert (entry.user, entry.object_id) == (editor, str(evaluation.pk))
    assert "Max usd per day: 5 → 7" in entry.change_message
    assert "recent football fixtures → injuries" in entry.change_message
    history = editors_browser.get(address(evaluation, "history")).content.decode()
    assert "5 → 7" in history
    assert "5 → 7" in editors_browser.get(reverse("admin:admin_logentry_changelist")).content.decode()


def test_what_became_of_accounts_is_told_to_superusers_alone(editors_browser: Client, admin_client: Client) -> None:
    admin_client.post(
        reverse("admin:auth_user_add"),
        {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
    )
    log = reverse("admin:admin_logentry_changelist")
    assert "newcomer" in admin_client.get(log).content.decode()
    assert "newcomer" not in editors_browser.get(log).content.decode()
