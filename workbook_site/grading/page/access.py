"""Who gets in: every page needs an instructor with a password of their own.

A view that is open to all says so with `login_not_required`; whoever forgets a decorator on a new
view has made a closed one.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

# What may be opened with a password that was printed on a terminal.
MEANWHILE = {"password", "logout"}


class InstructorsOnly(LoginRequiredMiddleware):
    """Sends strangers to the login, and printed passwords to the page that changes them."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """A redirect, or None: go on."""
        refused: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        if refused is not None or not getattr(view_func, "login_required", True):
            return refused
        if request.user.has_own_password or _name(request) in MEANWHILE:  # type: ignore[union-attr]
            return None
        return redirect("password")


def _name(request: HttpRequest) -> str | None:
    return request.resolver_match.url_name if request.resolver_match else None
