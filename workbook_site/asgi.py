"""The workbook's own site as an ASGI application: `uvicorn workbook_site.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workbook_site.settings")
pages = get_asgi_application()

# Only now: they need the apps to be loaded.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from workbook_site.grading.page.live import sockets  # noqa: E402
from workbook_site.grading.page.warming import lifespan  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": sockets, "lifespan": lifespan})
