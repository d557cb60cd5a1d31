"""The class as files: tables for spreadsheets and learning platforms, JSON, and pages to read.

grades.csv      one row a student, one column an exercise
canvas.csv      as Canvas imports it
moodle.csv      as Moodle imports it
grades.json     everything
insight.html    what the class found hard
feedback/STUDENT/NN_CHAPTER.html    one page a submission, for its author
"""

from workbook_site.grading.exports.data import grades_json
from workbook_site.grading.exports.feedback import feedback, feedback_path
from workbook_site.grading.exports.insights import insight_html
from workbook_site.grading.exports.tables import canvas_csv, grades_csv, moodle_csv
from workbook_site.grading.exports.writing import write_all, write_feedback

__all__ = [
    "canvas_csv",
    "feedback",
    "feedback_path",
    "grades_csv",
    "grades_json",
    "insight_html",
    "moodle_csv",
    "write_all",
    "write_feedback",
]
