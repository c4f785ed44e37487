"""The admin's addresses, and everything that it imports."""

from django.contrib import admin

admin.autodiscover()

urlpatterns = admin.site.urls[0]
