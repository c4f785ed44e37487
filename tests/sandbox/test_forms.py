"""Instructions in English are read as the form of a report."""

import pytest

from evaluations.sandbox.writing.forms import BULLETS, PROSE, Form, Section, limits_in, read_form
from tests.sandbox.conftest import INSTRUCTIONS


def test_one_requirement_a_line_is_read() -> None:
    assert read_form(INSTRUCTIONS) == Form(
        title=True,
        sections=(
            Section("Transfers", BULLETS, min_items=2, max_items=8),
            Section("Managers", BULLETS, min_items=1, max_items=6),
            Section("Standings", PROSE, min_words=30, max_words=150),
        ),
        min_words=100,
        max_words=600,
    )


def test_one_line_a_section_is_read() -> None:
    form = read_form(
        'Section 1: "Transfers", a bullet list of 2 to 8 items.\n'
        "Section 2: “Standings”, prose of 40-120 words.\n"
        '3. Section "Outlook": at most 60 words\n'
        "The whole report has between 150 and 1,500 words."
    )
    assert form.sections == (
        Section("Transfers", BULLETS, min_items=2, max_items=8),
        Section("Standings", PROSE, min_words=40, max_words=120),
        Section("Outlook", max_words=60),
    )
    assert (form.title, form.min_words, form.max_words) == (False, 150, 1500)


def test_headings_in_markdown_are_read_where_no_line_spells_them_out() -> None:
    form = read_form("Use this layout:\n\n## Fixtures\n...\n\n## Table ##\n...")
    assert [section.heading for section in form.sections] == ["Fixtures", "Table"]


def test_phrases_and_endings_are_read() -> None:
    form = read_form(
        'Use each of these words or phrases: "goal difference", "Shield".\n'
        'Use none of these words or phrases: "arguably".\n'
        'End with exactly these words and nothing after them: "End of report."'
    )
    assert form.required_phrases == ("goal difference", "Shield")
    assert form.forbidden_phrases == ("arguably",)
    assert form.ends_with == "End of report."


def test_no_instructions_ask_nothing() -> None:
    assert read_form("").asks_nothing
    assert read_form("You are a sports analyst. Be fair.").asks_nothing


@pytest.mark.parametrize(
    ("line", "limits"),
    [
        ("at least 1 item", (1, None)),
        ("at most 12 items", (None, 12)),
        ("between 3 and 5 bullet points", (3, 5)),
        ("3–5 items", (3, 5)),
        ("no more than 4 short items", (None, 4)),
        ("exactly 3 bullets", (3, 3)),
        ("a list of 4 items", (4, 4)),
        ("nothing of the kind", None),
    ],
)
def test_limits_are_read_in_many_wordings(line: str, limits: tuple[int | None, int | None] | None) -> None:
    assert limits_in(line, r"(?:list )?(?:items?|bullets?|bullet points?)") == limits
