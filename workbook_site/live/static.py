"""Static files on the live site, served as `runserver` serves them: from the apps' folders."""

from typing import Any

from django.apps import apps
from django.conf import STATICFILES_STORAGE_ALIAS, settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.utils.functional import empty

from workbook_site.reload import ASGIApplication, Receive, Scope, Send


def with_static_files(application: ASGIApplication) -> ASGIApplication:
    """The application, and in front of it the static files, where the project wants them so."""
    if not (settings.DEBUG and apps.is_installed("django.contrib.staticfiles")):
        return application
    inner: Any = application
    files: Any = ASGIStaticFilesHandler(inner)
    links = _Links()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        prefix = scope.get("root_path", "")
        links.below(prefix)
        path = scope["path"].removeprefix(prefix)
        if scope["type"] == "http" and files._should_handle(path):
            await files({**scope, "path": path, "root_path": ""}, receive, send)
        else:
            await application(scope, receive, send)

    return serve


class _Links:
    """`{% static %}` links that fit the way a request came.

    Django works out STATIC_URL once, below the prefix of the first request; the notebook asks
    directly and the browser may come through a proxy.
    """

    def __init__(self) -> None:
        self._prefix = ""

    def below(self, prefix: str) -> None:
        if prefix == self._prefix:
            return
        self._prefix = prefix
        for name in ("STATIC_URL", "MEDIA_URL"):
            vars(settings).pop(name, None)
        known: Any = storages
        known._storages.pop(STATICFILES_STORAGE_ALIAS, None)
        storage: Any = staticfiles_storage
        storage._wrapped = empty
