"""Addresses of the public pages."""

from django.urls import path

from evaluations import api, feed, live, model_pages, views

urlpatterns = [
    path("", views.latest, name="latest"),
    path("runs/", views.archive, name="archive"),
    path("runs/<int:run>/", views.run, name="run"),
    path("runs/<int:run>/context/", views.context, name="context"),
    path("runs/<int:run>/difference/", views.difference, name="difference"),
    path("runs/<int:run>/progress/", live.progress, name="progress"),
    path("runs/<int:run>/reports.csv", api.run_csv, name="run_csv"),
    path("runs/<int:run>/reports.json", api.run_json, name="run_json"),
    path("models/", model_pages.models, name="models"),
    path("models/findings.csv", model_pages.findings_csv, name="findings_csv"),
    path("models/findings.json", model_pages.findings_json, name="findings_json"),
    path("models/<slug:slug>/", model_pages.model, name="model"),
    path("about/", views.about, name="about"),
    path("feed/", feed.feed, name="feed"),
    path("api/runs/", api.runs, name="api_runs"),
    path("api/runs/<int:run>/", api.run, name="api_run"),
    path("about/scores/", views.about_scores, name="about_scores"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", feed.sitemap, name="sitemap"),
]
