"""`make package`: the zip for AWS Lambda, built from a staging copy and checked before anybody deploys it.

Zappa packs the working folder and the environment that VIRTUAL_ENV names. Both are made afresh here: from the
files that git knows of what runs, and from the pinned wheels for Lambda's Linux, whatever machine builds.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
STAGE = BUILD / "bundle"
ENVIRONMENT = BUILD / "runtime"
SITE_PACKAGES = ENVIRONMENT / "lib" / "python3.12" / "site-packages"
BUNDLE = BUILD / "futbolreport.zip"

WHAT_RUNS = ["futbolreport", "evaluations", "votes", "templates", "manage.py", "zappa_settings.json"]
PLATFORMS = ["manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64"]
NEEDED = [
    "handler.py",
    "zappa_settings.py",
    "evaluations/scheduled.py",
    "django/__init__.py",
    "build/static/staticfiles.json",
]
UNZIPPED_LIMIT = 250 * 1024 * 1024

# What zappa needs at its own command line only, and the sandbox's TCP server. All else is in the bundle.
NOT_AT_RUN_TIME = [
    "argcomplete",
    "cfn-flip",
    "charset-normalizer",
    "click",
    "colorama",
    "hjson",
    "pip",
    "placebo",
    "python-slugify",
    "pyyaml",
    "requests",
    "setuptools",
    "text-unidecode",
    "toml",
    "tqdm",
    "troposphere",
    "uvicorn",
    "wheel",
]

# What the bundle must be able to do in a Python that sees nothing but the bundle.
START = """
import sys
sys.path.insert(0, sys.argv[1])
import django, django.urls, zappa.handler
django.setup()
assert django.urls.get_resolver().url_patterns
import evaluations.scheduled
"""


def main() -> None:
    """Stage, install, compile, pack, check."""
    if sys.version_info[:2] != (3, 12):
        sys.exit("The bundle is compiled for Python 3.12 and has to be built with it.")
    for folder in (STAGE, ENVIRONMENT):
        shutil.rmtree(folder, ignore_errors=True)
    BUNDLE.unlink(missing_ok=True)
    stage()
    install()
    compile_all(STAGE, SITE_PACKAGES)
    pack()
    if faults := [*faults_of(BUNDLE), *faults_at_start(BUNDLE)]:
        BUNDLE.unlink()
        sys.exit("The bundle would not run:\n" + "\n".join(f"  {fault}" for fault in faults))
    with zipfile.ZipFile(BUNDLE) as bundle:
        unzipped = sum(entry.file_size for entry in bundle.infolist())
    print(f"{BUNDLE.relative_to(ROOT)}: {megabytes(BUNDLE.stat().st_size)} zipped, {megabytes(unzipped)} unzipped")


def stage() -> None:
    """Copy what runs, as far as git knows it, and collect the static files."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *WHAT_RUNS],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (STAGE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, STAGE / name)
    settings = {"SECRET_KEY": "unused", "DEBUG": "false", "SECRETS_ID": "", "DATABASE_URL": "sqlite://:memory:"}
    run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], STAGE, **settings)


def install() -> None:
    """Install the pinned wheels for Lambda's Linux."""
    platforms = [argument for platform in PLATFORMS for argument in ("--platform", platform)]
    target = ["--target", str(SITE_PACKAGES), "--python-version", "3.12", "--implementation", "cp", *platforms]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--require-hashes"]
    listed = ENVIRONMENT / "requirements.txt"
    listed.parent.mkdir(parents=True)
    listed.write_text(requirements_at_run_time())
    run([*pip, "--only-binary=:all:", *target, "-r", str(listed)], ROOT)
    shutil.rmtree(SITE_PACKAGES / "bin", ignore_errors=True)


def requirements_at_run_time() -> str:
    """requirements.txt without what is not needed there: one block a package, with its hashes."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)
    return "".join(block for block in blocks if block.split("==")[0] not in NOT_AT_RUN_TIME)


def compile_all(*folders: Path) -> None:
    """Ship byte code that Python takes as it is: a zip's dates are from 1980 and would make it stale."""
    mode = ["-q", "--invalidation-mode", "unchecked-hash"]
    run([sys.executable, "-m", "compileall", *mode, *map(str, folders)], ROOT)


def pack() -> None:
    """Let Zappa make the zip, with its handler in it."""
    zappa = [sys.executable, "-m", "zappa.cli", "package", "production", "--output", str(BUNDLE)]
    run(zappa, STAGE, VIRTUAL_ENV=str(ENVIRONMENT), AWS_DEFAULT_REGION="eu-central-1", SECRET_KEY="unused")


def faults_of(path: Path) -> Iterator[str]:
    """Why the bundle would not run on Lambda."""
    with zipfile.ZipFile(path) as bundle:
        names = set(bundle.namelist())
        for needed in NEEDED:
            if needed not in names:
                yield f"{needed} is missing"
        for private in (".env", "var/futbolreport.sqlite3"):
            if private in names:
                yield f"{private} must not be in it"
        for entry in bundle.infolist():
            if entry.filename.endswith(".so") and (fault := library_fault(entry.filename, bundle.read(entry))):
                yield f"{entry.filename} {fault}"
        if sum(entry.file_size for entry in bundle.infolist()) > UNZIPPED_LIMIT:
            yield "it is larger than Lambda takes"


def faults_at_start(path: Path) -> Iterator[str]:
    """What the bundle says when it is started here, where this machine can run it at all."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print("The bundle was not started: this machine is no Linux on x86-64.")
        return
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as bundle:
        bundle.extractall(folder)
        environment = {"SECRET_KEY": "unused", "DATABASE_URL": "sqlite://:memory:"}
        environment |= {"DJANGO_SETTINGS_MODULE": "futbolreport.settings"}
        start = [sys.executable, "-S", "-B", "-c", START, folder]
        step = subprocess.run(start, cwd=folder, env=environment, capture_output=True, text=True)
        if step.returncode:
            yield f"it does not start: {step.stderr.strip().splitlines()[-1]}"


def library_fault(name: str, content: bytes) -> str:
    """What is wrong with a compiled library, or nothing: it must be for Linux on x86-64 and for Python 3.12."""
    if not (content[:4] == b"\x7fELF" and content[18:20] == b"\x3e\x00"):
        return "is not for Linux on x86-64"
    if ".cpython-" in name and ".cpython-312-" not in name:
        return "is for another Python"
    return ""


def run(command: list[str], folder: Path, **environment: str) -> None:
    """Run a step, and end with its output if it fails."""
    step = subprocess.run(
        command, cwd=folder, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if step.returncode:
        sys.exit(f"{' '.join(command)}\n{step.stdout}")


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1024 / 1024:.0f} MB"


if __name__ == "__main__":
    main()
