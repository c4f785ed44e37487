"""Whether a bundle is what Lambda can run, and holds nothing that must not leave the house. It reads the zip alone."""

import base64
import hashlib
import importlib.util
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from deploy.pruning import is_needless

NEEDED = [
    "handler.py",
    "zappa_settings.py",
    "manage.py",
    "futbolreport/settings.py",
    "evaluations/scheduled.py",
    "votes/views.py",
    "templates/base.html",
    "build/static/staticfiles.json",
]
PRIVATE = re.compile(
    r"(?:^|/)\.env|^var/|\.sqlite3$|^zappa_settings\.json$|^(?:tests|benchmarks|deploy|docs|\.git|\.ci)/|(?:^|/)\.aws/"
)
OURS = re.compile(r"^(?:futbolreport|evaluations|votes|templates|build)/|^[^/]+$")
KEYS = re.compile(
    rb"sk-or-v1-[0-9a-f]{40}|\bsk-(?:ant-|proj-)[\w-]{30}|\bBSA[\w-]{24}|\bfc-[0-9a-f]{32}\b|\bAKIA[0-9A-Z]{16}\b"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
GLIBC = re.compile(rb"GLIBC_2\.(\d+)")
NEWEST_GLIBC = 34  # Amazon Linux 2023
ZIPPED_LIMIT, UNZIPPED_LIMIT = 40 * 1024 * 1024, 150 * 1024 * 1024
UNCHECKED = (1).to_bytes(4, "little")  # PEP 552: hash-based, and taken as it is


def faults_of(path: Path, requirements: list[str]) -> Iterator[str]:
    """Why the bundle at `path` must not be deployed; `requirements` are the packages that it has to hold whole."""
    if path.stat().st_size > ZIPPED_LIMIT:
        yield f"it has {path.stat().st_size:,} bytes, over {ZIPPED_LIMIT:,}"
    with zipfile.ZipFile(path) as bundle:
        entries = {entry.filename: entry for entry in bundle.infolist() if not entry.is_dir()}
        unzipped = sum(entry.file_size for entry in entries.values())
        if unzipped > UNZIPPED_LIMIT:
            yield f"it has {unzipped:,} bytes unzipped, over {UNZIPPED_LIMIT:,}"
        yield from (f"{needed} is missing" for needed in NEEDED if needed not in entries)
        yield from (f"{name} must not be in it" for name in entries if PRIVATE.search(name))
        yield from missing_packages(bundle, set(entries), requirements)
        for name in entries:
            if fault := fault_of(bundle, name, entries):
                yield f"{name} {fault}"


def missing_packages(bundle: zipfile.ZipFile, names: set[str], requirements: list[str]) -> Iterator[str]:
    """Packages that are not there, or not as their own RECORD says they were installed."""
    records = {canonical(name.partition("-")[0]): name for name in names if name.endswith(".dist-info/RECORD")}
    for package in requirements:
        record = records.get(canonical(package))
        if record is None:
            yield f"the package {package} is missing"
            continue
        for line in bundle.read(record).decode().splitlines():
            name, digest, _ = line.rsplit(",", 2)
            name = name.strip('"')
            if digest and not name.startswith("..") and not is_needless(name) and not name.endswith(".pyc"):
                if name not in names:
                    yield f"the package {package} lacks {name}"
                elif digest != f"sha256={sha256(bundle.read(name))}":
                    yield f"the package {package} has another {name} than was installed"


def canonical(name: str) -> str:
    """A package's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def sha256(content: bytes) -> str:
    """A hash as RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def fault_of(bundle: zipfile.ZipFile, name: str, entries: dict[str, zipfile.ZipInfo]) -> str:
    """What is wrong with one file, or nothing."""
    if re.search(r"\.so(?:\.\d+)*$", name):
        return library_fault(name, bundle.read(name))
    if name.endswith(".py") and entries[name].file_size:
        return byte_code_fault(bundle, name, entries)
    if OURS.search(name) and KEYS.search(bundle.read(name)):
        return "holds a key"
    return ""


def library_fault(name: str, content: bytes) -> str:
    """What is wrong with a compiled library: it must be for Linux on x86-64, for CPython 3.12, and for its glibc."""
    if not (content[:4] == b"\x7fELF" and content[18:20] == b"\x3e\x00"):
        return "is not for Linux on x86-64"
    if (".cpython-" in name and ".cpython-312-" not in name) or re.search(r"\.abi[^3]\.so$", name):
        return "is for another Python"
    newest = max((int(found) for found in GLIBC.findall(content)), default=0)
    return f"needs glibc 2.{newest}; Lambda has 2.{NEWEST_GLIBC}" if newest > NEWEST_GLIBC else ""


def byte_code_fault(bundle: zipfile.ZipFile, name: str, entries: dict[str, zipfile.ZipInfo]) -> str:
    """What is wrong with a source: it has a key in it, or no byte code that Python takes as it is."""
    source = bundle.read(name)
    if OURS.search(name) and KEYS.search(source):
        return "holds a key"
    folder, _, module = name.rpartition("/")
    compiled = f"{folder}/__pycache__/{module[:-3]}.cpython-312.pyc".lstrip("/")
    if compiled not in entries:
        return "has no byte code"
    head = bundle.open(compiled).read(16)
    fresh = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
    return "" if head == fresh else "has stale byte code"
