"""Our format checks beside IFEval's official verdicts."""

from collections.abc import Iterator

from benchmarks.scores.data import Result, Row, rows
from evaluations.scoring.format.check import check_format


def format_of(instruction: str, values: Row) -> Row | None:
    """IFEval's instruction in our format; None for those that our format does not speak of."""
    match instruction.partition(":")[2]:
        case "number_words" | "number_sentences" as name:
            what = name.removeprefix("number_")
            number = values[f"num_{what}"]
            return {f"min_{what}": number} if values["relation"] == "at least" else {f"max_{what}": number - 1}
        case "number_paragraphs":
            return {"min_paragraphs": values["num_paragraphs"], "max_paragraphs": values["num_paragraphs"]}
        case "number_bullet_lists":
            return {"min_bullets": values["num_bullets"], "max_bullets": values["num_bullets"]}
        case "multiple_sections":
            headings = [f"{values['section_spliter']} {i + 1}" for i in range(values["num_sections"])]
            return {"sections": [{"heading": heading} for heading in headings]}
        case "title":
            return {"title": True}
        case "forbidden_words":
            return {"forbidden_phrases": values["forbidden_words"]}
        case "existence":
            return {"required_phrases": values["keywords"]}
        case "response_language":
            return {"language": values["language"]}
        case "end_checker":
            return {"ends_with": values["end_phrase"]}
    return None


def official(row: Row, place: int) -> set[bool]:
    """IFEval's verdict on one instruction: the strict one, and of an ending in bold also that without the marks, since
    what is checked is what is shown."""
    name = row["instruction_id_list"][place].partition(":")[2]
    in_bold = name == "end_checker" and "*" in (row["response"] or "")[-200:]
    return {row["strict"][place]} | ({row["loose"][place]} if in_bold else set())


def ifeval() -> Iterator[Result]:
    """Our checks against IFEval's official verdicts."""
    verdicts: dict[str, list[bool]] = {}
    for row in rows("ifeval"):
        for place, (instruction, values) in enumerate(zip(row["instruction_id_list"], row["kwargs"], strict=True)):
            wanted = format_of(instruction, values)
            result = check_format(wanted, row["response"] or "") if wanted else None
            if result is not None:
                agrees = (result.value == 1) in official(row, place)
                verdicts.setdefault(instruction.partition(":")[2], []).append(agrees)
    everything = [agrees for listed in verdicts.values() for agrees in listed]
    for name, listed in sorted(verdicts.items()):
        yield Result(f"IFEval: {name} ({len(listed)})", sum(listed) / len(listed), 0.99, 0.995)
    yield Result(f"IFEval: all of these ({len(everything)})", sum(everything) / len(everything), 0.99, 0.995)
