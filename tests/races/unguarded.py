"""The site's addresses with Django's own answer to what broke."""

from django.views.defaults import bad_request as handler400  # noqa: F401
from django.views.defaults import server_error as handler500  # noqa: F401

from futbolreport.urls import urlpatterns  # noqa: F401
