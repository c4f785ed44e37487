"""The house stays one that can be looked over: few modules at its root, no crowded folder, no endless file."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.environment import ROOT

PACKAGES = ("futbolreport", "evaluations", "votes")
AT_ROOT, IN_FOLDER, LINES = 6, 20, 350
LINE = 120  # characters of a template's line


def crowds(house: Path) -> list[str]:
    """What is too large: folders by their modules, files by their lines; `__init__` is none, migrations are history."""
    modules = [
        path.relative_to(house)
        for package in PACKAGES
        for path in sorted((house / package).rglob("*.py"))
        if path.name != "__init__.py" and path.parent.name != "migrations"
    ]
    folders = Counter(str(module.parent) for module in modules)
    crowded = [
        f"{folder} has {count} modules"
        for folder, count in folders.items()
        if count > (AT_ROOT if folder == "evaluations" else IN_FOLDER)
    ]
    lines = {module: len((house / module).read_text().splitlines()) for module in modules}
    return crowded + [f"{module} has {count} lines" for module, count in lines.items() if count > LINES]


def test_no_room_is_crowded_and_no_file_endless() -> None:
    assert crowds(ROOT) == []


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ({f"evaluations/room_{number}.py": 1 for number in range(7)}, "evaluations has 7 modules"),
        ({f"votes/room_{number}.py": 1 for number in range(21)}, "votes has 21 modules"),
        ({"evaluations/views/runs.py": 351}, "evaluations/views/runs.py has 351 lines"),
    ],
)
def test_a_crowd_is_noticed(tmp_path: Path, planted: dict[str, int], told: str) -> None:
    for name, lines in planted.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("pass\n" * lines)
    assert crowds(tmp_path) == [told]


def long_lines(folder: Path) -> list[str]:
    """The lines of templates that nobody can read beside anything else; mails are sent as they are written."""
    return [
        f"{path.relative_to(folder)}:{number} has {len(line)} characters"
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".html", ".xml", ".svg")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LINE
    ]


def test_every_line_of_a_template_can_be_read() -> None:
    assert long_lines(ROOT / "templates") == []


def test_a_long_line_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<p>short</p>\n<p>{'long ' * 30}</p>\n")
    assert long_lines(tmp_path) == ["page.html:2 has 157 characters"]


def test_packages_run_nothing_when_they_are_imported_but_where_django_looks_for_something() -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]
    with_code = {path.parent.name for path in files if not all(map(is_docstring, ast.parse(path.read_text()).body))}
    assert with_code == {"models", "admin"}


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
