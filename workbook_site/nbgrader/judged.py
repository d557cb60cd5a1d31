"""The verdict on an answer as it stands in the notebook's file, where nbgrader runs the notebook.

nbgrader runs a notebook in the folder of its file. What counts as the answer, `intake` decides, as
it does for `grade`: cells that were moved, copied, deleted or edited do the harm that they do there
and no other.
"""

import functools
import os
from pathlib import Path

from workbook_site import places
from workbook_site.checking.exercise import Exercise, names
from workbook_site.checking.report import Report
from workbook_site.intake import NotUsable, answers
from workbook_site.judge import NoSandbox
from workbook_site.live.judging import Judging
from workbook_site.live.saying import Told
from workbook_site.nbgrader.passing import EXECUTION
from workbook_site.project import find

NO_FILE = (
    "There is no {name} in {folder}. nbgrader knows a notebook by its name: give it this one back."
)
NO_SOLUTIONS = (
    "No answer can be judged here: solutions/{chapter}/ lacks {names}. Each answer is judged in a "
    "project in which everything else is right. Grade with a checkout that has its solutions."
)

# "no": answers are judged without walls around them, for graders who trust all of them.
SANDBOX = "WORKBOOK_SANDBOX"


def report(exercise: Exercise) -> tuple[Report, str]:
    """The verdict, and a note on how the answer was found. Raises `Told` when there can be none."""
    chapter = find(exercise.chapter)
    path = Path.cwd() / f"{chapter.stem}.ipynb"
    if strangers():
        _need_solutions(exercise.chapter)
    try:
        found = answers(path.read_bytes(), chapter).by_exercise[exercise.name]
        return _judging().grade(exercise, found.text), found.note
    except FileNotFoundError:
        raise Told(NO_FILE.format(name=path.name, folder=path.parent)) from None
    except (NotUsable, NoSandbox) as error:
        raise Told(str(error)) from None


def strangers() -> bool:
    """Is it other people's work that is judged here, behind walls?"""
    grading = os.environ.get(EXECUTION) == "autograde"
    return os.environ.get(SANDBOX, "yes" if grading else "no") != "no"


def _need_solutions(chapter: str) -> None:
    folder = places.solutions() / chapter
    lacking = [name for name in names(chapter) if not (folder / f"{name}.py").is_file()]
    if lacking:
        raise Told(NO_SOLUTIONS.format(chapter=chapter, names=", ".join(lacking)))


@functools.cache
def _judging() -> Judging:
    """One for the kernel, which nbgrader starts for each notebook."""
    return Judging(places.state() / "cache", sandbox=strangers())
