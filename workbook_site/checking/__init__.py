"""What an exercise is, what a check may ask, and what comes out of it.

Knows neither the notebook nor the grader: both know it.
"""

from typing import TYPE_CHECKING, Any

from workbook_site.checking.exercise import Check, Exercise, ExerciseError, UnknownExercise
from workbook_site.checking.failure import Failure, equal, that
from workbook_site.checking.report import FailureData, Outcome, Report, Result

if TYPE_CHECKING:
    from workbook_site.checking.site import Site

__all__ = [
    "Check",
    "Exercise",
    "ExerciseError",
    "Failure",
    "FailureData",
    "Outcome",
    "Report",
    "Result",
    "Site",
    "UnknownExercise",
    "equal",
    "that",
]


def __getattr__(name: str) -> Any:
    # The Site brings clients for HTTP and WebSockets along. Judged processes, and commands that
    # judge nothing themselves, know what a failure is without loading these.
    if name == "Site":
        from workbook_site.checking.site import Site

        return Site
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
