"""What an exercise is, what a check may ask, and what comes out of it.

Knows neither the notebook nor the grader: both know it.
"""

from workbook_site.checking.exercise import Check, Exercise, ExerciseError, UnknownExercise
from workbook_site.checking.failure import Failure, equal, that
from workbook_site.checking.report import FailureData, Outcome, Report, Result
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
