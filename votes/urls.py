"""Addresses of ballots and standings."""

from django.urls import path

from evaluations.views.late import LateViews

standings, views = LateViews("votes.standings"), LateViews("votes.views")

urlpatterns = [
    path("runs/<int:run>/ballot/", views.ballot, name="ballot"),
    path("standings/", standings.standings, name="standings"),
    path("standings/standings.csv", standings.standings_csv, name="standings_csv"),
    path("standings/standings.json", standings.standings_json, name="standings_json"),
    path("api/standings/", standings.api_standings, name="api_standings"),
]
