#!/usr/bin/env python
"""Futbol Report's command line."""

import json
import os
import sys


def main() -> None:
    """Run the management command named on the command line; 1, with one line, where the settings cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futbolreport.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--json" in sys.argv:
            print(json.dumps({"error": str(error)}))
        sys.exit(str(error))


if __name__ == "__main__":
    main()
