"""Django admin: editors change the assignment here, and read what became of it.

Empty but for the registrations that Django looks for under this name.
"""

from django.contrib import admin

from . import assignment, decisions, history  # noqa: F401

admin.site.site_title = admin.site.site_header = "Futbol Report"
admin.site.index_title = "Newsroom"
