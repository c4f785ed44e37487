"""Pictures for elsewhere, drawn without a browser: the card of a run, and a chart. Pure; Pillow and one font."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from font_source_serif_pro import SourceSerifPro, SourceSerifProSemibold
from PIL import Image, ImageDraw, ImageFont

from .charts import Chart

SIZE = (1200, 630)  # what sites that show cards ask for
MARGIN = 64
PAPER, INK, SOFT, RULE, GREEN = "#fbf4ec", "#211c17", "#655a4f", "#d8cabb", "#0b5d3b"
HEADLINE_SIZES, HEADLINE_LINES = (68, 60, 52, 46, 40), 4
SCALE = 2  # of a chart, so that it is sharp in print
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

Font = ImageFont.FreeTypeFont
At = Callable[[float, float], tuple[float, float]]  # where a place of a chart lies in its picture


@dataclass(frozen=True, slots=True)
class Words:
    """What a card says, from top to bottom."""

    kicker: str
    headline: str
    lines: Sequence[str]
    foot: str


def card(words: Words) -> bytes:
    """The card as PNG."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    right = SIZE[0] - MARGIN
    draw.text((MARGIN, 40), "Futbol Report", INK, font(SourceSerifProSemibold, 44))
    for top in (108, 113):
        draw.line((MARGIN, top, right, top), INK, 2)
    write(draw, 134, [words.kicker], GREEN, font(SourceSerifProSemibold, 28))
    lines, headline = fit(draw, without_marks(words.headline), right - MARGIN)
    bottom = write(draw, 176, lines, INK, headline)
    small = font(SourceSerifPro, 30)
    told = [cut(draw, without_marks(line), right - MARGIN, small) for line in words.lines if line]
    draw.line((MARGIN, bottom + 18, right, bottom + 18), RULE, 2)
    write(draw, bottom + 32, told[: max(0, int(SIZE[1] - 122 - bottom) // 36)], INK, small)
    write(draw, SIZE[1] - 62, [words.foot], SOFT, font(SourceSerifPro, 24))
    return as_png(image)


def chart_picture(chart: Chart, title: str, x_ticks: Sequence[str], y_ticks: Sequence[str], axis: str) -> bytes:
    """A chart of named points as PNG; its ticks are given as they are written."""
    top = 40
    image = Image.new("RGB", (SCALE * (chart.width + 24), SCALE * (chart.height + top)), PAPER)
    draw = ImageDraw.Draw(image)
    small, bold = font(SourceSerifPro, SCALE * 13), font(SourceSerifProSemibold, SCALE * 15)

    def at(x: float, y: float) -> tuple[float, float]:
        return SCALE * x, SCALE * (y + top)

    draw.text((SCALE * 16, SCALE * 12), without_marks(title), INK, bold)
    for tick, text in zip(chart.y_ticks, y_ticks, strict=True):
        draw.line((*at(chart.left, tick.at), *at(chart.right, tick.at)), RULE, SCALE)
        draw.text(at(chart.left - 8, tick.at), text, SOFT, small, anchor="rm")
    for tick, text in zip(chart.x_ticks, x_ticks, strict=True):
        draw.line((*at(tick.at, chart.top), *at(tick.at, chart.bottom)), RULE, SCALE)
        draw.text(at(tick.at, chart.bottom + 14), text, SOFT, small, anchor="mm")
    draw.text(at(chart.right, chart.bottom + 32), axis, SOFT, small, anchor="rm")
    draw_points(draw, chart, at, bold)
    return as_png(image)


def draw_points(draw: ImageDraw.ImageDraw, chart: Chart, at: At, bold: Font) -> None:
    """The points of a chart with their labels and the lines to them."""
    for point in chart.points:
        if point.led:
            draw.line((*at(point.x, point.y), *at(*point.line_end)), RULE, SCALE)
    anchors = {"start": "ls", "end": "rs", "middle": "ms"}
    for point in chart.points:
        (x, y), radius = at(point.x, point.y), SCALE * 5
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), GREEN)
        draw.text(at(point.label_x, point.label_y), without_marks(point.label), INK, bold, anchor=anchors[point.anchor])


@lru_cache(maxsize=16)
def font(path: str, size: int) -> Font:
    """The font in one size. The basic layout reads no table that a font could have made up."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def without_marks(text: str) -> str:
    """A text without what nobody sees and without line breaks."""
    return " ".join(UNSEEN.sub("", text).split())


def fit(draw: ImageDraw.ImageDraw, text: str, width: int) -> tuple[list[str], Font]:
    """The text in the largest size in which it has room, and its lines; cut where it has none in the smallest."""
    for size in HEADLINE_SIZES:
        chosen = font(SourceSerifProSemibold, size)
        lines = wrap(draw, text, width, chosen)
        if len(lines) <= HEADLINE_LINES and size * 1.2 * len(lines) <= 250:
            return lines, chosen
    kept = lines[:HEADLINE_LINES]
    return [*kept[:-1], cut(draw, f"{kept[-1]} …", width, chosen)], chosen


def wrap(draw: ImageDraw.ImageDraw, text: str, width: int, chosen: Font) -> list[str]:
    """The text in lines that are no wider than that; a word that is wider is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, chosen) <= width:
            lines[-1] = longer
        elif lines[-1]:
            lines.append(cut(draw, word, width, chosen))
        else:
            lines[-1] = cut(draw, word, width, chosen)
    return lines


def cut(draw: ImageDraw.ImageDraw, text: str, width: int, chosen: Font) -> str:
    """One line of a text, cut where it is wider than that."""
    if draw.textlength(text, chosen) <= width:
        return text
    while text and draw.textlength(f"{text}…", chosen) > width:
        text = text[: max(0, min(len(text) - 1, int(len(text) * width / draw.textlength(f"{text}…", chosen))))]
    return f"{text.rstrip()}…"


def write(draw: ImageDraw.ImageDraw, top: float, lines: Sequence[str], colour: str, chosen: Font) -> float:
    """Write lines below each other; where the next one would stand."""
    for line in lines:
        draw.text((MARGIN, top), without_marks(line), colour, chosen)
        top += round(1.2 * chosen.size)
    return top


def as_png(image: Image.Image) -> bytes:
    """The picture as a file."""
    written = io.BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()
