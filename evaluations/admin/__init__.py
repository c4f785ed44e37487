"""Django admin: editors change the assignment here, and read what became of it.

Empty but for the registrations that Django looks for under this name.
"""

from . import assignment, changes, history  # noqa: F401
from .prompts import pages as prompts  # noqa: F401
from .roster import pages as roster  # noqa: F401
from .runs import page as runs  # noqa: F401
from .runs import reports  # noqa: F401
