"""A long command says how far it is, to whoever watches a terminal and to nobody else."""

from collections.abc import Iterator
from io import StringIO

import pytest

from governance_portal.lib.progress import SILENT, Progress, on_terminal


class Terminal(StringIO):
    """A stream somebody watches."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def seconds(step: float) -> Iterator[float]:
    """A clock that goes on by so much each time it is looked at."""
    now = 0.0
    while True:
        now += step
        yield now


def told(rows: object, step: float) -> list[str]:
    """What is said over these rows when each look at the clock is so many seconds later."""
    lines: list[str] = []
    clock = seconds(step)
    assert list(Progress(lines.append, lambda: next(clock)).over("导入", rows)) == list(range(4))  # type: ignore[call-overload]
    return lines


def test_every_two_seconds_a_line_and_one_at_the_end() -> None:
    assert told(list(range(4)), 1.0) == ["导入 2/4 行（50 %）……", "导入 4/4 行（100 %）……", "导入 4 行，完成。"]


def test_what_does_not_know_its_length_is_counted_without_a_whole() -> None:
    assert told(iter(range(4)), 1.0) == ["导入 2 行……", "导入 4 行……", "导入 4 行，完成。"]


def test_what_is_quickly_done_says_nothing() -> None:
    assert told(list(range(4)), 0.01) == []


def test_a_row_counts_once_the_work_comes_back_for_the_next() -> None:
    lines: list[str] = []
    rows = Progress(lines.append, lambda: 0.0 if not lines else 9.0).over("写入", [1, 2])
    next(rows)
    assert lines == []


@pytest.mark.parametrize(("stream", "said"), [(Terminal(), True), (StringIO(), False)])
def test_a_file_or_a_pipe_gets_none_of_it(stream: StringIO, said: bool) -> None:
    progress = on_terminal(stream)
    assert (progress is SILENT) is not said
    clock = seconds(5.0)
    shown = Progress(progress._say, lambda: next(clock))
    assert list(shown.over("导入", [1])) == [1]
    assert stream.getvalue() == ("导入 1/1 行（100 %）……\n导入 1 行，完成。\n" if said else "")
