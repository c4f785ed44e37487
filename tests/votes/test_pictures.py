"""The pictures of the standings as numbers."""

from votes.pictures import LABELS, RIGHT, WIDTH, corners, history, whiskers


def row(name: str, share: float, low: float | None = None, high: float | None = None, grounded: float | None = 0.8):
    return {"name": name, "share": share, "share_low": low, "share_high": high, "groundedness": grounded}


def test_a_dot_stands_within_its_whisker_and_all_of_it_within_the_picture():
    drawn = whiskers([row("A", 0.4, 0.3, 0.55), row("B", 0.2, 0.1, 0.3)], 4)
    for one in drawn.rows:
        assert LABELS <= one.low < one.dot < one.high <= WIDTH - RIGHT
    assert drawn.rows[0].y < drawn.rows[1].y < drawn.bottom
    assert drawn.rows[1].low < drawn.chance < drawn.rows[0].low


def test_without_an_interval_there_is_a_dot_alone():
    (one,) = whiskers([row("A", 0.4)], 4).rows
    assert (one.low, one.high) == (None, None)


def test_four_corners_name_the_models_in_them():
    found = corners(
        [row("Both", 0.4, grounded=0.9), row("Liked", 0.3, grounded=0.5), row("Dry", 0.1, grounded=0.95),
         row("Poor", 0.2, grounded=0.4), row("Unknown", 0.2, grounded=None)], 4,
    )  # fmt: skip
    assert (found.both, found.preferred, found.grounded, found.neither) == (["Both"], ["Liked"], ["Dry"], ["Poor"])


def test_one_model_has_no_corner():
    assert corners([row("A", 0.4), row("B", 0.3, grounded=None)], 4) is None


def test_history_begins_with_a_second_computation():
    assert history({"A": [(0, 0.4)]}, 1) is None
    drawn = history({"A": [(0, 0.4), (1, 0.5)], "New": [(1, 0.2)]}, 2)
    assert [course.name for course in drawn.courses] == ["A", "New"]
    assert len(drawn.courses[0].points.split()) == 2
