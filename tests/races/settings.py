"""The site's own settings, static files as they lie; with SABOTAGE, without what guards against a lost database."""

import os

from futbolreport.settings import *  # noqa: F403
from futbolreport.settings import MIDDLEWARE, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "futbolreport.static_files.PlainStorage"}
if os.environ.get("SABOTAGE"):
    MIDDLEWARE.remove("evaluations.views.database.DatabaseGuard")
    ROOT_URLCONF = "tests.races.unguarded"
