"""The site's own settings with one address more, a bare insert to compare a vote with; static files as they lie."""

from futbolreport.settings import *  # noqa: F403
from futbolreport.settings import STORAGES

ROOT_URLCONF = "benchmarks.votes_site"
STORAGES["staticfiles"] = {"BACKEND": "futbolreport.static_files.PlainStorage"}
