"""The check of the Lambda bundle refuses bundles that would not run there."""

import zipfile
from pathlib import Path

import pytest

from deploy import package

ELF_X86_64 = b"\x7fELF" + bytes(14) + b"\x3e\x00"
ELF_ARM64 = b"\x7fELF" + bytes(14) + b"\xb7\x00"
MACH_O = b"\xcf\xfa\xed\xfe" + bytes(20)

GOOD = dict.fromkeys(package.NEEDED, b"") | {
    "psycopg_binary/pq.cpython-312-x86_64-linux-gnu.so": ELF_X86_64,
    "nh3/nh3.abi3.so": ELF_X86_64,
}


def faults(folder: Path, files: dict[str, bytes]) -> list[str]:
    with zipfile.ZipFile(folder / "bundle.zip", "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return list(package.faults_of(folder / "bundle.zip"))


def test_a_complete_bundle_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []


@pytest.mark.parametrize("missing", package.NEEDED)
def test_a_bundle_without_a_needed_file_is_refused(tmp_path: Path, missing: str) -> None:
    files = {name: content for name, content in GOOD.items() if name != missing}
    assert faults(tmp_path, files) == [f"{missing} is missing"]


@pytest.mark.parametrize(
    ("planted", "content", "fault"),
    [
        ("a.cpython-313-x86_64-linux-gnu.so", ELF_X86_64, "is for another Python"),
        ("a.cpython-312-aarch64-linux-gnu.so", ELF_ARM64, "is not for Linux on x86-64"),
        ("a.cpython-312-darwin.so", MACH_O, "is not for Linux on x86-64"),
        ("a.abi3.so", b"", "is not for Linux on x86-64"),
        (".env", b"SECRET_KEY=test-secret", "must not be in it"),
    ],
    ids=["another Python", "arm", "macOS", "empty", "secrets"],
)
def test_a_bundle_with_the_wrong_file_is_refused(tmp_path: Path, planted: str, content: bytes, fault: str) -> None:
    assert faults(tmp_path, GOOD | {planted: content}) == [f"{planted} {fault}"]


def test_a_bundle_that_cannot_import_its_parts_is_refused(tmp_path: Path) -> None:
    faults(tmp_path, GOOD)
    (fault,) = package.faults_at_start(tmp_path / "bundle.zip")
    assert fault.startswith("it does not start: ")


def test_only_what_runs_is_installed_with_every_hash() -> None:
    listed = package.requirements_at_run_time()
    packages = {line.split("==")[0] for line in listed.splitlines() if line[:1].isalnum()}
    assert {"django", "zappa", "boto3", "werkzeug", "durationpy"} <= packages
    assert not packages & set(package.NOT_AT_RUN_TIME)
    assert listed.count("==") <= listed.count("--hash=sha256:")
