"""The WSGI door, for any WSGI server and for Lambda."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futbolreport.settings")

application = get_wsgi_application()

from futbolreport.static_files import require_collected  # noqa: E402 - it reads the settings

require_collected()
