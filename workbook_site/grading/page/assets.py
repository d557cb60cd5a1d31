"""The style sheet and the script: two files, read once, served under addresses that never change.

An address carries the digest of what it names, so that a browser may keep it for ever.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).parent / "assets"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def _all() -> dict[str, tuple[bytes, str]]:
    """Content and digest of each file, by name."""
    found = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in TYPES}
    return {name: (data, hashlib.sha256(data).hexdigest()[:12]) for name, data in found.items()}


def address(name: str) -> str:
    """Where a browser finds `page.css` or `page.js`. Raises `KeyError` for another name."""
    return reverse("asset", args=[_all()[name][1], name])


@login_not_required
@require_safe
async def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """The file. It says nothing about anybody, so that the login page may use it."""
    data, now = _all().get(name, (b"", None))
    if digest != now:
        raise Http404
    kind = TYPES[Path(name).suffix]
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": FOR_EVER})
