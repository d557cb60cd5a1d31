"""The class as files to take away."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from workbook_site.grading.exports import (
    canvas_csv,
    feedback,
    feedback_path,
    grades_csv,
    moodle_csv,
)
from workbook_site.grading.exports.data import grades_text
from workbook_site.grading.exports.given import given
from workbook_site.grading.marks import Mark, marks
from workbook_site.grading.page.views import page

CHUNK = 1 << 16


@dataclass(frozen=True)
class Export:
    """A file that is made when it is asked for."""

    name: str
    title: str
    about: str
    kind: str
    write: Callable[[IO[bytes], list[Mark]], None]


def _text(
    write: Callable[[list[Mark]], str | Iterator[str]], begin: str = ""
) -> Callable[..., None]:
    def written(file: IO[bytes], found: list[Mark]) -> None:
        made = write(found)
        for piece in (begin, made) if isinstance(made, str) else made:
            file.write(piece.encode("utf-8"))

    return written


def _feedback(file: IO[bytes], found: list[Mark]) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for mark, known in given(found):
            packed.writestr(f"feedback/{feedback_path(mark)}", feedback(mark, known))


CSV, JSON, ZIP = "text/csv; charset=utf-8", "application/json", "application/zip"
EXPORTS = {
    export.name: export
    for export in [
        # Excel takes a CSV for UTF-8 only when it begins so.
        Export(
            "grades.csv",
            "All marks",
            "One row a student, one column an exercise.",
            CSV,
            _text(grades_csv, "\ufeff"),
        ),
        Export(
            "canvas.csv", "Canvas", "In the columns that Canvas imports.", CSV, _text(canvas_csv)
        ),
        Export(
            "moodle.csv", "Moodle", "In the columns that Moodle imports.", CSV, _text(moodle_csv)
        ),
        Export(
            "grades.json", "Everything", "Marks and full reports as JSON.", JSON, _text(grades_text)
        ),
        Export(
            "feedback.zip",
            "Feedback",
            "One page a submission, for its author: it opens anywhere.",
            ZIP,
            _feedback,
        ),
    ]
}


@require_safe
async def exports(request: HttpRequest) -> HttpResponse:
    """What there is to take away."""
    return await page(request, "exports.html", {"exports": EXPORTS.values()}, "exports")


@require_safe
async def export(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """One file, made on the disk and sent from there: a class's reports may be large."""
    chosen = EXPORTS.get(name)
    if chosen is None:
        raise Http404
    file = await sync_to_async(_made)(chosen)
    return StreamingHttpResponse(
        _pieces(file),
        content_type=chosen.kind,
        headers={"Content-Disposition": f'attachment; filename="{chosen.name}"'},
    )


def _made(chosen: Export) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    chosen.write(file, marks())
    file.seek(0)
    return file


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(CHUNK):
            yield piece
