"""The workbook as an nbgrader course: its checks ask our judge, so that both give the same points.

    python3 -m workbook_site build --nbgrader DIR        writes the course
    points("three_problems/only_news")                   is what stands in its locked cells

nbgrader runs the whole notebook of a student in a kernel and believes what the locked cells show.
Of the cells of a submission our kernel runs none but those, so that no student's code is near
when they are; the answer is read from the notebook's file, as `grade` reads it, and judged where
`grade` judges: in a process of its own, sandboxed.
"""

from typing import Any

__all__ = ["points"]


def points(name: str) -> Any:
    """The points that the answer to the exercise `CHAPTER/NAME` has, as nbgrader takes them.

    Where nbgrader runs the notebook, the answer in the notebook's file is judged. Where a learner
    runs the cell, it tells what the cell above was judged as: nothing is judged twice.
    """
    from workbook_site.nbgrader.locked import points as of

    return of(name)
