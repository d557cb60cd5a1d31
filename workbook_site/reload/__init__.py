"""Load a Django project in place, again and again, in the process that serves it.

Django is made to be set up once. `load` sets aside what the loaded project left in the process
(modules, models, settings, signal receivers, caches), imports it anew, and returns its ASGI
application. It is a transaction: when anything fails, what was set aside is put back, the version
that served before goes on serving, and a `ProjectError` carries the learner's own exception.
"""

from workbook_site.reload.caches import reconnect
from workbook_site.reload.error import ProjectError
from workbook_site.reload.load import (
    ASGIApplication,
    Message,
    Receive,
    Scope,
    Send,
    Stuck,
    load,
    loaded,
    make_way,
)

__all__ = [
    "ASGIApplication",
    "Message",
    "ProjectError",
    "Receive",
    "Scope",
    "Send",
    "Stuck",
    "load",
    "loaded",
    "make_way",
    "reconnect",
]
