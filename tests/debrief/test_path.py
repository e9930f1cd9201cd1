"""The path of trust: what counts as a move, and where the points of its drawing stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.debrief.path import HEIGHT, LABELLED, WIDTH, Path, Step, draw, height


def step(turn: int, change: float, trust: float = 50, opened: tuple[str, ...] = ()) -> Step:
    return Step(turn=turn, trust=trust, change=change, said="So?", answered="Well.", opened=opened)


def drawn(steps: list[Step], start: float | None) -> Path:
    return draw(steps, start, [step.turn for step in steps])


@pytest.mark.parametrize(
    ("change", "opened", "shape"),
    [
        (2.4, (), "still"), (2.6, (), "up"), (-2.6, (), "down"), (-0.2, (), "still"), (0.0, ("nights",), "opened"),
        (-9.0, ("nights",), "opened"),
    ],
)  # fmt: skip
def test_a_point_tells_by_its_shape_what_moved(change: float, opened: tuple[str, ...], shape: str) -> None:
    assert drawn([step(1, change, opened=opened)], 50).points[0].shape == shape


def test_the_line_begins_where_the_talk_began_and_goes_through_every_point() -> None:
    path = drawn([step(1, 10, 60), step(3, -60, 0), step(5, 100, 100)], 50)
    assert path.line.split()[0] == f"{path.left},{path.start:g}"
    assert path.line.split()[1:] == [f"{p.x:g},{p.y:g}" for p in path.points]
    assert [point.label for point in path.points] == ["1", "2", "3"]
    assert path.points[1].y > path.points[0].y > path.points[2].y
    assert path.rules == (("none", height(0)), ("half", height(50)), ("full", height(100)))
    assert path.says == "Trust rose twice, fell once, and ended above where it began."


@pytest.mark.parametrize(
    ("trusts", "says"),
    [
        ([52], "Trust never rose, never fell, and ended about where it began."),
        ([40, 30], "Trust never rose, fell twice, and ended below where it began."),
        ([60, 70, 80], "Trust rose 3 times, never fell, and ended above where it began."),
    ],
)
def test_the_drawing_is_told_in_one_sentence(trusts: list[float], says: str) -> None:
    befores = [50, *trusts]
    assert drawn([step(n, trust - befores[n], trust) for n, trust in enumerate(trusts)], 50).says == says


def test_without_a_word_or_a_state_there_is_nothing_to_say() -> None:
    assert drawn([], None).says == ""
    assert drawn([], None).start is None
    assert drawn([step(1, 3)], None).line.count(",") == 1


@given(st.lists(st.floats(0, 100), max_size=100))
def test_every_point_stands_inside_and_no_two_share_their_room(trusts: list[float]) -> None:
    points = drawn([step(2 * n + 1, 0, trust) for n, trust in enumerate(trusts)], 40).points
    assert all(0 < p.x < WIDTH and 0 < p.y < HEIGHT for p in points)
    assert all(b.x - a.x >= a.wide - 0.2 for a, b in zip(points, points[1:], strict=False))


@pytest.mark.parametrize(("steps", "labelled"), [(LABELLED, LABELLED), (LABELLED + 1, 1), (2 * LABELLED + 1, 0)])
def test_in_a_longer_talk_only_what_moved_trust_is_labelled(steps: int, labelled: int) -> None:
    path = drawn([step(2 * n + 1, 9 if n == 3 else 0) for n in range(steps)], 50)
    assert sum(bool(point.label) for point in path.points) == labelled


@pytest.mark.parametrize(
    ("change", "words"),
    [(2.4, "stayed about the same"), (4, "rose a little"), (12, "rose clearly"), (-4, "fell a little")],
)
def test_what_moved_is_said_in_words(change: float, words: str) -> None:
    assert step(1, change).went == words
