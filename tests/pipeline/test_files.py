"""One's own articles as a source."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evaluations import contexts
from evaluations.errors import BadInputError
from evaluations.models import Evaluation, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import Order, start
from evaluations.sources import files
from evaluations.sources.deployment import Deployment
from evaluations.sources.files import Files
from evaluations.sources.search import Hits, Result, Wishes
from tests.environment import ROOT

LUND = """---
title: "Rovers sign Lund"
url: https://echo.example/lund
publisher: Harbour Echo
date: 2026-11-20
---
# Another heading

Harbour Rovers signed the striker Ada Lund from Northgate.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four articles, and files that are none."""
    found = tmp_path / "articles"
    (found / "deeper").mkdir(parents=True)
    (found / "lund.md").write_text(LUND)
    (found / "table.txt").write_text("League standings: Rovers 41 points, Northgate 38.")
    (found / "deeper" / "coach.html").write_text(
        "<html><head><title>Coach &amp; club part</title><style>p{}</style></head><body><nav>Home</nav>"
        "<p>Northgate dismissed<br>its <b>coach</b>.</p><script>let managers = 1</script></body></html>"
    )
    (found / "heading.md").write_text("\n# Fixtures until Christmas\n\nRovers play Northgate on Sunday.")
    (found / ".hidden.md").write_text("Hidden standings.")
    (found / "picture.png").write_bytes(b"\x89PNG")
    (found / "empty.md").write_text("---\ntitle: Nothing\n---\n")
    secret = tmp_path / "secret.md"
    secret.write_text("A secret about standings.")
    (found / "link.md").symlink_to(secret)
    return found


def source(path: Path, count: int = 20) -> Files:
    deployment = Deployment()
    return asyncio.run(files.open_files(files.freeze(Wishes(count, path=str(path)), deployment), deployment))


def ask(path: Path, query: str, count: int = 20) -> list[str]:
    answer = asyncio.run(source(path, count).ask(query))
    assert isinstance(answer, Hits)
    return [result.title for result in answer.results]


def test_a_folder_gives_an_article_for_each_file_of_text(folder: Path) -> None:
    assert files.load(folder) == [
        Result("file", "Coach & club part", "file:deeper/coach.html", text="Northgate dismissed\nits coach."),
        Result(
            "file",
            "Fixtures until Christmas",
            "file:heading.md",
            text="# Fixtures until Christmas\n\nRovers play Northgate on Sunday.",
        ),
        Result(
            "file",
            "Rovers sign Lund",
            "https://echo.example/lund",
            "Harbour Echo",
            "2026-11-20",
            text="# Another heading\n\nHarbour Rovers signed the striker Ada Lund from Northgate.",
        ),
        Result("file", "table.txt", "file:table.txt", text="League standings: Rovers 41 points, Northgate 38."),
    ]


def test_json_lines_give_an_article_a_line(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    rows = [{"title": "One", "text": "Text\u0000 one.", "published": "2026-11-20"}, {"content": "Two.", "url": "u:2"}]
    path.write_text("\n\n".join(json.dumps(row) for row in rows) + "\n")
    assert files.load(path) == [
        Result("file", "One", "file:line-1", "", "2026-11-20", text="Text one."),
        Result("file", "line-3", "u:2", text="Two."),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no article"),
        (b'{"text": "a"}\n{broken\n', "line 2 is not JSON"),
        (b'{"text": "a"}\n[1]\n', "line 2 is not a JSON object"),
        (b'{"title": "a"}\n', "line 1 has no text under text, content, body"),
        (b'{"text": 7}\n', "line 1 has no text"),
        (b'{"text": "\xff"}\n', "is not UTF-8: byte 10"),
        (b"[" * 100_000, "line 1 is not JSON"),
    ],
)
def test_bad_lines_are_refused_with_their_number(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=message):
        files.load(path)


def test_bad_folders_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInputError, match="There is no folder or file"):
        files.load(tmp_path / "nowhere")
    with pytest.raises(BadInputError, match="file with text"):
        files.load(tmp_path)
    (tmp_path / "a.md").write_bytes(b"\xe9")
    with pytest.raises(BadInputError, match=r"a\.md is not UTF-8"):
        files.load(tmp_path)
    monkeypatch.setattr(files, "MOST_BYTES", 0)
    with pytest.raises(BadInputError, match="more than 0 bytes"):
        files.load(tmp_path)


def test_a_query_gets_the_articles_that_share_its_words_best_first(folder: Path) -> None:
    assert ask(folder, "league standings") == ["table.txt"]
    assert ask(folder, "ROVERS fixture") == ["Fixtures until Christmas", "Rovers sign Lund", "table.txt"]
    assert ask(folder, "rovers", count=1) == ["Rovers sign Lund"]
    assert ask(folder, "curling") == []


def test_files_that_changed_since_the_start_are_refused(folder: Path) -> None:
    frozen = files.freeze(Wishes(20, path=str(folder)), Deployment())
    (folder / "table.txt").write_text("Another table.")
    with pytest.raises(BadInputError, match="has changed since the run started"):
        asyncio.run(files.open_files(frozen, Deployment()))


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["order", "evaluation"])
def test_a_run_reads_files_and_its_document_names_them_by_hash_and_not_by_folder(
    folder: Path, how: str, quick_sandbox: None
) -> None:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="brief").delete()
    evaluation.queries.all().delete()
    evaluation.queries.create(text="Rovers and Northgate")
    order = Order(source=f"files:{folder}")
    if how == "evaluation":
        order = Order()
        evaluation.search_source, evaluation.search_path = Evaluation.SearchSource.FILES, str(folder)
        evaluation.save()
    runs.execute(start(evaluation, order))
    run = Run.objects.get()
    assert (run.state, run.context is None) == ("published", False)
    assert run.context
    document = contexts.read(bytes(run.context.payload))
    assert document["search"] == {
        "provider": "files",
        "parameters": {"name": "articles", "sha256": files.digest(files.load(folder)), "count": "20"},
    }
    assert [source["title"] for source in document["sources"]][-1] == "Coach & club part"
    assert all(source["text"] for source in document["sources"])
    assert str(folder.parent) not in run.context.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("files:/no/such/folder", "There is no folder or file /no/such/folder"),
        ("bing", "There is no source bing; there are: brave, files, sandbox"),
        ("sandbox", "is a real evaluation"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_before_anything_starts(asked: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        start(Evaluation.objects.get(slug="futbol-report"), Order(source=asked))
    assert not Run.objects.exists()


def run_evaluation(database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    command = [sys.executable, "manage.py", "run_evaluation", "--sandbox", *options]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_the_command_takes_files_and_says_in_one_line_what_is_wrong_with_them(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "own.sqlite3"
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"}, cwd=ROOT, check=True)
    library = ROOT / "evaluations" / "sandbox" / "library"
    done = run_evaluation(database, "--source", f"files:{library}", "--models", "thorough", "--json")
    document: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, document["status"]) == (0, "published"), done.stderr
    shutil.rmtree(folder)
    refused = run_evaluation(database, "--source", f"files:{folder}")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert "There is no folder or file" in refused.stderr
