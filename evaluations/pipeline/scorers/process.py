"""A process of its own that scores one run's reports while their run waits for answers."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

from evaluations.sources.parser import read_frame, write_frame
from evaluations.sources.parser_processes import start_environment

from .assessment import Assessment, Material, Paper, pack, read_assessment

COMMAND = (sys.executable, "-P", "-m", "evaluations.pipeline.scorers.assessment")

logger = logging.getLogger(__name__)

type Papers = SimpleQueue[Paper | None]
type Put = Callable[[tuple[Paper, Assessment | None] | None], None]


class ScoringProcess:
    """Takes papers and puts each back with its assessment, or None where this process could not make one.

    It gets the material and the papers and nothing else: no connection, no key. It ends when its run lets go of it,
    or dies. Last of all it puts None.
    """

    def __init__(self, material: Material, papers: Papers, put: Put) -> None:
        self.material, self.papers, self.put = material, papers, put
        self.ended = False
        self._closing = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._work, daemon=True, name="scoring process")
        self._thread.start()

    def close(self) -> None:
        """End it now, whatever it has under way."""
        self._closing = True
        self.papers.put(None)
        if self._process is not None:
            self._process.kill()
        self._thread.join()

    def _work(self) -> None:
        try:
            with start() as self._process:
                try:
                    self._serve(self._process)
                finally:
                    self._process.kill()
        except (OSError, ValueError) as error:  # gone, or what it said was torn
            if not self._closing:
                logger.warning("Reports are scored by the run's own process from here on: %s", error)
        finally:
            self.ended = True
            self.put(None)

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin
        write_frame(process.stdin, pack(self.material))
        while not self._closing and (paper := self.papers.get()) is not None:
            found = None
            try:
                found = ask(process, paper)
            finally:
                self.put((paper, found))


def ask(process: subprocess.Popen[bytes], paper: Paper) -> Assessment | None:
    """The assessment of one paper; None where it breaks the scorer. Raises OSError where the process is gone."""
    assert process.stdin
    assert process.stdout
    write_frame(process.stdin, pack(paper))
    if (frame := read_frame(process.stdout)) is None:
        raise BrokenPipeError("The scoring process is gone.")
    return read_assessment(frame)


def start() -> subprocess.Popen[bytes]:
    """Start the process."""
    return subprocess.Popen(  # noqa: S603 - our own module
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=start_environment({})
    )
