"""The inspection of the Lambda bundle refuses what would not run there, and what must not leave the house."""

import importlib.util
import marshal
import zipfile
from pathlib import Path

import pytest

from deploy import inspection, package, pruning

ELF_X86_64 = b"\x7fELF" + bytes(14) + b"\x3e\x00"
ELF_ARM64 = b"\x7fELF" + bytes(14) + b"\xb7\x00"
MACH_O = b"\xcf\xfa\xed\xfe" + bytes(20)
SOURCE = b"answer = 42\n"


def compiled(source: bytes, flags: int = 1) -> bytes:
    """Byte code of a source; flag 1 is the form that Python takes as it is."""
    head = importlib.util.MAGIC_NUMBER + flags.to_bytes(4, "little") + importlib.util.source_hash(source)
    return head + marshal.dumps(compile(source, "", "exec"))


def module(name: str, source: bytes = SOURCE) -> dict[str, bytes]:
    """A module with its byte code."""
    folder, _, file = name.rpartition("/")
    return {name: source, f"{folder}/__pycache__/{file[:-3]}.cpython-312.pyc".lstrip("/"): compiled(source)}


RECORD = f"sample_package/__init__.py,sha256={inspection.sha256(SOURCE)},12\nsample_package/data.tar.gz,sha256=x,1\n"
GOOD = (
    dict.fromkeys((name for name in inspection.NEEDED if not name.endswith(".py")), b"")
    | {key: value for name in inspection.NEEDED if name.endswith(".py") for key, value in module(name).items()}
    | module("sample_package/__init__.py")
    | {
        "sample_package-1.0.post0.dist-info/RECORD": RECORD.encode(),
        "psycopg_binary/pq.cpython-312-x86_64-linux-gnu.so": ELF_X86_64 + b"GLIBC_2.17\0GLIBC_2.34\0",
        "nh3/nh3.abi3.so": ELF_X86_64,
    }
)


def faults(folder: Path, files: dict[str, bytes]) -> list[str]:
    with zipfile.ZipFile(folder / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return list(inspection.faults_of(folder / "bundle.zip", ["sample-package"]))


def test_a_complete_bundle_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []


@pytest.mark.parametrize("missing", inspection.NEEDED)
def test_a_bundle_without_a_needed_file_is_refused(tmp_path: Path, missing: str) -> None:
    files = {name: content for name, content in GOOD.items() if name != missing}
    assert faults(tmp_path, files) == [f"{missing} is missing"]


def test_a_bundle_without_a_package_or_with_half_of_one_is_refused(tmp_path: Path) -> None:
    without = {name: content for name, content in GOOD.items() if "dist-info" not in name}
    assert faults(tmp_path, without) == ["the package sample-package is missing"]
    half = {name: content for name, content in GOOD.items() if name != "sample_package/__init__.py"}
    assert faults(tmp_path, half) == ["the package sample-package lacks sample_package/__init__.py"]
    other = GOOD | module("sample_package/__init__.py", b"answer = 43\n")
    assert faults(tmp_path, other) == [
        "the package sample-package has another sample_package/__init__.py than was installed"
    ]


@pytest.mark.parametrize(
    ("planted", "content", "fault"),
    [
        ("a.cpython-313-x86_64-linux-gnu.so", ELF_X86_64, "is for another Python"),
        ("a.cpython-312-aarch64-linux-gnu.so", ELF_ARM64, "is not for Linux on x86-64"),
        ("a.cpython-312-darwin.so", MACH_O, "is not for Linux on x86-64"),
        ("a.abi3.so", b"", "is not for Linux on x86-64"),
        ("a.libs/libz-1.so.3", ELF_X86_64 + b"GLIBC_2.39\0", "needs glibc 2.39; Lambda has 2.34"),
        (".env", b"SECRET_KEY=test-secret", "must not be in it"),
        ("deploy/.env.production", b"", "must not be in it"),
        ("tests/test_admin.py", b"", "must not be in it"),
        ("zappa_settings.json", b"{}", "must not be in it"),
        ("var/futbolreport.sqlite3", b"", "must not be in it"),
        ("templates/notes.txt", b"sk-or-v1-" + b"0a" * 32, "holds a key"),
        ("evaluations/agreement.json", b"-----BEGIN " + b"PRIVATE KEY-----", "holds a key"),
    ],
)
def test_a_bundle_with_the_wrong_file_is_refused(tmp_path: Path, planted: str, content: bytes, fault: str) -> None:
    assert faults(tmp_path, GOOD | {planted: content}) == [f"{planted} {fault}"]


def test_a_key_in_a_source_is_found(tmp_path: Path) -> None:
    source = b'KEY = "BSA' + b"x9" * 14 + b'"\n'
    assert "evaluations/keys.py holds a key" in faults(tmp_path, GOOD | module("evaluations/keys.py", source))


@pytest.mark.parametrize("flags", [0, 3], ids=["by its date", "checked at each start"])
def test_byte_code_that_python_would_not_take_as_it_is_is_refused(tmp_path: Path, flags: int) -> None:
    stale = {"evaluations/__pycache__/scheduled.cpython-312.pyc": compiled(SOURCE, flags)}
    assert faults(tmp_path, GOOD | stale) == ["evaluations/scheduled.py has stale byte code"]
    other = {"evaluations/__pycache__/scheduled.cpython-312.pyc": compiled(b"answer = 41\n")}
    assert faults(tmp_path, GOOD | other) == ["evaluations/scheduled.py has stale byte code"]


def test_a_bundle_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "ZIPPED_LIMIT", 1_000)
    monkeypatch.setattr(inspection, "UNZIPPED_LIMIT", 500)
    assert [fault.split(" bytes")[1] for fault in faults(tmp_path, GOOD)] == [", over 1,000", " unzipped, over 500"]


def test_a_bundle_that_cannot_import_its_parts_is_refused(tmp_path: Path) -> None:
    faults(tmp_path, GOOD)
    (fault,) = package.faults_at_start(tmp_path / "bundle.zip")
    assert fault.startswith("it does not start: ")


def test_the_same_files_give_the_same_bytes_in_whatever_order_and_with_whatever_dates(tmp_path: Path) -> None:
    sealed = []
    for order in (list, lambda names: list(reversed(names))):
        with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as bundle:
            for place, name in enumerate(order(["zappa_settings.json", "a.txt", *package.ZAPPAS_OWN])):
                bundle.writestr(zipfile.ZipInfo(name, (2000 + place, 1, 1, 0, 0, 0)), SOURCE)
        package.seal(tmp_path / "bundle.zip")
        sealed.append((tmp_path / "bundle.zip").read_bytes())
    assert sealed[0] == sealed[1]
    assert b"zappa_settings.json" not in sealed[0]


def test_only_what_runs_is_installed_with_every_hash() -> None:
    listed = package.requirements_at_run_time()
    packages = set(package.packages_at_run_time())
    assert {"django", "zappa", "boto3", "werkzeug", "durationpy", "psycopg", "psycopg-binary"} <= packages
    assert not packages & set(pruning.NOT_AT_RUN_TIME)
    assert listed.count("==") <= listed.count("--hash=sha256:")


@pytest.mark.parametrize(
    ("name", "needless"),
    [
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", True),
        ("botocore/data/secretsmanager/2017-10-17/service-2.json.gz", False),
        ("botocore/data/endpoints.json", False),
        ("django/contrib/admin/locale/de/LC_MESSAGES/django.mo", True),
        ("django/conf/locale/en/formats.py", False),
        ("django/conf/locale/__init__.py", False),
        ("django/test/client.py", False),
        ("django/contrib/admin/static/admin/css/base.css", True),
    ],
)
def test_what_is_pruned_is_never_what_runs(name: str, needless: bool) -> None:
    assert pruning.is_needless(name) is needless
