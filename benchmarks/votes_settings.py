"""The site's own settings with one address more, a bare insert to compare a vote with."""

from futbolreport.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.votes_site"
