"""A pytest plugin: the module that MUTANT names (`module:number`) is imported with that change. No file is touched."""

import importlib.machinery
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import CodeType, ModuleType

from tests.mutants.changes import changed

MODULE, _, NUMBER = os.environ.get("MUTANT", "").partition(":")


class ChangedLoader(importlib.machinery.SourceFileLoader):
    """Loads the changed program, never the compiled one beside the file."""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code."""
        return compile(changed(self.get_source(fullname) or "", int(NUMBER)), self.path, "exec")


class Finder(MetaPathFinder):
    """Finds the one module."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Its spec with our loader; None for all others."""
        found = PathFinder.find_spec(fullname, path, target) if fullname == MODULE else None
        if found and found.origin:
            found.loader = ChangedLoader(fullname, found.origin)
        return found


if MODULE:
    assert MODULE not in sys.modules
    sys.meta_path.insert(0, Finder())
