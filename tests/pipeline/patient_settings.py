"""The project's settings, with a sandbox whose models take longer than any test waits."""

from futbolreport.settings import *  # noqa: F403

SANDBOX_ANSWER_SECONDS = 600
