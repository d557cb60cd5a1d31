"""A fault of the gradebook's own files is told on the page, with its remedy, not by a bare 500."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from workbook_site.grading.policy import PolicyError


class Told(MiddlewareMixin):
    """Answers with the sentence that an exception for instructors carries."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what an instructor can mend; None, the usual way, for all else."""
        if not isinstance(error, PolicyError):
            return None
        page = {"problem": str(error), "instructor": request.user}
        return render(request, "page/problem.html", page, status=409)
