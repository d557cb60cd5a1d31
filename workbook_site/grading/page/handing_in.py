"""Taking notebooks in through the page, and having them judged again."""

import logging
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias
from zipfile import ZipFile

from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.uploadedfile import UploadedFile as _File
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from workbook_site import intake
from workbook_site.grading import queue, store, taking
from workbook_site.grading.models import Student
from workbook_site.grading.nudge import nudge
from workbook_site.grading.page import reading
from workbook_site.grading.page.views import page

UploadedFile: TypeAlias = "_File[bytes]"

_log = logging.getLogger(__name__)

NONE = "No file came along. Choose one, or drop it on the page."


@dataclass(frozen=True)
class Receipt:
    """What was understood of an upload, in words and numbers."""

    understood: str
    new: int
    known: int
    refused: int
    unplaced: list[intake.Unplaced] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
async def hand_in(request: HttpRequest) -> HttpResponse:
    """The form; with files, what was understood of them. The same file twice is taken once."""
    if request.method != "POST":
        return await page(request, "hand_in.html", {}, "hand-in")
    files = request.FILES.getlist("files")
    if not files:
        return await page(request, "hand_in.html", {"problem": NONE}, "hand-in", status=400)
    student = request.POST.get("student", "").strip()[:200]
    receipt = await sync_to_async(_take_in)(files, student)
    return await page(request, "hand_in.html", {"receipt": receipt}, "hand-in")


def _take_in(files: list[UploadedFile], student: str) -> Receipt:
    """Lay the files onto the disk as intake wants them, and keep what it finds.

    Names say who a file is from, so they are kept; Django has cut all folders off them.
    """
    with tempfile.TemporaryDirectory(prefix="handed-in-") as place:
        folder = Path(place)
        zips = [file for file in files if _is_zip(file)]
        paths = [_lay(folder / str(number), file) for number, file in enumerate(zips)]
        if len(zips) < len(files):
            single = [file for file in files if not _is_zip(file)]
            paths.append(_pack(folder / "uploaded.zip", single, student))
        handed = _plain(intake.read(paths), place)
        taken = taking.take_in(handed)
    _wake(taken.new)
    return Receipt(
        handed.understood, len(taken.new), len(taken.known), len(taken.refused), handed.unplaced
    )


def _lay(folder: Path, file: UploadedFile) -> Path:
    folder.mkdir()
    path = folder / Path(file.name or "unnamed").name
    with path.open("xb") as laid:
        for chunk in file.chunks():
            laid.write(chunk)
    return path


def _pack(path: Path, files: list[UploadedFile], student: str) -> Path:
    """Single notebooks, in the folder of the student who was named, if one was.

    An archive, because a folder's own name would be taken for a student's.
    """
    with ZipFile(path, "x") as packed:
        for number, file in enumerate(files):
            name = Path(file.name or "unnamed")
            again = f"{name.stem} ({number}){name.suffix}" if number else name.name
            inside = again if name.name in [each.name for each in files[:number]] else name.name
            folder = f"{_one_word(student)}/" if student else ""
            with packed.open(f"{folder}{inside}", "w") as laid:
                shutil.copyfileobj(file, laid)
    return path


def _is_zip(file: UploadedFile) -> bool:
    return (file.name or "").lower().endswith(".zip")


def _one_word(student: str) -> str:
    """As a folder's name: a student of `../..` is refused as a path, which it would be."""
    return student.replace("/", " ").replace("\\", " ").strip(". ") or "unnamed"


def _plain(handed: intake.Handed, folder: str) -> intake.Handed:
    """Say where things came from without the folder that is gone in a moment."""
    cut = re.compile(rf"{re.escape(folder)}/(\d+/)?")
    return replace(
        handed,
        submissions=[replace(e, source=cut.sub("", e.source)) for e in handed.submissions],
        unplaced=[replace(e, source=cut.sub("", e.source)) for e in handed.unplaced],
    )


@require_POST
async def regrade(request: HttpRequest) -> HttpResponse:
    """Judge again: all, a chapter, a chapter of one student."""
    chapter = request.POST.get("chapter", "")
    if chapter and chapter not in {column.chapter for column in reading.columns()}:
        raise Http404
    student, back = None, f"{reverse('class')}?chapter={chapter}" if chapter else reverse("class")
    if request.POST.get("student", "").isdecimal():
        found = await aget_object_or_404(Student, pk=int(request.POST["student"]))
        student, back = found.key, reverse("student", args=[found.pk])
    await sync_to_async(_again)(chapter or None, student)
    return redirect(back)


def _again(chapter: str | None, student: str | None) -> None:
    """Open the submissions again, and wake the workers."""
    store.regrade(chapter, student)
    _wake(store.open_submissions().order_by("pk").values_list("pk", flat=True))


def _wake(submissions: Iterable[int]) -> None:
    """Tell workers and readers. Without the queue it is a matter of seconds: they look, too."""
    try:
        queue.put(submissions)
    except (OSError, RedisError) as error:
        _log.warning("The queue can't be reached: %s", error)
    async_to_sync(nudge)()
