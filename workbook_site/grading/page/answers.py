"""One answer: what was written, what the judge says, what was before, and what we say to it."""

from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404, redirect
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from workbook_site.checking import Report, html
from workbook_site.grading import store
from workbook_site.grading.models import Answer, Grade, Remark, Student
from workbook_site.grading.page import reading, table
from workbook_site.grading.page.models import Instructor
from workbook_site.grading.page.views import page

# Longer than any honest answer; the rest is in the notebook itself.
SHOWN = 100_000


class RemarkForm(forms.Form):
    """Points in place of the judge's, and words for the student."""

    points = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1_000,
        label="Points, in place of the judge's",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    comment = forms.CharField(
        required=False,
        max_length=5_000,
        label="Comment for the student",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
async def answer(request: HttpRequest, pk: int, chapter: str, exercise: str) -> HttpResponse:
    """One student's answer to one exercise."""
    return await _show(request, pk, chapter, exercise, None)


@require_POST
async def remark(request: HttpRequest, pk: int, chapter: str, exercise: str) -> HttpResponse:
    """Keep points and a comment under the name of who is logged in, whatever the form says."""
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return await _show(request, pk, chapter, exercise, form)
    student = await aget_object_or_404(Student, pk=pk)
    _column(chapter, exercise)
    assert isinstance(request.user, Instructor)
    by = request.user.name
    await sync_to_async(store.remark)(student, chapter, exercise, by=by, **form.cleaned_data)
    return redirect("answer", pk, chapter, exercise)


async def _show(
    request: HttpRequest, pk: int, chapter: str, exercise: str, form: RemarkForm | None
) -> HttpResponse:
    column = _column(chapter, exercise)
    student = await aget_object_or_404(Student, pk=pk)
    values = await sync_to_async(_values)(student, column, form)
    return await page(request, "answer.html", values, status=400 if form else 200)


def _column(chapter: str, exercise: str) -> table.Column:
    """The exercise of that name. Raises `Http404`."""
    found = (column for column in reading.columns() if column[:2] == (chapter, exercise))
    column = next(found, None)
    if column is None:
        raise Http404
    return column


def _values(student: Student, column: table.Column, form: RemarkForm | None) -> dict[str, Any]:
    place = {"chapter": column.chapter, "exercise": column.exercise}
    remarks = list(student.remarks.filter(**place)[:50])
    newest = remarks[0] if remarks else Remark()
    given = {"points": newest.points, "comment": newest.comment}
    answers = _answers(student, column)
    cell = reading.of_student(student).cells.get(column[:2], table.Cell("missing"))
    return {
        "student": student,
        "column": column,
        "cell": cell,
        "kind": table.KINDS[cell.kind],
        "now": answers[0] if answers else None,
        "before": answers[1:],
        "remarks": remarks,
        "form": form or RemarkForm(initial=given),
        "neighbours": _neighbours(student, column),
    }


def _answers(student: Student, column: table.Column) -> list[dict[str, Any]]:
    """Every answer to the exercise, newest first, each with its code, panel and older verdicts."""
    found = (
        Answer.objects.filter(
            submission__student=student,
            submission__chapter=column.chapter,
            exercise=column.exercise,
        )
        .select_related("submission")
        .defer("submission__notebook")
        .prefetch_related("grades__verdict")
        .order_by("-submission__received_at", "-submission__pk")
    )
    return [_answer(each) for each in found[:20]]


def _answer(found: Answer) -> dict[str, Any]:
    grades = sorted(found.grades.all(), key=lambda grade: (grade.current, grade.pk), reverse=True)
    return {
        "answer": found,
        "submission": found.submission,
        "code": code(found.exercise, found.text),
        "panel": _panel(grades[0]) if grades else "",
        "older": [{"grade": grade, "panel": _panel(grade)} for grade in grades[1:]],
        "grade": grades[0] if grades else None,
    }


def _panel(grade: Grade) -> SafeString:
    """The panel that the learner sees; it escapes all that it shows."""
    report = Report.from_json(grade.verdict.report)
    return mark_safe(html.render(report, titled=False))  # noqa: S308


def code(exercise: str, text: str) -> SafeString:
    """The cell in colours, with the lines that the verdict speaks of; the formatter escapes it."""
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}\n# … {len(text):,} characters"
    shown = f"%%exercise {exercise}\n{shown}"
    formatter = HtmlFormatter(linenos="table", cssclass="code", wrapcode=True)
    return mark_safe(str(highlight(shown, PythonLexer(stripnl=False), formatter)))  # noqa: S308


def _neighbours(student: Student, column: table.Column) -> dict[str, int | None]:
    """Who comes before and after this student with an answer to the same exercise."""
    order = list(
        Student.objects.filter(submissions__chapter=column.chapter)
        .order_by("name", "key")
        .distinct()
        .values_list("pk", flat=True)
    )
    place = order.index(student.pk) if student.pk in order else -1
    before = order[place - 1] if place > 0 else None
    after = order[place + 1] if 0 <= place < len(order) - 1 else None
    return {"before": before, "after": after}
