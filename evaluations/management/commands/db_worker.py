"""`manage.py db_worker`: a worker of django-tasks-db that also says that it is there."""

from typing import Any

from django.apps import apps
from django.conf import settings

from evaluations.management.presence import presence

if not apps.is_installed("django_tasks_db"):  # its models cannot even be imported
    raise SystemExit(f"TASKS_BACKEND is {settings.TASKS_BACKEND}: no task waits in the database for a db_worker.")

from django_tasks_db.management.commands import db_worker


class Command(db_worker.Command):
    """Its own command, options and all."""

    def handle(self, *, worker_id: str, **options: Any) -> None:
        """Work until it is stopped."""
        with presence(worker_id):
            super().handle(worker_id=worker_id, **options)
