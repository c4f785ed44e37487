"""Lambda's Runtime API on loopback, and awslambdaric in a process of its own that runs the bundle as Lambda does.

It proves what the bundle does with an event; no IAM, no gateway, no memory cap, none of AWS's own retries.
"""

import base64
import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

ACCOUNT, REGION, FUNCTION = "123456789012", "eu-central-1", "futbolreport-production"


@dataclass
class Invocation:
    """An event on its way, and what came of it: an answer, or an error as Lambda would count it."""

    event: Any
    seconds: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answer: Any = None
    error: dict[str, Any] | None = None
    done: threading.Event = field(default_factory=threading.Event)


class RuntimeApi(ThreadingHTTPServer):
    """One runtime's API: it hands events out one by one and takes what comes of them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.waiting: queue.Queue[Invocation | None] = queue.Queue()
        self.under_way: dict[str, Invocation] = {}
        self.init_error: dict[str, Any] | None = None

    @property
    def address(self) -> str:
        """Where the runtime finds it."""
        return f"127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """GET …/invocation/next, POST …/invocation/{id}/response and /error, POST …/init/error."""

    server: RuntimeApi
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """The next event; the connection waits until there is one."""
        invocation = self.server.waiting.get()
        if invocation is None:
            self.close_connection = True
            return
        self.server.under_way[invocation.id] = invocation
        body = json.dumps(invocation.event).encode()
        self.send_response(200)
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": invocation.id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + invocation.seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """What came of an event, or of the start."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        document = json.loads(body or b"null")
        parts = self.path.split("/")
        if parts[-2:] == ["init", "error"]:
            self.server.init_error = document
        elif (invocation := self.server.under_way.pop(parts[-2], None)) is not None:
            if parts[-1] == "error":
                invocation.error = document
            else:
                invocation.answer = document
            invocation.done.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


class FunctionApi(ThreadingHTTPServer):
    """Lambda's own API as far as the function calls it: an asynchronous invocation of itself joins its queue."""

    daemon_threads = True

    def __init__(self, container: "Container") -> None:
        super().__init__(("127.0.0.1", 0), Invoke)
        self.container = container


class Invoke(BaseHTTPRequestHandler):
    """POST …/functions/{name}/invocations."""

    server: FunctionApi
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        """Take the event, and answer before anything comes of it."""
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["X-Amz-Invocation-Type"] == "Event"
        self.server.container.asked.append(self.server.container.send(event))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Container:
    """One warm container: a process with a clean environment and the bundle in a folder that it cannot write."""

    def __init__(self, folder: Path, runtime: Path, environment: Mapping[str, str], log: Path) -> None:
        self.api = RuntimeApi()
        self.function = FunctionApi(self)
        self.asked: list[Invocation] = []  # what the function asked of itself
        for server in (self.api, self.function):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.log = log
        self.output = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-B", "-m", "awslambdaric", "handler.lambda_handler"],
            cwd=folder,
            env={
                "PATH": os.defpath,
                "LAMBDA_TASK_ROOT": str(folder),
                "PYTHONPATH": f"{folder}{os.pathsep}{runtime}",
                "AWS_LAMBDA_RUNTIME_API": self.api.address,
                "AWS_LAMBDA_FUNCTION_NAME": FUNCTION,
                "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{self.function.server_address[1]}",
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "test-key",
                "AWS_SECRET_ACCESS_KEY": "test-secret",
                "AWS_EC2_METADATA_DISABLED": "true",
                "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
                **environment,
            },
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(30)
        self.output.close()
        self.api.waiting.put(None)
        for server in (self.api, self.function):
            server.shutdown()
            server.server_close()

    def send(self, event: Any, seconds: float = 900) -> Invocation:
        """Put an event before the container, which has so many seconds for it."""
        invocation = Invocation(event, seconds)
        self.api.waiting.put(invocation)
        return invocation

    def invoke(self, event: Any, seconds: float = 900, patience: float = 120) -> Invocation:
        """Send an event and wait for what comes of it."""
        invocation = self.send(event, seconds)
        until = time.monotonic() + patience
        while not invocation.done.wait(0.2):
            if self.process.poll() is not None or time.monotonic() > until or self.api.init_error:
                raise AssertionError(f"No answer. {self.api.init_error}\n{self.log.read_text()[-3000:]}")
        return invocation

    def settle(self, patience: float = 120) -> list[Invocation]:
        """Wait until nothing is under way that the function asked of itself; all of that."""
        for invocation in self.asked:  # grows while it is gone through
            assert invocation.done.wait(patience), self.log.read_text()[-3000:]
        return self.asked

    def cpu_seconds(self) -> float:
        """User and system time of the process so far: to the nanosecond; in ticks once threads of it have ended."""
        process = Path(f"/proc/{self.process.pid}")
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        ticks = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return max(ticks, sum(int(task.read_text().split()[0]) for task in process.glob("task/*/schedstat")) / 1e9)

    def peak_megabytes(self) -> float:
        """The most memory that it had so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


# Events in the shapes that AWS documents


def page_v2(path: str, host: str, method: str = "GET", *, stage: str = "$default", **more: Any) -> dict[str, Any]:
    """A request through an HTTP API."""
    headers = {"host": host, "accept-encoding": "identity", "x-forwarded-for": "9.9.9.9", "x-forwarded-proto": "https"}
    raw, _, query = path.partition("?")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw if stage == "$default" else f"/{stage}{raw}",
        "rawQueryString": query,
        "headers": headers | more.get("headers", {}),
        "cookies": more.get("cookies", []),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": host.partition(".")[0],
            "domainName": host,
            "http": {"method": method, "path": raw, "protocol": "HTTP/1.1", "sourceIp": "8.8.8.8", "userAgent": "test"},
            "requestId": "id",
            "routeKey": "$default",
            "stage": stage,
            "time": "28/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795780800000,
        },
        "body": more.get("body"),
        "isBase64Encoded": False,
    }


def page_v1(path: str, host: str, stage: str = "production") -> dict[str, Any]:
    """A request through a REST API."""
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "GET",
        "headers": {"Host": host, "X-Forwarded-Proto": "https"},
        "multiValueHeaders": {"Host": [host], "X-Forwarded-Proto": ["https"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "stage": stage,
            "path": f"/{stage}{path}",
            "httpMethod": "GET",
            "identity": {"sourceIp": "8.8.8.8", "userAgent": "test"},
            "requestId": "id",
        },
        "body": None,
        "isBase64Encoded": False,
    }


def tick(identity: str = "tick-1") -> dict[str, Any]:
    """The hourly event, as EventBridge sends it to what Zappa scheduled."""
    name = "evaluations.scheduled.run_due"
    return {
        "version": "0",
        "id": identity,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": "2026-11-28T12:00:00Z",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{FUNCTION}-{name}"],
        "detail": {},
        "kwargs": {},
    }


def body_of(invocation: Invocation) -> str:
    """The text of an HTTP answer."""
    answer = invocation.answer
    body: str = answer["body"]
    return base64.b64decode(body).decode() if answer.get("isBase64Encoded") else body
