"""The search sources and page readers that there are: a new one is a module of its own and one line here."""

from collections.abc import Mapping

from . import brave, files, firecrawl, own_reader, sandbox
from .pages import ReaderSource
from .search import SearchSource

SEARCHES: Mapping[str, SearchSource] = {"brave": brave.SOURCE, "files": files.SOURCE, "sandbox": sandbox.SOURCE}
READERS: Mapping[str, ReaderSource] = {"local": own_reader.SOURCE, "firecrawl": firecrawl.SOURCE}
