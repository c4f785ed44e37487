"""`make package`: the zip for AWS Lambda, built from a staging copy and inspected before anybody deploys it.

Zappa packs the working folder and the environment that VIRTUAL_ENV names. Both are made afresh here: from the
files that git knows of what runs, and from the pinned wheels for Lambda's Linux, whatever machine builds. What Zappa
packed is sealed: sorted, dated alike, so that the same inputs give the same bytes.
"""

import importlib.util
import marshal
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

from deploy.inspection import UNCHECKED, faults_of
from deploy.pruning import NOT_AT_RUN_TIME, prune

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
STAGE = BUILD / "bundle"
ENVIRONMENT = BUILD / "runtime"
SITE_PACKAGES = ENVIRONMENT / "lib" / "python3.12" / "site-packages"
BUNDLE = BUILD / "futbolreport.zip"

WHAT_RUNS = ["futbolreport", "evaluations", "votes", "templates", "manage.py", "zappa_settings.json"]
PLATFORMS = ["manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64"]
ZAPPAS_OWN = (
    "handler.py",
    "zappa_settings.py",
    "django_zappa_app.py",
)  # it puts them in after everything else was compiled
FOR_ZAPPA_ALONE = "zappa_settings.json"
A_DATE = (1980, 1, 1, 0, 0, 0)

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
    """Stage, install, prune, compile, pack, seal, inspect."""
    if sys.version_info[:2] != (3, 12):
        sys.exit("The bundle is compiled for Python 3.12 and has to be built with it.")
    for folder in (STAGE, ENVIRONMENT):
        shutil.rmtree(folder, ignore_errors=True)
    BUNDLE.unlink(missing_ok=True)
    stage()
    install()
    prune(SITE_PACKAGES)
    compile_all(STAGE, SITE_PACKAGES)
    pack()
    seal(BUNDLE)
    if faults := [*faults_of(BUNDLE, packages_at_run_time()), *faults_at_start(BUNDLE)]:
        BUNDLE.unlink()
        sys.exit("The bundle must not be deployed:\n" + "\n".join(f"  {fault}" for fault in faults))
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


def blocks_at_run_time() -> dict[str, str]:
    """The pinned requirements that run there, by name: one block each, with its hashes."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)[1:]
    named = {re.split(r"[\[=]", block)[0]: block for block in blocks if "sys_platform == 'win32'" not in block}
    return {name: block for name, block in named.items() if name not in NOT_AT_RUN_TIME}


def packages_at_run_time() -> list[str]:
    """Their names."""
    return list(blocks_at_run_time())


def requirements_at_run_time() -> str:
    """Them as pip reads them."""
    return "".join(blocks_at_run_time().values())


def compile_all(*folders: Path) -> None:
    """Ship byte code that Python takes as it is: a zip's dates are from 1980 and would make it stale."""
    mode = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    for folder in folders:
        run([sys.executable, "-m", "compileall", *mode, "-s", str(folder), str(folder)], ROOT, PYTHONHASHSEED="0")


def pack() -> None:
    """Let Zappa make the zip, with its handler in it."""
    zappa = [sys.executable, "-m", "zappa.cli", "package", "production", "--output", str(BUNDLE)]
    run(zappa, STAGE, VIRTUAL_ENV=str(ENVIRONMENT), AWS_DEFAULT_REGION="eu-central-1", SECRET_KEY="unused")


def seal(path: Path) -> None:
    """Write the zip anew: sorted, dated alike, with byte code for Zappa's own files and without its settings file."""
    with zipfile.ZipFile(path) as packed:
        files = {entry.filename: packed.read(entry) for entry in packed.infolist() if not entry.is_dir()}
    files.pop(FOR_ZAPPA_ALONE, None)
    for name in ZAPPAS_OWN:
        files[f"__pycache__/{name[:-3]}.cpython-312.pyc"] = byte_code(name, files[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as sealed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, A_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            sealed.writestr(entry, files[name])


def byte_code(name: str, source: bytes) -> bytes:
    """The compiled file, in the form that Python takes as it is (PEP 552)."""
    code = compile(source, name, "exec", dont_inherit=True)
    head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
    return head + marshal.dumps(code)


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
