"""What a browser is allowed to do with our pages. Django 5.2 has no such middleware itself.

No script but our own file, no frame, no other server. Reports carry style attributes, which a
notebook needs and which can't run anything: those alone are allowed beside our style sheet.
"""

from collections.abc import Awaitable, Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import async_only_middleware

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

Answering = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@async_only_middleware
def content_security_policy(get_response: Answering) -> Answering:
    """Add the policy to every answer, and keep pages with students' names out of caches."""

    async def answer(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer
