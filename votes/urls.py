"""Addresses of ballots and standings."""

from django.urls import path

from votes import views

urlpatterns = [
    path("runs/<int:run>/ballot/", views.ballot, name="ballot"),
    path("standings/", views.standings, name="standings"),
    path("api/standings/", views.api_standings, name="api_standings"),
]
