"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

admin.autodiscover()

handler400 = "evaluations.views.database.refused"
handler500 = "evaluations.views.database.failed"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("votes.urls")),
    path("", include("evaluations.views.urls")),
]
