"""Addresses of the public pages."""

from django.urls import path

from evaluations import views

urlpatterns = [
    path("", views.latest, name="latest"),
    path("runs/", views.archive, name="archive"),
    path("runs/<int:run>/", views.run, name="run"),
    path("runs/<int:run>/context/", views.context, name="context"),
    path("models/<slug:slug>/", views.model, name="model"),
    path("about/", views.about, name="about"),
    path("about/scores/", views.about_scores, name="about_scores"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
]
