"""Tasks as invocations of this very Lambda function: each is an asynchronous event, queued and carried out by Lambda.

How many run side by side is the function's reserved concurrency. A result is not kept: what became of a run, a job or
a slot stands in the database.
"""

import json
import os
from typing import Any

from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult, TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string

type AnyTask = Task[..., Any]
type AnyResult = TaskResult[..., Any]

COMMAND = "evaluations.scheduled.carry_out"  # what Zappa's handler calls with the event


class InvocationBackend(BaseTaskBackend):
    """A backend of `django.tasks` for AWS Lambda under Zappa."""

    def enqueue(self, task: AnyTask, args: Any, kwargs: Any) -> Any:
        """Invoke the function once more, with the task as its event. Errors of boto3 are the caller's."""
        self.validate_task(task)
        result: AnyResult = TaskResult(
            task=task,
            id=get_random_string(32),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        event = {"command": COMMAND, "task": task.module_path, "args": result.args}
        client().invoke(
            FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"], InvocationType="Event", Payload=json.dumps(event)
        )
        return result


def client() -> Any:
    """Lambda's own API; `AWS_ENDPOINT_URL_LAMBDA` names another address for it, as boto3 reads it."""
    import boto3

    return boto3.client("lambda")
