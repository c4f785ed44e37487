"""What leaves the site: cards, machine-readable labels, frames for other pages, corrections, and who answers."""

import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from evaluations.models import Report, Run, Score
from evaluations.pipeline import publish
from evaluations.presentation.stories.excerpts import excerpt
from evaluations.presentation.stories.linked_data import MACHINE_WRITTEN
from tests.factories import make_evaluation, make_run
from tests.pages.conftest import as_read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memory_cache")]

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def closed() -> Run:
    return make_run(make_evaluation(), models=("claude", "kimi"))


@pytest.fixture
def voted_on() -> Run:
    return make_run(make_evaluation(), models=("nightjar", "curlew"), open_for_voting=True, published_at=timezone.now())


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return as_read(response.content.decode())


def linked(text: str) -> dict:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    document = json.loads(found[1])
    assert isinstance(document, dict)
    return document


def test_every_run_has_a_card_that_its_page_names(closed):
    text = read(f"/runs/{closed.pk}/")
    assert f'<meta property="og:image" content="http://127.0.0.1:8000/runs/{closed.pk}/card.png">' in text
    answer = Client().get(f"/runs/{closed.pk}/card.png")
    assert (answer["Content-Type"], answer["Cross-Origin-Resource-Policy"]) == ("image/png", "cross-origin")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


def test_the_card_of_an_open_run_is_the_same_whoever_wrote_it(voted_on):
    before = Client().get(f"/runs/{voted_on.pk}/card.png").content
    voted_on.entries.update(name="Somebody Else")
    assert Client().get(f"/runs/{voted_on.pk}/card.png").content == before
    Run.objects.filter(pk=voted_on.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(f"/runs/{voted_on.pk}/card.png").content != before


def test_machines_are_told_that_machines_wrote_it(closed):
    document = linked(read(f"/runs/{closed.pk}/"))
    assert document["digitalSourceType"] == MACHINE_WRITTEN
    assert [part["name"] for part in document["hasPart"]] == ["Claude Sonnet 5.5", "Kimi K3"]
    assert {part["digitalSourceType"] for part in document["hasPart"]} == {MACHINE_WRITTEN}


def test_the_label_of_an_open_run_names_letters(voted_on):
    text = read(f"/runs/{voted_on.pk}/")
    assert {part["name"] for part in linked(text)["hasPart"]} == {"Report A", "Report B"}
    assert not re.search("(?i)nightjar|curlew", text)


def test_a_name_ends_no_element(closed):
    closed.entries.update(name="</script><b>x")
    text = read(f"/runs/{closed.pk}/")
    assert linked(text)["hasPart"][0]["name"] == "</script><b>x"
    assert "</script><b>x" not in text


# Frames


@pytest.mark.parametrize("address", ["/runs/{}/embed/", "/models/embed/"])
def test_a_frame_may_stand_anywhere_and_loads_nothing_but_its_style(closed, address):
    answer = Client().get(address.format(closed.pk))
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    text = answer.content.decode()
    assert "<script" not in text
    assert "Machine-written and unverified" in text


def test_all_other_pages_may_not_be_framed(closed):
    answer = Client().get(f"/runs/{closed.pk}/")
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert f"/runs/{closed.pk}/embed/" in answer.content.decode()


def test_the_frame_of_an_open_run_asks_for_a_vote_and_names_nobody(voted_on):
    text = read(f"/runs/{voted_on.pk}/embed/")
    assert "would you print?" in text
    assert not re.search("(?i)nightjar|curlew|%|\\$", text.partition("<main")[2])


# Corrections


def test_corrections_tell_what_was_withheld_withdrawn_and_scored_again(closed):
    publish.withhold(Report.objects.get(entry__run=closed, entry__slug="kimi"), "Names a minor.")
    gone = make_run(closed.evaluation)
    publish.withdraw(gone, "Its material was stolen.")
    report = Report.objects.get(entry__run=closed, entry__slug="claude")
    Score.objects.create(report=report, metric="groundedness", value=0.4, scorer_version="2")
    text = read("/corrections/")
    for told in ("the report of Kimi K3 is withheld", "Names a minor.", f"Run {gone.pk}:", "Its material was stolen.",
                 "scored again", "By scorer 2; before that by scorer 1."):  # fmt: skip
        assert told in text, told
    assert f'href="/runs/{gone.pk}/"' not in text
    feed = ET.fromstring(Client().get("/corrections/feed/").content)
    assert len(feed.findall(f"{ATOM}entry")) == 3
    publish.bring_back(gone)
    assert "stolen" not in read("/corrections/")


def test_of_an_open_run_corrections_tell_neither_whose_report_it_is_nor_why(voted_on):
    publish.withhold(Report.objects.get(entry__run=voted_on, entry__slug="curlew"), "Curlew names itself.")
    for address in ("/corrections/", "/corrections/feed/"):
        text = read(address)
        assert "a report is withheld" in text
        assert not re.search("(?i)curlew", text)
    Run.objects.filter(pk=voted_on.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))
    assert "Curlew names itself." in read("/corrections/")


def test_nothing_is_told_of_runs_that_nobody_saw(closed):
    trial = make_run(closed.evaluation, kind="trial")
    Run.objects.filter(pk=trial.pk).update(withdrawn_at=timezone.now())
    assert "Nothing has been withdrawn" in read("/corrections/")


# Who answers, and where one is


def test_who_answers_for_the_site_stands_on_every_page(closed, settings):
    assert "Answerable" not in read("/about/")
    settings.PUBLISHER = "Example Media <Ltd>"
    for address in ("/", "/about/", f"/runs/{closed.pk}/", "/corrections/"):
        assert "Answerable for this site: Example Media &lt;Ltd&gt;" in read(address)
    assert linked(read(f"/runs/{closed.pk}/"))["publisher"]["name"] == "Example Media <Ltd>"


def test_a_page_that_is_not_there_speaks_of_the_address():
    for address, said in (
        ("/runs/999/", "Run 999 has no such page"),
        ("/runs/999/context/", "Run 999 has no such page"),
        ("/models/nobody/", "No model is called “nobody” here"),
        ("/no/such/", "There is nothing at this address"),
    ):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert said in answer.content.decode()
        assert f"<code>{address}</code>" in answer.content.decode()


# Lists


def test_archive_and_feed_say_what_each_run_found(closed, voted_on):
    text = read("/runs/")
    assert re.search(r"Claude Sonnet 5.5 and Kimi K3 kept closest to the sources\s*</a>", text)
    assert "“Rovers break their record for Lund”" in text
    titles = [
        entry.findtext(f"{ATOM}title")
        for entry in ET.fromstring(Client().get("/feed/").content).findall(f"{ATOM}entry")
    ]
    assert titles == ["Vote: which report on “Rovers break their record for Lund” would you print?",
                      "Claude Sonnet 5.5 and Kimi K3 kept closest to the sources"]  # fmt: skip
    assert not re.search("(?i)nightjar|curlew", text)


def test_search_results_show_the_words_where_they_stand(closed, voted_on):
    text = read("/runs/?q=two+PLAYERS")
    assert re.search(r'Claude Sonnet 5.5: <q>.*?let <mark class="found">two players</mark> go on loan', text)
    assert "nightjar" not in text.lower()
    assert '<q><mark class="found">Table after</mark> matchday 19</q>' in read("/runs/?q=table+after")


def test_an_excerpt_is_written_as_it_stands_there():
    found = excerpt("x " * 60 + "In Łódź, **Özil** won. " + "y " * 60, "ozil")
    assert found
    assert found.words == "Özil"
    assert found.before.startswith("… ")
    assert found.before.endswith("In Łódź, ")
    assert found.after.endswith(" …")
    assert excerpt("nothing", "ozil") is None
