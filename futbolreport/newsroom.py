"""The admin's site: who may come in, in how many steps, and what is on its first page."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from . import second_factor


class Newsroom(admin.AdminSite):
    """Django's admin behind a second factor, with a way back for who forgot a password."""

    site_title = site_header = "Futbol Report"
    index_title = "Newsroom"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether they are staff, and have shown their second factor where one is asked for."""
        return super().has_permission(request) and not second_factor.is_missing(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The password first; who has given it goes on to the second factor."""
        if request.method == "GET" and super().has_permission(request) and second_factor.is_missing(request):
            query = urlencode({"next": request.GET.get("next", "")})
            return HttpResponseRedirect(f"{reverse_lazy('admin:second_factor')}?{query}")
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What an editor should see first."""
        from evaluations.admin.first_page import facts

        return super().index(request, {**facts(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What editors work with first, in the order of the show; what is behind it after that."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for model in app["models"]:
                model["name"] = NAMES.get(model["object_name"], model["name"])
            app["models"].sort(key=lambda model: (place_of(model["object_name"]), model["name"]))
        return sorted(apps, key=lambda app: app["app_label"] != "evaluations")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Beside Django's own: the second factor, and four steps back to a forgotten password."""
        return [
            path("second-factor/", self.second_factor, name="second_factor"),
            *(path(where, self.step(view, **options), name=name) for name, where, view, options in PASSWORD_STEPS),
            path("money/", self.admin_view(self.money), name="money"),
            *super().get_urls(),
        ]

    def money(self, request: HttpRequest) -> HttpResponse:
        """What was spent, what will be, and under which ceilings."""
        from evaluations.admin import money

        if not request.user.has_perm("evaluations.view_budget"):
            raise PermissionDenied
        frame = {**self.each_context(request), "title": "Money"}
        return TemplateResponse(request, "admin/money.html", frame | money.facts())

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Asked for after the password, or set up the first time; nobody else has business here."""
        if not super().has_permission(request):
            return HttpResponseRedirect(str(reverse_lazy("admin:login")))
        onward = request.POST.get("next", request.GET.get("next", ""))
        if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
            onward = str(reverse_lazy("admin:index"))
        return second_factor.ask(request, onward, self.each_context(request))

    def step(self, view: type[Any], **options: Any) -> Any:
        """One of Django's views around passwords, in the admin's frame."""

        def view_in_frame(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            frame = {**self.each_context(request), "is_nav_sidebar_enabled": False}
            response: HttpResponseBase = view.as_view(extra_context=frame, **options)(request, **kwargs)
            return response

        return view_in_frame


NAMES = {"ModelConfig": "Models", "LogEntry": "Who changed what"}
ORDER = ("Evaluation", "Prompt", "ModelConfig", "Provider", "Run", "Report", "Job", "Slot")


def place_of(model: str) -> int:
    """Where a kind of thing stands in the lists of the admin."""
    return ORDER.index(model) if model in ORDER else len(ORDER)


PASSWORD_STEPS: tuple[tuple[str, str, type[Any], dict[str, Any]], ...] = (
    (
        "password_reset",
        "password-reset/",
        views.PasswordResetView,
        {
            "success_url": reverse_lazy("admin:password_reset_done"),
            "extra_email_context": {"site": settings.SITE_URL},
            "email_template_name": "admin/password_reset_email.txt",
            "subject_template_name": "admin/password_reset_subject.txt",
        },
    ),
    ("password_reset_done", "password-reset/sent/", views.PasswordResetDoneView, {}),
    (
        "password_reset_confirm",
        "password-reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView,
        {"success_url": reverse_lazy("admin:password_reset_complete")},
    ),
    ("password_reset_complete", "password-reset/done/", views.PasswordResetCompleteView, {}),
)
