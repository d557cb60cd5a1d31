"""The class, one student, and what is to be learned from all."""

from itertools import groupby
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from workbook_site import project
from workbook_site.grading import insight as insights
from workbook_site.grading.marks import marks
from workbook_site.grading.models import Student, Unplaced
from workbook_site.grading.page import lines, reading, table


async def page(
    request: HttpRequest, template: str, values: dict[str, Any], here: str = "", status: int = 200
) -> HttpResponse:
    """A page with its head: who is logged in, and where we are."""
    values = {"instructor": request.user, "here": here, **values}
    return await sync_to_async(render)(request, f"page/{template}", values, status=status)


@require_safe
async def klass(request: HttpRequest) -> HttpResponse:
    """The table of students by exercises."""
    view = reading.View.of(request.GET.dict())
    values = await sync_to_async(_class)(view)
    return await page(request, "class.html", values, "class")


def _class(view: reading.View) -> dict[str, Any]:
    shown = lines.lines(view)
    return {
        "view": view,
        "shown": shown,
        "table": table.table(shown.lines.values(), shown.columns),
        "chapters": project.chapters(),
        "unplaced": list(Unplaced.objects.all()[:50]),
    }


@require_safe
async def student(request: HttpRequest, pk: int) -> HttpResponse:
    """All of one student: what was handed in, and what came of it."""
    found = await aget_object_or_404(Student, pk=pk)
    values = await sync_to_async(_student)(found)
    return await page(request, "student.html", values)


def _student(found: Student) -> dict[str, Any]:
    row = reading.of_student(found)
    submissions = list(found.submissions.defer("notebook").order_by("chapter", "-received_at"))
    chapters = [
        {
            "chapter": chapter,
            "submissions": [each for each in submissions if each.chapter == chapter.name],
            "cells": [
                {"column": column, "cell": cell, "kind": table.KINDS[cell.kind]}
                for column in reading.columns()
                if column.chapter == chapter.name
                and (cell := row.cells.get(column[:2])) is not None
            ],
        }
        for chapter in project.chapters()
    ]
    known = {chapter.name for chapter in project.chapters()}
    return {
        "student": found,
        "row": row,
        "chapters": [each for each in chapters if each["submissions"]],
        "others": [each for each in submissions if each.chapter not in known],
    }


@require_safe
async def insight(request: HttpRequest) -> HttpResponse:
    """What the class can do, exercise by exercise."""
    values = {"chapters": await sync_to_async(_insight)()}
    return await page(request, "insight.html", values, "insight")


def _insight() -> list[dict[str, Any]]:
    found = insights.insight(marks())
    return [
        # The plot escapes what it shows.
        {
            "name": chapter.replace("_", " ").capitalize(),
            "exercises": these,
            "plot": mark_safe(insights.plot(these)),  # noqa: S308
        }
        for chapter, each in groupby(found, key=lambda one: one.chapter)
        for these in [list(each)]
    ]
