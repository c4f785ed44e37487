"""Addresses of ballots and standings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
