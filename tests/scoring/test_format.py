"""What a format asks is what is checked."""

import pytest

from evaluations.scoring.format.check import check_format, instructions
from evaluations.scoring.format.schema import FormatError, validate

FULL = {
    "title": True,
    "sections": [
        {"heading": "Transfers", "style": "bullets", "min_items": 1, "max_items": 4},
        {"heading": "Managers", "style": "prose", "min_words": 3, "max_words": 40},
    ],
    "ordered": True,
    "extra_sections": False,
    "min_words": 10,
    "max_words": 200,
    "min_sentences": 2,
    "max_sentences": 20,
    "min_paragraphs": 1,
    "max_paragraphs": 9,
    "min_bullets": 1,
    "max_bullets": 9,
    "required_phrases": ["Northport"],
    "forbidden_phrases": ["rumour"],
    "language": "en",
    "ends_with": "End of report.",
    "no_preamble": True,
    "no_links": True,
}
GOOD = """# The week

## Transfers

- **Northport** have signed Erik Dahl from Vestby for the season.

## Managers

Kilbride have sacked their manager after six defeats in a row.

End of report."""


def verdicts(output_format, report):
    return {check.name: check.passed for check in check_format(output_format, report).checks}


def test_a_report_that_keeps_the_format_passes_every_check():
    result = check_format(FULL, GOOD)
    assert [check for check in result.checks if not check.passed] == []
    assert result.value == 1


def test_every_check_is_asked_for_in_the_instructions():
    lines = instructions(FULL).splitlines()[1:]
    assert len(lines) == len(check_format(FULL, GOOD).checks)
    text = instructions(FULL)
    for words in ("Transfers", "Managers", "10 words", "200 words", "Northport", "rumour", "English", "End of report."):
        assert words in text


def test_each_limit_of_a_section_is_one_check():
    names = list(verdicts(FULL, GOOD))
    assert [name for name in names if name.startswith("section: Transfers")] == [
        "section: Transfers",
        "section: Transfers: style",
        "section: Transfers: min_items",
        "section: Transfers: max_items",
    ]


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        (("# The week\n\n", ""), {"title", "min_words"} - {"min_words"}),
        (("# The week", "Sure, here is the report:\n\n# The week"), {"title", "no_preamble"}),
        (("## Transfers", "## Moves"), {"section: Transfers"}),
        (
            ("- **Northport**", "**Northport**"),
            {"section: Transfers: style", "section: Transfers: min_items", "min_bullets"},
        ),
        (("Kilbride have", "- Kilbride have"), {"section: Managers: style"}),
        (("## Managers", "## Other\n\nText.\n\n## Managers"), {"extra_sections"}),
        (("Northport", "Southport"), {"required_phrases"}),
        (("defeats", "rumour"), {"forbidden_phrases"}),
        (("End of report.", "Bye."), {"ends_with"}),
        (("Vestby", "[Vestby](https://example.org)"), {"no_links"}),
    ],
)
def test_a_broken_rule_fails_its_check_and_says_why(change, failed):
    result = check_format(FULL, GOOD.replace(*change))
    broken = {check.name for check in result.checks if not check.passed}
    assert failed <= broken
    assert all(check.detail for check in result.checks)
    assert result.value < 1


def test_sections_in_another_order_fail():
    first, second = GOOD.index("## Transfers"), GOOD.index("## Managers")
    end = GOOD.index("End of report.")
    swapped = GOOD[:first] + GOOD[second:end] + GOOD[first:second] + GOOD[end:]
    assert not verdicts(FULL, swapped)["ordered"]


@pytest.mark.parametrize("heading", ["## Transfers", "**Transfers**", "Transfers:", "### 1. Transfers", "TRANSFERS"])
def test_a_heading_counts_in_any_marking(heading):
    assert verdicts({"sections": [{"heading": "Transfers"}]}, f"{heading}\n\nText.") == {"section: Transfers": True}


@pytest.mark.parametrize(
    ("heading", "passed"), [("# TRANSFERS", True), ("TRANSFERS: late", True), ("# Transfers", False)]
)
def test_a_heading_asked_for_in_capitals_stands_in_capitals(heading, passed):
    assert verdicts({"sections": [{"heading": "TRANSFERS"}]}, f"{heading}\n\nText.") == {"section: TRANSFERS": passed}


BLOCKS = "# Title\n\nOne of them.\n\nTwo of them.\n\n- a list of one"
DIVIDED = "***\nOne of them.\n\nStill the first.\n\n***\n\nTwo of them.\n***\n"


@pytest.mark.parametrize(
    ("wanted", "report", "passed"),
    [
        ({"min_paragraphs": 2, "max_paragraphs": 2}, DIVIDED, True),
        ({"min_paragraphs": 3, "max_paragraphs": 3}, DIVIDED, False),
        ({"min_paragraphs": 2, "max_paragraphs": 2}, BLOCKS, False),
        ({"min_paragraphs": 1, "max_paragraphs": 1}, "One of them.", True),
        ({"min_paragraphs": 1, "max_paragraphs": 1}, BLOCKS, False),
        ({"min_paragraphs": 2}, BLOCKS, True),
        ({"max_paragraphs": 2}, BLOCKS, True),
        ({"min_paragraphs": 2, "max_paragraphs": 4}, BLOCKS, True),
        ({"min_paragraphs": 3}, BLOCKS, False),
        ({"min_paragraphs": 3}, DIVIDED, True),
        ({"min_paragraphs": 2, "max_paragraphs": 2, "paragraph_divider": ""}, BLOCKS, True),
        ({"min_paragraphs": 2, "paragraph_divider": "***"}, BLOCKS, False),
        ({"min_paragraphs": 2, "max_paragraphs": 2, "paragraph_divider": "***"}, DIVIDED, True),
        ({"min_paragraphs": 2, "max_paragraphs": 2, "paragraph_divider": "---"}, DIVIDED, False),
        ({"min_paragraphs": 1}, "", False),
        ({"min_paragraphs": 2, "max_paragraphs": 2}, "***", False),
    ],
)
def test_paragraphs_are_parted_by_what_the_instruction_says(wanted, report, passed):
    result = check_format(wanted, report)
    assert (result.value == 1) == passed
    asked = instructions(wanted).splitlines()[1:]
    for line, check in zip(asked, result.checks, strict=True):
        assert ("divided by" in line, "blank lines" in line) == (
            "divided by" in check.detail,
            "blank lines" in check.detail,
        )


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"min_paragraphs": 2, "max_paragraphs": 2}, 'divided by "***"'),
        ({"min_paragraphs": 2, "paragraph_divider": "---"}, 'divided by "---"'),
        ({"min_paragraphs": 2, "max_paragraphs": 3}, "separated by blank lines"),
        ({"min_paragraphs": 2, "max_paragraphs": 2, "paragraph_divider": ""}, "separated by blank lines"),
    ],
)
def test_an_exact_number_of_paragraphs_is_asked_for_with_a_divider(wanted, words):
    assert all(line.endswith(f", {words}.") for line in instructions(wanted).splitlines()[1:])


@pytest.mark.parametrize("text", ["All transfers were late.", "Transfers were late again this summer", ""])
def test_a_sentence_with_the_word_is_no_heading(text):
    assert verdicts({"sections": [{"heading": "Transfers"}]}, text) == {"section: Transfers": False}


@pytest.mark.parametrize("empty", [{}, {"ordered": False}, {"extra_sections": True}, {"no_links": False}])
def test_a_format_that_asks_nothing_has_no_checks(empty):
    assert instructions(empty) == ""
    assert check_format(empty, "Anything.") is None


@pytest.mark.parametrize(
    ("output_format", "message"),
    [
        ([], "must be a JSON object"),
        ({"tittle": True}, 'Unknown key "tittle"'),
        ({"title": "yes"}, '"title" must be true or false'),
        ({"min_words": -1}, '"min_words" must be a whole number'),
        ({"min_words": True}, '"min_words" must be a whole number'),
        ({"min_words": 10, "max_words": 5}, '"min_words" is greater than "max_words"'),
        ({"sections": {}}, '"sections" must be a list'),
        ({"sections": [{"style": "prose"}]}, 'Section 1 has no "heading"'),
        ({"sections": [{"heading": " "}]}, '"heading" of section 1'),
        ({"sections": [{"heading": "A", "style": "verse"}]}, '"style" of section 1 must be one of'),
        ({"sections": [{"heading": "A", "length": 1}]}, 'Unknown key "length" of section 1'),
        ({"sections": [{"heading": "A"}, {"heading": "a"}]}, "stands twice"),
        ({"language": "klingon"}, '"language" must be one of'),
        ({"language": ["en"]}, '"language" must be one of'),
        ({"required_phrases": "x"}, '"required_phrases" must be a list'),
        ({"forbidden_phrases": [""]}, "forbidden_phrases"),
        ({"required_phrases": ["x"], "forbidden_phrases": ["X"]}, "stands in both"),
        ({"ends_with": ""}, '"ends_with"'),
        ({"paragraph_divider": 3}, '"paragraph_divider" must be one text'),
        ({"paragraph_divider": "a\nb"}, '"paragraph_divider" must be one text'),
    ],
)
def test_a_wrong_format_is_refused_by_name(output_format, message):
    with pytest.raises(FormatError, match=message):
        validate(output_format)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das ist ein Bericht über die Liga und die Vereine.", "de"),
        ("El equipo ganó el partido y es líder de la liga.", "es"),
        ("Команда выиграла матч и теперь на первом месте.", "ru"),
        ("टीम ने मैच जीता और वह लीग में पहले स्थान पर है।", "hi"),
        ("संघाने सामना जिंकला आणि तो लीगमध्ये पहिल्या स्थानावर आहे.", "mr"),
        ("تیم بازی را برد و در صدر جدول است.", "fa"),
        ("فاز الفريق بالمباراة وهو في صدارة الدوري.", "ar"),
        ("Отборът спечели мача и вече е на първо място.", "bg"),
        ("Тим је победио на утакмици, а тренер држи прво место и даље.", "sr"),
        ("팀이 경기에서 이겼다.", "ko"),
        ("Timu ilishinda mechi na sasa ni ya kwanza katika ligi.", "sw"),
    ],
)
def test_languages_are_told_apart(text, language):
    assert verdicts({"language": language}, text) == {"language": True}
    assert verdicts({"language": "en"}, text) == {"language": False}
