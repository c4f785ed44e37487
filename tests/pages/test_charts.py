"""Charts whose labels never meet, on the page and to take away; and what the runs can tell apart."""

import io
import random
import string
import xml.etree.ElementTree as ET
from datetime import timedelta
from itertools import combinations

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from evaluations.models import Report
from evaluations.presentation.drawing.charts import HEIGHT, WIDTH, chart
from evaluations.presentation.drawing.images import Words, card
from evaluations.presentation.drawing.labels import Box, Label, place_labels
from tests.factories import make_evaluation, make_run

FRAME = Box(64, 0, 640, 276)
DATA_SETS, MODELS = 500, 12


def data_set(seed: int) -> list[tuple[float, float, str]]:
    """Points as models make them: many alike, some far away, with names of any length."""
    dice = random.Random(seed)
    spread, longest = dice.choice((2, 20, 200)), dice.choice((4, 12, 26))
    middle = dice.uniform(70, 620), dice.uniform(10, 270)
    return [
        (
            min(632, max(64, dice.gauss(middle[0], spread))),
            min(276, max(8, dice.gauss(middle[1], spread))),
            "".join(dice.choices(string.ascii_letters + "  .-", k=dice.randint(2, longest))),
        )
        for _ in range(MODELS)
    ]


def meetings(labels: list[Label]) -> int:
    return sum(one.box.meets(other.box) for one, other in combinations(labels, 2))


def test_no_two_labels_of_twelve_models_meet():
    placed = [place_labels(data_set(seed), FRAME) for seed in range(DATA_SETS)]
    assert [meetings(labels) for labels in placed] == [0] * DATA_SETS
    led = sum(labels[0].led for labels in placed)
    print(f"\n{DATA_SETS} data sets of {MODELS} models: no two labels meet; {led} with a column of labels")
    assert 0 < led < DATA_SETS


def test_labels_that_all_stand_to_the_right_would_meet():
    """The control: what the placing prevents."""
    plain = [[Label(Box(x, y, x + 60, y + 20)) for x, y, _ in data_set(seed)] for seed in range(DATA_SETS)]
    assert sum(meetings(labels) > 0 for labels in plain) > DATA_SETS / 2


def test_a_label_stands_beside_its_point_where_it_has_room():
    label = place_labels([(100, 100, "Kimi")], FRAME)[0]
    assert (label.led, label.anchor) == (False, "start")
    assert 100 < label.x < 115
    assert place_labels([(630, 100, "Kimi")], FRAME)[0].anchor == "end"


def test_more_labels_than_the_chart_is_high_make_it_higher():
    drawn = chart([(f"Model number {n}", 1, 1) for n in range(30)], x_range=(0, 2), y_range=(0, 2))
    assert drawn.height > HEIGHT
    assert drawn.width > WIDTH
    assert len({point.label_y for point in drawn.points}) == 30


# To take away


@pytest.fixture
def runs(db, memory_cache):
    evaluation = make_evaluation()
    made = [make_run(evaluation, models=("claude", "kimi", "qwen"), published_at=timezone.now() - timedelta(days=days))
            for days in range(2, 10)]  # fmt: skip
    dice = random.Random(1)
    for run in made:
        for slug, mean in (("claude", 0.9), ("kimi", 0.89), ("qwen", 0.3)):
            report = Report.objects.get(entry__run=run, entry__slug=slug)
            report.scores.filter(metric="groundedness").update(value=min(1, mean + dice.gauss(0, 0.03)))
    return made


def test_the_same_chart_is_there_as_drawing_picture_and_numbers(runs):
    client = Client()
    page = client.get("/models/").content.decode()
    svg, png, csv = (client.get(f"/models/chart.{kind}") for kind in ("svg", "png", "csv"))
    for answer, name in ((svg, "svg"), (png, "png"), (csv, "csv")):
        assert answer["Content-Disposition"] == f'attachment; filename="models.{name}"'
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert f'href="/models/chart.{name}"' in page
    root = ET.fromstring(svg.content)
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 3
    assert b"style" not in svg.content
    assert Image.open(io.BytesIO(png.content)).width > 1_000
    assert [line.split(",")[0] for line in csv.content.decode("utf-8-sig").splitlines()] == [
        "model",
        "claude",
        "kimi",
        "qwen",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("memory_cache")
def test_without_a_closed_run_there_is_no_chart():
    make_run(make_evaluation(), open_for_voting=True)
    assert [Client().get(f"/models/chart.{kind}").status_code for kind in ("svg", "png")] == [404, 404]


def test_the_models_have_intervals_and_it_is_said_what_cannot_be_told_apart(runs):
    text = Client().get("/models/").content.decode()
    assert "That is not enough to tell it apart from " in text
    assert "Over 8 runs, " in text.partition("<h1>")[2].partition("</h1>")[0]
    assert "Qwen" not in text.partition("That is not enough")[2].partition("</p>")[0]
    rows = Client().get("/models/findings.json").json()["findings"]
    grounded = next(row for row in rows if (row["model"], row["behaviour"]) == ("qwen", "groundedness"))
    assert grounded["low"] < grounded["mean"] < grounded["high"]
    assert grounded["count"] == 8
    assert 'class="spark"' in text


@pytest.mark.django_db
@pytest.mark.usefixtures("memory_cache")
def test_one_run_tells_no_models_apart():
    make_run(make_evaluation())
    text = Client().get("/models/").content.decode()
    assert "One run tells no models apart" in text
    assert 'class="spark"' not in text


def test_the_models_are_sorted_by_links(runs):
    def order(query: str) -> list[str]:
        text = Client().get(f"/models/{query}").content.decode().partition("<tbody")[2]
        return [slug for slug in ("claude", "kimi", "qwen") if f"/models/{slug}/" in text.partition("</tr>")[0]]

    assert order("?sort=groundedness") == ["qwen"]
    assert order("?sort=-name") == ["qwen"]
    assert order("?sort=name") == ["claude"]


# The card


@pytest.mark.parametrize("headline", ["Short", "A word " * 60, "x" * 400, "", "Ødegaard 足球 \u202e\x00 Лига"])
def test_a_card_holds_whatever_it_is_told(headline):
    picture = Image.open(io.BytesIO(card(Words("Run 1", headline, ["One.", "y" * 300, ""], "Machine-written"))))
    assert picture.size == (1200, 630)
