"""The second factor of who works in the admin: a code of an authenticator app, or one of ten that are on paper."""

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django_otp import login, verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

CODES_ON_PAPER = 10
DIGITS = 6
NAME = "authenticator app"


def is_missing(request: HttpRequest) -> bool:
    """Whether this session has shown no second factor, and the site asks for one."""
    return bool(settings.SECOND_FACTOR) and not request.user.is_verified()  # type: ignore[union-attr]


class CodeForm(forms.Form):
    """One code. A wrong one is refused in the same words, whatever is wrong with it."""

    code = forms.CharField(
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, app: TOTPDevice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.app = user, app
        self.device: Any = None

    def clean_code(self) -> str:
        """The device whose code it is. Each wrong code makes the next wait longer."""
        code = str(self.cleaned_data["code"]).replace(" ", "").lower()
        device = self.app if code.isdecimal() and len(code) == DIGITS else paper_of(self.user)
        self.device = verify_token(self.user, device.persistent_id, code) if device else None
        if self.device is None:
            raise forms.ValidationError(_("That code is not right now. Wait for the next one, and type it again."))
        return code


def app_of(user: User) -> TOTPDevice:
    """The user's authenticator app; one that waits for its first code where there is none."""
    devices = TOTPDevice.objects.filter(user=user).order_by("-confirmed", "pk")
    return devices.first() or TOTPDevice.objects.create(user=user, name=NAME, confirmed=False)


def paper_of(user: User) -> StaticDevice | None:
    """The user's codes on paper."""
    return StaticDevice.objects.filter(user=user, confirmed=True).first()


@transaction.atomic
def confirm(app: TOTPDevice) -> list[str]:
    """Trust the app from now on; the codes for the day when it is lost, shown this once."""
    TOTPDevice.objects.filter(pk=app.pk).update(confirmed=True)
    paper, _made = StaticDevice.objects.get_or_create(user=app.user, name="codes on paper")
    paper.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(CODES_ON_PAPER)]
    paper.token_set.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return codes


@never_cache
@csrf_protect
def ask(request: HttpRequest, onward: str, frame: dict[str, Any]) -> HttpResponse:
    """The page that asks for a code; with a picture to scan where no app is known yet."""
    user = request.user
    assert isinstance(user, User)
    if user.is_verified():  # type: ignore[attr-defined]
        return HttpResponseRedirect(onward)
    app = app_of(user)
    form = CodeForm(request.POST or None, user=user, app=app)
    facts = {**frame, "form": form, "next": onward, "app": app, "is_nav_sidebar_enabled": False}
    if request.method == "POST" and form.is_valid():
        codes = [] if app.confirmed else confirm(app)
        request.session.cycle_key()
        login(request, form.device)
        if codes:
            return render(
                request, "admin/second_factor_codes.html", facts | {"codes": codes, "title": _("Codes on paper")}
            )
        return HttpResponseRedirect(onward)
    if not app.confirmed:
        facts |= {"picture": picture_of(app), "key": key_of(app)}
    return render(request, "admin/second_factor.html", facts | {"title": _("Second factor")})


def picture_of(app: TOTPDevice) -> SafeString:
    """What the app scans, as the address of an image that is inside the page."""
    return SafeString(segno.make(app.config_url).svg_data_uri(scale=4, dark="#000", light="#fff"))


def key_of(app: TOTPDevice) -> str:
    """What is typed into an app that cannot scan."""
    text = b32encode(app.bin_key).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
