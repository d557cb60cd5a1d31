"""The addresses of the workbook's own site."""

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from workbook_site import __version__, project


@login_not_required
async def health(request: HttpRequest) -> JsonResponse:
    """The site is up, and these are the chapters that it knows."""
    known = await sync_to_async(project.chapters)()  # It reads a folder.
    names = [chapter.stem for chapter in known]
    return JsonResponse({"workbook": __version__, "chapters": names})


urlpatterns = [
    path("health/", health, name="health"),
    path("", include("workbook_site.grading.page.urls")),
]
