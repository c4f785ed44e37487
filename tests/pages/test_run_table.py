"""The table at the head of a closed run: it is sorted by links, says what is best in words, and shows spread."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from evaluations.models import Report, Run
from evaluations.presentation.rewording import changes
from evaluations.presentation.tables.table import BEST, Entry, Figure, Kind, make_table
from tests.elections import store_votes
from tests.factories import make_evaluation, make_report, make_run
from tests.pages.conftest import as_read
from votes import closing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memory_cache")]

HIGH, LOW, NEITHER = Kind("a", "A", "what it means", 1, BEST), Kind("b", "B", "", -1, "least"), Kind("c", "C")


def table(sort: str = "", *values: float | None):
    entries = [Entry(f"m{n}", f"M{n}", {"a": Figure(value, f"{value:.0f}")} if value is not None else {})
               for n, value in enumerate(values)]  # fmt: skip
    return make_table((HIGH, LOW, NEITHER), entries, sort)


def order(made) -> list[str]:
    return [row.entry.slug for row in made.rows]


def read(run: Run, query: str = "") -> str:
    response = Client().get(f"/runs/{run.pk}/{query}")
    assert response.status_code == 200
    return as_read(response.content.decode())


def rows(text: str) -> dict[str, str]:
    """The rows of the page's table by model, without their tags."""
    body = text.partition("<tbody")[2].partition("</tbody>")[0]
    found = re.findall(r'value="(\w+)".*?(?=<tr|$)', body, re.DOTALL)
    parts = re.split(r"<tr\b", body)[1:]
    return {slug: " ".join(re.sub(r"<[^>]*>", " ", part).split()) for slug, part in zip(found, parts, strict=True)}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("", ["m1", "m0", "m2"]), ("-a", ["m1", "m0", "m2"]), ("a", ["m0", "m1", "m2"]), ("name", ["m0", "m1", "m2"]),
     ("-name", ["m2", "m1", "m0"]), ("no-such", ["m1", "m0", "m2"])],
)  # fmt: skip
def test_rows_are_ordered_and_who_has_no_figure_stands_last(sort, expected):
    assert order(table(sort, 3, 5, None)) == expected


def test_columns_without_any_figure_are_left_out_and_heads_lead_on():
    made = table("", 3, 5)
    assert [(head.kind.key, head.order, head.link) for head in made.headings] == [
        ("name", "", "name"),
        ("a", "descending", "a"),
    ]
    assert [head.link for head in table("a", 3, 5).headings] == ["name", "-a"]


def test_the_best_is_said_in_words_and_so_are_those_that_are_written_alike():
    assert [[str(cell.best) for cell in row.cells] for row in table("name", 3, 5.2, 4.9).rows] == [
        [""],
        ["best"],
        ["best"],
    ]
    assert {str(cell.best) for row in table("", 3, 3.1).rows for cell in row.cells} == {""}


def test_two_that_are_as_high_are_both_best_however_they_are_written():
    entries = [Entry(slug, slug, {"a": Figure(0.5, text)}) for slug, text in (("x", "7 of 14"), ("y", "8 of 16"))]
    made = make_table([HIGH], [*entries, Entry("z", "z", {"a": Figure(0.2, "2 of 10")})], "name")
    assert [[str(cell.best) for cell in row.cells] for row in made.rows] == [["best"], ["best"], [""]]


def test_a_closed_run_begins_with_all_its_models_and_their_votes():
    run = make_run(make_evaluation())
    store_votes(run, {"kimi": 9, "qwen": 3})
    closing.close(run)
    Report.objects.filter(entry__run=run, entry__slug="claude").update(withheld_at=run.published_at, withheld_note="x")
    text = read(run)
    assert text.index("<table") < text.index("<article")
    found = rows(text)
    assert list(found) == ["kimi", "qwen", "gemma", "claude"]
    assert "withheld by the editors" in found["claude"]
    assert "most 9 of 12" in found["kimi"]
    assert "87 %" in found["qwen"]


def test_links_sort_it_and_keep_what_else_was_asked_for():
    run = make_run(make_evaluation())
    text = read(run, "?sort=latency_seconds&baseline=kimi")
    assert list(rows(text)) == ["claude", "kimi", "qwen", "gemma"]
    assert 'aria-sort="ascending"' in text
    assert 'href="?sort=-latency_seconds&amp;baseline=kimi#table"' in text
    assert list(rows(read(run, "?sort=-latency_seconds"))) == ["gemma", "qwen", "kimi", "claude"]
    assert "fastest 8.4 s" in rows(text)["claude"]
    assert "10.4 s +1.0" in rows(text)["qwen"]


def test_samples_show_their_mean_and_their_spread():
    run = make_run(make_evaluation(), models=("claude", "kimi"))
    for sample, value in ((2, 0.77), (3, 0.97)):
        more = make_report(run.entries.get(slug="kimi"), sample=sample)
        more.scores.filter(metric="groundedness").update(value=value)
    found = rows(read(run))
    assert "mean of 3 samples 87 % 77–97 %" in found["kimi"]
    assert "samples" not in found["claude"]
    Report.objects.filter(entry__run=run, sample=3).update(state="failed")
    assert "mean of 2 samples best 82 %" not in rows(read(run))["kimi"]


def test_scores_of_different_scorers_are_not_subtracted():
    run = make_run(make_evaluation(), models=("claude", "kimi"))
    assert "87 % ±0" in rows(read(run, "?baseline=claude"))["kimi"]
    run.entries.get(slug="kimi").reports.get().scores.update(scorer_version="9")
    cache.clear()
    found = rows(read(run, "?baseline=claude"))["kimi"]
    assert "±0" not in found.partition("61")[0]
    assert "9.4 s +1.0" in found


def test_score_rows_are_as_many_in_every_column():
    run = make_run(make_evaluation(), models=("claude", "kimi"))
    run.entries.get(slug="kimi").reports.get().scores.filter(metric="format_compliance").delete()
    text = read(run, "?baseline=claude")
    counts = [part.partition("</dl>")[0].count("<dt>") for part in text.split('<dl class="scores">')[1:]]
    assert counts == [3, 3]


def test_the_prompt_is_public_as_it_was_sent_and_beside_other_versions():
    run = make_run(make_evaluation(), system_message="Use only the sources.")
    run.evaluation.prompts.create(system_text="Another.")
    later = make_run(make_evaluation(), system_message="Use only <b>these</b> sources.", prompt=run.evaluation.prompt)
    text = Client().get(f"/runs/{later.pk}/prompt/").content.decode()
    assert "Use only &lt;b&gt;these&lt;/b&gt; sources." in text
    assert later.prompt_sha256 in text
    assert "?beside=1" in text
    marked = Client().get(f"/runs/{later.pk}/prompt/?beside=1").content.decode()
    assert "<del>the</del><ins>&lt;b&gt;these&lt;/b&gt;</ins>" in marked
    for wrong in ("9", "x", "-1"):
        assert Client().get(f"/runs/{later.pk}/prompt/?beside={wrong}").status_code == 404


def test_a_version_that_no_public_run_used_is_not_told():
    run = make_run(make_evaluation(), system_message="Use only the sources.")
    run.evaluation.prompts.create(system_text="A secret draft.")
    make_run(
        run.evaluation,
        prompt=run.evaluation.prompt,
        state="inferring",
        published_at=None,
        system_message="A secret draft.",
    )
    address = f"/runs/{run.pk}/prompt/"
    assert "beside" not in Client().get(address).content.decode()
    assert Client().get(f"{address}?beside=2").status_code == 404


def test_what_changed_can_be_put_together_to_either_version():
    old, new = "One two three.\nFour five.", "One 2 three.\nFour five six."
    found = changes(old, new)
    assert "".join(change.words for change in found if change.element != "ins") == old
    assert "".join(change.words for change in found if change.element != "del") == new
    assert changes(new, new)[0].element == "span"
