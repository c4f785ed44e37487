"""A pytest plugin: runs the tests once as they are, then in a fork for every change those that reach its function.

MUTANTS names the room; MUTANTS_SAMPLE and MUTANTS_SEED say how many of its changes and which. No file is touched:
in the fork, the functions of the module get the code of the changed program.
"""

import ast
import gc
import importlib
import os
import random
import re
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from tests.mutants.changes import changed, changes
from tests.mutants.rooms import ROOMS

ROOM = os.environ.get("MUTANTS", "")
SAMPLE = int(os.environ.get("MUTANTS_SAMPLE", "0"))
SEED = int(os.environ.get("MUTANTS_SEED", "1"))
ENOUGH = 0.9
PATIENCE = 20.0  # seconds on top of ten times what the tests take unchanged; a fork that takes longer hangs
TOOL = sys.monitoring.PROFILER_ID
CONSTANTS = (
    int, float, str, bytes, tuple, frozenset, set, dict, list, bool, type(None), timedelta, Decimal, re.Pattern,
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of one module, and the function that it is in: its first line; 0 outside of all."""

    module: ModuleType
    number: int
    line: int
    what: str
    code: str
    function: int

    def __str__(self) -> str:
        return f"{self.module.__name__}: {self.what} | {self.code}"


@cache
def source_of(module: ModuleType) -> str:
    """The module's program, as it was when this began."""
    with open(str(module.__file__), encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def mutants_of(module: ModuleType) -> Iterator[Mutant]:
    """Every change of a module."""
    source = source_of(module)
    tree = ast.parse(source)
    lines = source.splitlines()
    spans = [span(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for number, change in enumerate(changes(tree)):
        around = [first for first, body, last in spans if body <= change.line <= last]
        yield Mutant(module, number, change.line, change.what, lines[change.line - 1].strip(), max(around, default=0))


def span(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int, int]:
    """First line, decorators included; first and last line of the body."""
    lines = [function.lineno, *(decorator.lineno for decorator in function.decorator_list)]
    return min(lines), function.body[0].lineno, function.end_lineno or 0


class Reach:
    """Which tests reach which functions of the room, and how long each test takes."""

    def __init__(self, files: set[str]) -> None:
        self.files = files
        self.tests: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.test = ""

    def started(self, code: CodeType, _offset: int) -> Any:
        """A function has begun."""
        if code.co_filename not in self.files:
            return sys.monitoring.DISABLE
        self.tests[code.co_filename, code.co_firstlineno].add(self.test)
        return None


def pytest_runtestloop(session: pytest.Session) -> bool:
    """All tests as they are, then the changes."""
    modules = [importlib.import_module(name) for name in ROOMS[ROOM].modules if there_is(name)]
    for module in modules:
        source_of(module)
    reach = Reach({str(module.__file__) for module in modules})
    sys.monitoring.use_tool_id(TOOL, "mutants")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.PY_START, reach.started)
    sys.monitoring.set_events(TOOL, sys.monitoring.events.PY_START)
    for place, item in enumerate(session.items):
        reach.test, started = item.nodeid, time.monotonic()
        # The last is followed by the first: what the session has set up stays for the forks.
        following = session.items[(place + 1) % len(session.items)]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        reach.seconds[item.nodeid] = time.monotonic() - started
    sys.monitoring.set_events(TOOL, 0)
    if session.testsfailed:
        print(f"\n{ROOM}: {session.testsfailed} of its tests fail as they are")
        return True
    try_changes(session, modules, reach)
    return True


def there_is(name: str) -> bool:
    """Whether there is such a module (yet)."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def try_changes(session: pytest.Session, modules: list[ModuleType], reach: Reach) -> None:
    """Every change of the sample in a fork; the table at the end."""
    every = [mutant for module in modules for mutant in mutants_of(module)]
    judged = ROOMS[ROOM].judged
    sample = random.Random(SEED).sample(every, min(SAMPLE or len(every), len(every)))
    sample = [mutant for mutant in sample if str(mutant) not in judged]
    survived = []
    for mutant in sample:
        tests = tests_of(session, mutant, reach)
        if not tests or passes(session, mutant, tests, reach):
            survived.append(mutant)
    noticed = len(sample) - len(survived)
    share = noticed / len(sample) if sample else 1.0
    counts = f"{len(every)} there are, {len(judged)} judged"
    print(f"\n{ROOM}: {noticed} of {len(sample)} changes noticed, {share:.0%} ({counts})")
    for mutant in sorted(survived, key=lambda mutant: (mutant.module.__name__, mutant.line)):
        print(f"  survived at line {mutant.line}: {mutant}")
    sys.stdout.flush()
    session.testsfailed = int(share < ENOUGH)


def tests_of(session: pytest.Session, mutant: Mutant, reach: Reach) -> list[pytest.Item]:
    """The tests that reach the change, the quickest first."""
    names = reach.tests.get((str(mutant.module.__file__), mutant.function))
    found = [item for item in session.items if names is None or item.nodeid in names]
    return sorted(found, key=lambda item: reach.seconds[item.nodeid])


def passes(session: pytest.Session, mutant: Mutant, tests: list[pytest.Item], reach: Reach) -> bool:
    """Whether all these tests pass in a fork with the change."""
    end = time.monotonic() + PATIENCE + 10 * sum(reach.seconds[item.nodeid] for item in tests)
    child = os.fork()
    if child == 0:
        run_changed(session, mutant, tests, (str(mutant.module.__file__), mutant.function) in reach.tests)
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def run_changed(session: pytest.Session, mutant: Mutant, tests: list[pytest.Item], reached: bool) -> None:
    """In the fork: change the program, run until a test fails, and end with 0 where none did."""
    code = 1
    try:
        from django.db import connections

        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        for connection in connections.all(initialized_only=True):
            connection.connection = None  # the parent's
        apply(mutant, anew=not reached)
        for place, item in enumerate(tests):
            following = tests[place + 1] if place + 1 < len(tests) else session.items[0]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                break
        code = 1 if session.testsfailed else 0
    finally:
        os._exit(code)


def apply(mutant: Mutant, anew: bool) -> None:
    """Give the module's functions the code of the changed program; where that runs at the import, what came of it."""
    path = str(mutant.module.__file__)
    program = compile(changed(source_of(mutant.module), mutant.number), path, "exec")
    codes = {(code.co_qualname, code.co_firstlineno): code for code in codes_in(program)}
    for function in [found for found in gc.get_objects() if type(found) is FunctionType]:
        if function.__code__.co_filename == path:
            key = (function.__code__.co_qualname, function.__code__.co_firstlineno)
            function.__code__ = codes.get(key, function.__code__)
    if anew:
        fresh = {"__name__": mutant.module.__name__, "__file__": path, "__package__": mutant.module.__package__}
        exec(program, fresh)
        for name, new in fresh.items():
            old = vars(mutant.module).get(name)
            if isinstance(new, FunctionType) and isinstance(old, FunctionType):
                old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
            elif isinstance(new, type) and isinstance(old, type):
                graft(old, new)
            elif new is not old and not name.startswith("__") and not hasattr(new, "__wrapped__"):
                rebind(name, old, new)


def rebind(name: str, old: object, new: object) -> None:
    """Another value, in its module and wherever it was imported."""
    for module in list(sys.modules.values()):
        if name in vars(module) and vars(module)[name] is old:
            setattr(module, name, new)


def graft(old: type, new: type) -> None:
    """Defaults and plain attributes of a class."""
    for name, value in vars(new).items():
        there = vars(old).get(name)
        if isinstance(value, FunctionType) and isinstance(there, FunctionType):
            there.__defaults__, there.__kwdefaults__ = value.__defaults__, value.__kwdefaults__
        elif isinstance(value, CONSTANTS) and not name.startswith("__"):
            setattr(old, name, value)


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in a program."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes_in(constant)
