"""The site's own settings with one address more, a constant to compare with, and static files out of the way."""

import os

from futbolreport.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.pages_site"
STATIC_ROOT = os.environ.get("BENCH_STATIC_ROOT", "")
