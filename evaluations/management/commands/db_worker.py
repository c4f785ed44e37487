"""`manage.py db_worker`: a worker of django-tasks-db that also says that it is there."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from evaluations.management.presence import presence


class Command(db_worker.Command):
    """Its own command, options and all."""

    def handle(self, *, worker_id: str, **options: Any) -> None:
        """Work until it is stopped."""
        with presence(worker_id):
            super().handle(worker_id=worker_id, **options)
