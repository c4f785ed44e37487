"""`manage.py sandbox`: the stand-in services over HTTP."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from evaluations.errors import BadInputError
from evaluations.management.arguments import number, port
from evaluations.management.base import LineCommand
from evaluations.sandbox.app import SandboxConfig, create_app
from evaluations.sandbox.recordings import RecordingsError, load_recordings
from evaluations.sandbox.server import serve


class Command(LineCommand):
    help = "Serve stand-ins for Brave Search and OpenRouter, from an invented library or from recorded material."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of SandboxConfig, and where to listen."""
        parser.add_argument("--port", type=port, default=8100, help="0 takes a free port (default 8100)")
        parser.add_argument("--recordings", type=Path, help="serve this recorded material instead of the library")
        parser.add_argument("--answer-seconds", type=float, help="the time of every answer (default: natural)")
        parser.add_argument("--search-rate", type=number, default=50, help="searches a second (default 50)")
        parser.add_argument("--roster", type=int, default=0, help="numbered models that /models lists beside the five")
        parser.add_argument("--keep-requests", action="store_true", help="show the requests at /sandbox/requests")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serves until it is interrupted."""
        try:
            config = SandboxConfig(
                answer_seconds=options["answer_seconds"],
                search_rate=options["search_rate"],
                keep_requests=options["keep_requests"],
                roster=options["roster"],
                recordings=load_recordings(options["recordings"]) if options["recordings"] else None,
            )
            serve(create_app(config), "127.0.0.1", options["port"])
        except RecordingsError as error:
            raise BadInputError(str(error)) from error
        except OSError as error:
            raise BadInputError(f"Cannot listen on port {options['port']}: {error.strerror}.") from error
